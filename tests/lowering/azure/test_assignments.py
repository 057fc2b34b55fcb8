from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import (
    Agent,
    Aspect,
    Credential,
    Gate,
    Hidden,
    IdentityUse,
    Policy,
    Principal,
    RoleAssignment,
    RoleDefinition,
    Setting,
)
from agentreach.lowering.durations import HOUR, YEAR
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

BASE = (
    'data "azurerm_subscription" "s" {}\nresource "azurerm_resource_group" "g" { name = "rg" }\n'
    'resource "azurerm_user_assigned_identity" "i" {\n  name = "i"\n'
    "  resource_group_name = azurerm_resource_group.g.name\n}\n"
    'data "azurerm_role_definition" "c" { name = "Contributor" }\n'
)


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("azurerm_resource_group.g.id", "<g>"),
        ("data.azurerm_subscription.s.id", "/subscriptions/<any>"),
        ('"/subscriptions/7/resourceGroups/x"', "/subscriptions/7/resourceGroups/x"),
        ('"${azurerm_resource_group.g.id}/providers/X/y/z"', "/subscriptions/<any>/resourceGroups/rg/providers/X/y/z"),
        (
            '"/subscriptions/${data.azurerm_subscription.s.subscription_id}/resourceGroups/x"',
            "/subscriptions/<any>/resourceGroups/x",
        ),
    ],
)
@pytest.mark.parametrize(
    "role",
    [
        'role_definition_name = "Contributor"',
        "role_definition_id = data.azurerm_role_definition.c.id",
        'role_definition_id = "${data.azurerm_subscription.s.id}${data.azurerm_role_definition.c.id}"',
    ],
)
def test_an_assignment_by_name_or_id_on_any_scope(tmp_path: Path, scope: str, said: str, role: str) -> None:
    text = (
        f'{BASE}resource "azurerm_role_assignment" "a" {{\n  scope = {scope}\n  {role}\n'
        "  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    (one,) = only(from_terraform(tmp_path, text), RoleAssignment)
    assert (plain(one.member), plain(one.role), plain(one.scope), line(one.at)) == ("<i>", "Contributor", said, 10)


def test_a_role_only_known_at_deploy_time_hides_what_its_holder_may_do(tmp_path: Path) -> None:
    text = (
        f'{BASE}variable "r" {{}}\nresource "azurerm_role_assignment" "a" {{\n  scope = azurerm_resource_group.g.id\n'
        "  role_definition_name = var.r\n  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    (hidden,) = only(from_terraform(tmp_path, text), Hidden)
    assert (plain(hidden.subject), hidden.attribute, line(hidden.at)) == ("i", "role", 11)


def test_a_custom_role_keeps_what_it_takes_away(tmp_path: Path) -> None:
    text = (
        'resource "azurerm_role_definition" "r" {\n  name = "r"\n  permissions {\n    actions = ["*"]\n'
        '    not_actions = ["Microsoft.Authorization/*/Write"]\n    data_actions = ["Microsoft.KeyVault/vaults/*"]\n'
        "  }\n}\n"
    )
    (role,) = only(from_terraform(tmp_path, text), RoleDefinition)
    assert (plain(role.actions), plain(role.not_actions), plain(role.data_actions)) == (
        ("*",),
        ("Microsoft.Authorization/*/Write",),
        ("Microsoft.KeyVault/vaults/*",),
    )


def test_access_policies_of_a_vault_are_roles_on_it(tmp_path: Path) -> None:
    text = (
        f'{BASE}resource "azurerm_key_vault" "v" {{\n  name = "v"\n  access_policy {{\n'
        "    object_id = azurerm_user_assigned_identity.i.principal_id\n"
        '    secret_permissions = ["Get", "All"]\n  }\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    (held,), (role,) = only(facts, RoleAssignment), only(facts, RoleDefinition)
    assert (plain(held.member), plain(held.scope), line(held.at)) == ("<i>", "<v>", 11)
    assert plain(role.data_actions) == (
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "Microsoft.KeyVault/vaults/secrets/*",
    )


@pytest.mark.parametrize(
    ("policy", "approved", "seconds"),
    [
        ("", None, 8 * HOUR),
        ('activation_rules {\n maximum_duration = "PT2H"\n require_approval = true\n}', True, 2 * HOUR),
        ('activation_rules {\n maximum_duration = "PT2H"\n require_approval = false\n}', False, 2 * HOUR),
    ],
)
def test_the_policy_of_a_role_says_who_agrees_and_for_how_long(
    tmp_path: Path, policy: str, seconds: float, *, approved: bool | None
) -> None:
    same = "  scope = azurerm_resource_group.g.id\n  role_definition_id = data.azurerm_role_definition.c.id\n"
    managed = f'resource "azurerm_role_management_policy" "m" {{\n{same}{policy}\n}}\n' if policy else ""
    text = (
        f'{BASE}{managed}resource "azurerm_pim_eligible_role_assignment" "e" {{\n{same}'
        "  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    (held,) = only(facts, RoleAssignment)
    assert (held.eligible, held.approved) == (True, approved)
    (session,) = [one for one in only(facts, Credential) if plain(one.key) == "e"]
    assert (session.ttl, session.thresholds) == (seconds, "elevated")


def test_an_active_assignment_without_an_end_is_permanent(tmp_path: Path) -> None:
    text = (
        f'{BASE}resource "azurerm_pim_active_role_assignment" "p" {{\n  scope = azurerm_resource_group.g.id\n'
        "  role_definition_id = data.azurerm_role_definition.c.id\n"
        "  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    (held,), (session,) = only(facts, RoleAssignment), only(facts, Credential)
    assert (held.eligible, session.never_expires) == (False, True)


def test_a_system_assigned_identity_is_what_its_principal_id_means(tmp_path: Path) -> None:
    text = (
        'resource "azurerm_linux_function_app" "f" {\n  name = "f"\n  identity {\n'
        '    type = "SystemAssigned, UserAssigned"\n    identity_ids = ["/x/i"]\n  }\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    (own,) = only(facts, Principal)
    assert (own.key.address, own.kind) == ("azurerm_linux_function_app.f.identity", "system-identity")
    assert [plain(one.identity) for one in only(facts, IdentityUse)] == ["/x/i", "<f>"]


def test_a_service_principal_is_its_application(tmp_path: Path) -> None:
    text = (
        'resource "azuread_application" "a" { display_name = "desk" }\n'
        'resource "azuread_service_principal" "s" { client_id = azuread_application.a.client_id }\n'
        'resource "azuread_service_principal_password" "p" { service_principal_id = azuread_service_principal.s.id }\n'
    )
    facts = from_terraform(tmp_path, text)
    assert [plain(one.key) for one in only(facts, Principal)] == ["a"]
    (secret,) = only(facts, Credential)
    assert (plain(secret.owner), secret.ttl, secret.defaulted, secret.thresholds) == ("a", 2 * YEAR, True, "app-secret")


def test_a_federated_credential_pins_subject_and_audience(tmp_path: Path) -> None:
    text = (
        f'{BASE}resource "azurerm_federated_identity_credential" "f" {{\n'
        "  parent_id = azurerm_user_assigned_identity.i.id\n"
        '  issuer = "https://token.actions.githubusercontent.com"\n'
        '  subject = "repo:acme/agents:ref:refs/heads/main"\n}\n'
    )
    (policy,) = only(from_terraform(tmp_path, text), Policy)
    said = [(one.operator, one.key.rpartition(":")[2], plain(one.values)) for one in policy.statements[0].conditions]
    assert said == [
        ("StringEquals", "sub", ("repo:acme/agents:ref:refs/heads/main",)),
        ("StringEquals", "aud", ("api://AzureADTokenExchange",)),
    ]


SRE = (
    'resource "azapi_resource" "a" {{\n  type = "Microsoft.App/agents@2025-05-01-preview"\n  name = "ops"\n'
    "  body = {}\n}}\n"
)


@pytest.mark.parametrize("body", ["{ properties = %s }", "jsonencode({ properties = %s })"])
@pytest.mark.parametrize(
    ("mode", "gate", "alone"),
    [("Review", [True], []), ("ReadOnly", [True], []), ("Autonomous", [], [True])],
)
def test_the_mode_of_an_operations_agent_is_a_gate_or_none(
    tmp_path: Path, body: str, mode: str, gate: list[bool], alone: list[bool]
) -> None:
    properties = f'{{ actionConfiguration = {{ mode = "{mode}" }} }}'
    facts = from_terraform(tmp_path, SRE.format(body % properties))
    assert [one.kind for one in only(facts, Agent)] == ["sre-agent"]
    assert [one.fails_closed for one in only(facts, Gate)] == gate
    assert [one.state for one in only(facts, Setting) if one.aspect is Aspect.UNATTENDED] == alone


@pytest.mark.parametrize(
    ("kind", "managed", "hosts"),
    [("AIServices", "true", True), ("AIServices", "false", True), ("OpenAI", "false", False), ("OpenAI", "true", True)],
)
def test_an_account_that_serves_models_alone_hosts_no_agents(
    tmp_path: Path, kind: str, managed: str, *, hosts: bool
) -> None:
    text = (
        f'resource "azurerm_cognitive_account" "a" {{\n  name = "a"\n  kind = "{kind}"\n'
        f"  project_management_enabled = {managed}\n  local_auth_enabled = false\n}}\n"
    )
    facts = from_terraform(tmp_path, text)
    assert (bool(only(facts, Agent)), bool(only(facts, Credential))) == (hosts, False)


@pytest.mark.parametrize(
    ("ingress", "state"),
    [
        ("external_enabled = true", [True]),
        ('external_enabled = true\n client_certificate_mode = "require"', [False]),
        ('external_enabled = true\n ip_security_restriction {\n  action = "Allow"\n }', [False]),
        ("external_enabled = false", []),
    ],
)
def test_a_public_container_app_is_open_unless_something_asks_who_calls(
    tmp_path: Path, ingress: str, state: list[bool]
) -> None:
    text = f'resource "azurerm_container_app" "c" {{\n  name = "c"\n  ingress {{\n{ingress}\n  }}\n}}\n'
    found = [one for one in only(from_terraform(tmp_path, text), Setting) if one.aspect is Aspect.ANONYMOUS_INBOUND]
    assert [one.state for one in found] == state
