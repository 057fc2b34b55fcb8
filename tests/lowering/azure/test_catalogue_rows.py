"""Every row of the catalogue about Azure: a minimal declaration of the attribute states what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Credential,
    Fact,
    Gate,
    IdentityUse,
    Policy,
    Principal,
    RoleAssignment,
    SecretUse,
    Setting,
    Workload,
)
from agentreach.lowering import wanted
from agentreach.lowering.catalogue import entries
from agentreach.lowering.durations import DAY, HOUR
from lowering.one_attribute import Row, described, facts, rows_of, says

if TYPE_CHECKING:
    from lowering.one_attribute import Plain

IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
LITERAL = "Zx81-kP3q-9vTq-77aa"
VAULT = "https://kv.vault.azure.net/secrets/crm"
PREFIXES = ("azurerm_", "azuread_", "Microsoft.")
SRE = "Microsoft.App/agents"
POOL = "Microsoft.App/sessionPools"
ACCOUNT = "Microsoft.CognitiveServices/accounts"
PROJECT = f"{ACCOUNT}/projects"
PUBLISHED = f"{PROJECT}/applications"
DEPLOYED = f"{PUBLISHED}/agentDeployments"
LIFECYCLE = "properties.dynamicPoolConfiguration.lifecycleConfiguration"
PAST = "2000-01-01T00:00:00Z"


def named_identity(note: str | None = None) -> Row:
    says_ = {"identity": IDENTITY, "relation": "runs-as"}
    return Row(IDENTITY, IdentityUse, says_ if note is None else {**says_, "note": note})


def own_identity() -> Row:
    return Row("SystemAssigned", Principal, {"kind": "system-identity"})


def setting(value: Plain, aspect: Aspect, *, state: bool | None) -> Row:
    return Row(value, Setting, {"aspect": aspect, "state": state})


def literal(variable: str, via: str = "environment") -> Row:
    return Row(LITERAL, SecretUse, {"variable": variable, "literal": True, "via": via})


def lives(value: Plain, seconds: float | None, **fields: object) -> Row:
    return Row(value, Credential, {"ttl": seconds, **fields})


def assigned(path: str, value: str, at: int = 2) -> Row:
    return Row(value, RoleAssignment, {path: value}, at=at)


ROWS: dict[str, Row] = {
    f"{SRE}.properties.actionConfiguration.mode": setting("Autonomous", Aspect.UNATTENDED, state=True),
    f"{SRE}.properties.incidentManagementConfiguration.connectionKey": lives(
        LITERAL, None, kind="api-key", never_expires=True
    ),
    f"{SRE}.properties.actionConfiguration.identity": named_identity("acts on resources as"),
    f"{SRE}.identity.type": own_identity(),
    f"{SRE}.properties.logConfiguration.applicationInsightsConfiguration.appId": setting(
        "app", Aspect.AUDIT_LOG, state=True
    ),
    f"{SRE}.properties.actionConfiguration.accessLevel": Row(
        "High", RoleAssignment, {"role": "Contributor", "certain": False, "scope": "/subscriptions/s"}
    ),
    f"{SRE}.properties.knowledgeGraphConfiguration.managedResources[]": Row(
        "/subscriptions/s", RoleAssignment, {"role": "Reader", "scope": "/subscriptions/s"}, at=4
    ),
    f"{POOL}.properties.secrets[].value": Row(LITERAL, Credential, {"literal": True}),
    f"{POOL}.properties.managedIdentitySettings[].identity": named_identity("sessions act as"),
    f"{POOL}.properties.sessionNetworkConfiguration.status": setting(
        "EgressEnabled", Aspect.UNRESTRICTED_EGRESS, state=True
    ),
    f"{POOL}.{LIFECYCLE}.cooldownPeriodInSeconds": lives(300, 300.0, thresholds="idle-session"),
    f"{POOL}.{LIFECYCLE}.maxAlivePeriodInSeconds": lives(3600, HOUR, thresholds="maximum-session"),
    f"{ACCOUNT}.identity.type": own_identity(),
    f"{ACCOUNT}.properties.disableLocalAuth": lives(
        value=False, seconds=None, kind="account-key", never_expires=True, defaulted=False
    ),
    f"{ACCOUNT}.properties.publicNetworkAccess": setting("Enabled", Aspect.PUBLIC_NETWORK, state=True),
    f"{ACCOUNT}.properties.networkInjections[].subnetArmId": setting("s", Aspect.UNRESTRICTED_EGRESS, state=False),
    f"{ACCOUNT}.properties.restrictOutboundNetworkAccess": setting(
        value=True, aspect=Aspect.UNRESTRICTED_EGRESS, state=False
    ),
    f"{ACCOUNT}/managedNetworks/outboundRules.properties.destination": setting(
        "*", Aspect.UNRESTRICTED_EGRESS, state=True
    ),
    f"{PROJECT}.identity.type": own_identity(),
    f"{PUBLISHED}.properties.agentIdentityBlueprint.kind": Row("AgentBlueprint", Principal, {"kind": "agent-identity"}),
    f"{PUBLISHED}.properties.defaultInstanceIdentity.principalId": Row(
        "principal", IdentityUse, {"identity": "principal", "note": "identity of its instances"}
    ),
    f"{PUBLISHED}.properties.authorizationPolicy.type": setting("Channels", Aspect.ANONYMOUS_INBOUND, state=False),
    f"{PUBLISHED}.properties.agents[].agentName": Row("ops", AgentLink, {"other": "ops", "relation": "alias"}),
    f"{PROJECT}/capabilityHosts.properties.threadStorageConnections[]": Row(
        "cosmos", AgentLink, {"agent": "accounts/a", "relation": "uses-memory"}
    ),
    f"{PROJECT}/capabilityHosts.properties.vectorStoreConnections[]": Row(
        "search", AgentLink, {"relation": "uses-knowledge-base"}
    ),
    f"{PROJECT}/capabilityHosts.properties.storageConnections[]": Row("blob", AgentLink, {"relation": "uses-memory"}),
    f"{PROJECT}/connections.properties.credentials.key": lives(LITERAL, None, kind="api-key", never_expires=True),
    f"{PROJECT}/connections.properties.authType": lives("ApiKey", None, kind="api-key", never_expires=True),
    f"{PROJECT}/connections.properties.expiryTime": lives(PAST, 0.0, kind="api-key", never_expires=False),
    f"{PROJECT}/connections.properties.isSharedToAll": Row(
        value=True, kind=Credential, says={"note": "shared with every project"}, at=3
    ),
    f"{PROJECT}/connections.properties.target": Row("https://crm", Credential, {"note": "for https://crm"}, at=3),
    "azuread_app_role_assignment.app_role_id": assigned("role", "Mail.Read"),
    "azuread_app_role_assignment.principal_object_id": assigned("member", "principal", at=3),
    "azuread_application_certificate.end_date_relative": lives("8760h", 365 * DAY, kind="certificate"),
    "azuread_application_federated_identity_credential.subject": Row("repo:a/b:ref:refs/heads/main", Policy, {}),
    "azuread_application_federated_identity_credential.issuer": Row("https://i", Policy, {"role": "trust"}, at=4),
    "azuread_application_federated_identity_credential.audiences": Row("api://x", Policy, {"role": "trust"}, at=4),
    "azuread_application_flexible_federated_identity_credential.claims_matching_expression": Row(
        "claims['sub'] matches 'repo:a/b:*'", Policy, {"role": "trust"}
    ),
    "azuread_application_flexible_federated_identity_credential.issuer": Row("https://i", Policy, {}, at=4),
    "azuread_application_flexible_federated_identity_credential.audience": Row("api://x", Policy, {}, at=4),
    "azuread_application_password.rotate_when_changed.month": Row("june", Credential, {"rotated": False}, at=1),
    "azuread_application_password.end_date": lives(PAST, 0.0, kind="client-secret"),
    "azuread_application_password.end_date_relative": lives("2160h", 90 * DAY, thresholds="app-secret"),
    "azuread_service_principal_password.rotate_when_changed.month": Row("june", Credential, {"rotated": False}, at=1),
    "azuread_service_principal_password.end_date": lives(PAST, 0.0, kind="client-secret"),
    "azuread_service_principal_password.end_date_relative": lives("2160h", 90 * DAY, thresholds="app-secret"),
    "azurerm_ai_foundry.identity.type": own_identity(),
    "azurerm_ai_foundry.primary_user_assigned_identity": named_identity(),
    "azurerm_ai_foundry.application_insights_id": setting("id", Aspect.AUDIT_LOG, state=True),
    "azurerm_ai_foundry.public_network_access": setting("Enabled", Aspect.PUBLIC_NETWORK, state=True),
    "azurerm_ai_foundry.managed_network.isolation_mode": setting(
        "AllowInternetOutbound", Aspect.UNRESTRICTED_EGRESS, state=True
    ),
    "azurerm_ai_foundry_project.identity.type": own_identity(),
    "azurerm_bot_service_azure_bot.microsoft_app_msi_id": named_identity("identity of the bot"),
    "azurerm_bot_service_azure_bot.local_authentication_enabled": lives(
        value=True, seconds=None, kind="account-key", never_expires=True
    ),
    "azurerm_cognitive_account.identity.type": own_identity(),
    "azurerm_cognitive_account.local_auth_enabled": lives(
        value=True, seconds=None, kind="account-key", never_expires=True, defaulted=False
    ),
    "azurerm_cognitive_account.public_network_access_enabled": setting(
        value=False, aspect=Aspect.PUBLIC_NETWORK, state=False
    ),
    "azurerm_cognitive_account.network_acls.default_action": setting("Deny", Aspect.PUBLIC_NETWORK, state=False),
    "azurerm_cognitive_account.outbound_network_access_restricted": setting(
        value=True, aspect=Aspect.UNRESTRICTED_EGRESS, state=False
    ),
    "azurerm_cognitive_account.network_injection.subnet_id": setting("s", Aspect.UNRESTRICTED_EGRESS, state=False),
    "azurerm_cognitive_account.project_management_enabled": Row(
        value=True, kind=Agent, says={"kind": "foundry-account", "role": "host"}, at=1
    ),
    "azurerm_cognitive_account_connection_api_key.api_key": lives(LITERAL, None, kind="api-key", never_expires=True),
    "azurerm_cognitive_account_connection_api_key.target": Row(
        "https://crm", Credential, {"note": "for https://crm"}, 3
    ),
    "azurerm_cognitive_account_connection_custom_keys.custom_keys.token": literal("token"),
    "azurerm_cognitive_account_connection_custom_keys.target": Row(
        "https://x", Credential, {"note": "for https://x"}, 3
    ),
    "azurerm_cognitive_account_connection_custom_keys.category": Row(
        "RemoteTool", Credential, {"note": "for RemoteTool"}, 3
    ),
    "azurerm_cognitive_account_project.identity.type": own_identity(),
    "azurerm_container_app.secret.value": literal("API_KEY"),
    "azurerm_container_app.template.container.env.value": literal("API_KEY"),
    "azurerm_container_app.secret.key_vault_secret_id": Row(
        VAULT, SecretUse, {"secret": VAULT, "variable": "API_KEY", "literal": False}, at=5
    ),
    "azurerm_container_app.template.container.env.secret_name": Row("crm", SecretUse, {"secret": "crm"}),
    "azurerm_container_app.identity.identity_ids[]": named_identity(),
    "azurerm_container_app.ingress.external_enabled": setting(value=True, aspect=Aspect.PUBLIC_NETWORK, state=True),
    "azurerm_container_group.container.environment_variables.API_KEY": literal("API_KEY"),
    "azurerm_container_group.container.secure_environment_variables.PIN": literal("PIN"),
    "azurerm_container_group.identity.identity_ids[]": named_identity(),
    "azurerm_container_group.ip_address_type": setting("None", Aspect.PUBLIC_NETWORK, state=False),
    "azurerm_container_registry_token_password.password1.expiry": lives(PAST, 0.0, kind="password"),
    "azurerm_federated_identity_credential.subject": Row("system:serviceaccount:a:b", Policy, {"role": "trust"}),
    "azurerm_federated_identity_credential.issuer": Row("https://i", Policy, {}, at=4),
    "azurerm_federated_identity_credential.audience": Row("api://x", Policy, {}, at=4),
    "azurerm_federated_identity_credential.user_assigned_identity_id": Row(
        IDENTITY, Policy, {"subject": IDENTITY}, at=3
    ),
    "azurerm_key_vault_secret.value": Row(LITERAL, Credential, {"literal": True, "stored_in": "state"}),
    "azurerm_key_vault_secret.expiration_date": lives(PAST, 0.0, kind="secret", never_expires=False),
    "azurerm_kubernetes_cluster.oidc_issuer_enabled": setting(value=True, aspect=Aspect.HOST_ACCESS, state=True),
    "azurerm_kubernetes_cluster.workload_identity_enabled": setting(value=False, aspect=Aspect.HOST_ACCESS, state=True),
    "azurerm_kubernetes_cluster.kubelet_identity.user_assigned_identity_id": named_identity("identity of the nodes"),
    **{
        f"azurerm_linux_{kind}.{path}": row
        for kind in ("function_app", "web_app")
        for path, row in {
            "app_settings.API_KEY": literal("API_KEY"),
            "identity.type": own_identity(),
            "auth_settings_v2.require_authentication": setting(
                value=False, aspect=Aspect.ANONYMOUS_INBOUND, state=True
            ),
            "public_network_access_enabled": setting(value=True, aspect=Aspect.PUBLIC_NETWORK, state=True),
        }.items()
    },
    "azurerm_linux_function_app.site_config.ip_restriction.ip_address": setting(
        "10.0.0.0/8", Aspect.PUBLIC_NETWORK, state=False
    ),
    "azurerm_logic_app_workflow.workflow_parameters.apiKey": literal("apiKey", "parameter"),
    "azurerm_logic_app_workflow.identity.type": own_identity(),
    "azurerm_logic_app_workflow.access_control.trigger.allowed_caller_ip_address_range[]": setting(
        "0.0.0.0/0", Aspect.PUBLIC_NETWORK, state=True
    ),
    "azurerm_machine_learning_workspace.identity.type": own_identity(),
    "azurerm_machine_learning_workspace.primary_user_assigned_identity": named_identity(),
    "azurerm_machine_learning_workspace.public_network_access_enabled": setting(
        value=True, aspect=Aspect.PUBLIC_NETWORK, state=True
    ),
    "azurerm_machine_learning_workspace.managed_network.isolation_mode": setting(
        "AllowOnlyApprovedOutbound", Aspect.UNRESTRICTED_EGRESS, state=False
    ),
    "azurerm_pim_active_role_assignment.schedule.expiration.duration_hours": lives(8, 8 * HOUR, thresholds="elevated"),
    "azurerm_pim_active_role_assignment.schedule.expiration.duration_days": lives(2, 2 * DAY, thresholds="elevated"),
    "azurerm_role_assignment.role_definition_name": assigned("role", "Contributor"),
    "azurerm_role_assignment.role_definition_id": assigned("role", "b24988ac-6180-42a0-ab88-20f7382dd24c"),
    "azurerm_role_assignment.scope": assigned("scope", "/subscriptions/s", at=3),
    "azurerm_role_assignment.principal_id": assigned("member", "principal", at=3),
    "azurerm_role_assignment.condition": assigned("condition", "@Resource[x]", at=3),
    "azurerm_role_management_policy.activation_rules.require_approval": Row(
        value=True, kind=Credential, says={"renewable_without_human": False}, at=3
    ),
    "azurerm_role_management_policy.activation_rules.maximum_duration": lives("PT4H", 4 * HOUR, thresholds="elevated"),
    "azurerm_search_service.local_authentication_enabled": lives(
        value=True, seconds=None, kind="account-key", never_expires=True
    ),
    "azurerm_storage_account.sas_policy.expiration_period": lives("01.12:00:00", 36 * HOUR, kind="signed-link"),
    f"{ACCOUNT}/raiToolLabels.properties.toolConnectionName": Row(
        "crm", Gate, {"kind": "policy-engine", "fails_closed": None}
    ),
}

OF_MAPS = {
    f"{SRE}.properties.knowledgeGraphConfiguration.managedResources": (
        f"{SRE}.properties.knowledgeGraphConfiguration.managedResources[]"
    ),
    **{
        f"{PROJECT}/capabilityHosts.properties.{name}": f"{PROJECT}/capabilityHosts.properties.{name}[]"
        for name in ("threadStorageConnections", "vectorStoreConnections", "storageConnections")
    },
    "azuread_application_password.rotate_when_changed": "azuread_application_password.rotate_when_changed.month",
    "azuread_service_principal_password.rotate_when_changed": (
        "azuread_service_principal_password.rotate_when_changed.month"
    ),
    "azurerm_cognitive_account_connection_custom_keys.custom_keys": (
        "azurerm_cognitive_account_connection_custom_keys.custom_keys.token"
    ),
    "azurerm_container_app.identity.identity_ids": "azurerm_container_app.identity.identity_ids[]",
    "azurerm_container_group.identity.identity_ids": "azurerm_container_group.identity.identity_ids[]",
    "azurerm_container_group.container.environment_variables": (
        "azurerm_container_group.container.environment_variables.API_KEY"
    ),
    "azurerm_container_group.container.secure_environment_variables": (
        "azurerm_container_group.container.secure_environment_variables.PIN"
    ),
    "azurerm_linux_function_app.app_settings": "azurerm_linux_function_app.app_settings.API_KEY",
    "azurerm_linux_web_app.app_settings": "azurerm_linux_web_app.app_settings.API_KEY",
    "azurerm_linux_function_app.site_config.ip_restriction": (
        "azurerm_linux_function_app.site_config.ip_restriction.ip_address"
    ),
    "azurerm_logic_app_workflow.workflow_parameters": "azurerm_logic_app_workflow.workflow_parameters.apiKey",
    "azurerm_logic_app_workflow.access_control.trigger.allowed_caller_ip_address_range": (
        "azurerm_logic_app_workflow.access_control.trigger.allowed_caller_ip_address_range[]"
    ),
}
"""Rows about a list or map: the entry of it that the example writes."""

ELSEWHERE = {
    f"{SRE}.properties.agentIdentity.initialSponsorGroupId": "who answers for it, not whom it acts as",
    f"{ACCOUNT}.properties.allowedFqdnList": "only holds with restricted outbound access, which is stated",
    f"{ACCOUNT}.properties.storedCompletionsDisabled": "what the service keeps has no lifetime in the code",
    f"{DEPLOYED}.properties.protocols[].protocol": "how it is called, not by whom",
    f"{DEPLOYED}.properties.agents[].agentVersion": "stated about the application: in test_foundry",
    "azuread_app_role_assignment.resource_object_id": "the permission says what it is for",
    "azurerm_bot_service_azure_bot.microsoft_app_id": "an application, declared or not: it is no identity of the code",
    "azurerm_bot_service_azure_bot.microsoft_app_type": "says which of the other attributes counts",
    "azurerm_bot_service_azure_bot.public_network_access_enabled": "stated about what answers: in test_foundry",
    "azurerm_bot_service_azure_bot.endpoint": "stated about what answers: in test_foundry",
    "azurerm_cognitive_account.fqdns": "only holds with restricted outbound access, which is stated",
    "azurerm_cognitive_deployment.model.name": "a model, not a right",
    "azurerm_cognitive_deployment.model.version": "a model, not a right",
    "azurerm_cognitive_deployment.rai_policy_name": "stated about the account: in test_foundry",
    "azurerm_kubernetes_cluster.key_vault_secrets_provider.secret_rotation_interval": (
        "how often a mounted secret is read again: no lifetime, and nothing changes it"
    ),
    "azurerm_search_service.public_network_access_enabled": "data, not an agent or tool",
    "azurerm_user_assigned_identity.isolation_scope": "which regions may use it",
}

ASSIGNED: dict[str, Plain] = {"role_definition_name": "Reader", "principal_id": "principal"}
BESIDE: dict[str, dict[str, Plain]] = {
    f"{SRE}.properties.actionConfiguration.accessLevel": {
        "body.properties.actionConfiguration.identity": IDENTITY,
        "body.properties.knowledgeGraphConfiguration.managedResources": "/subscriptions/s",
    },
    f"{SRE}.properties.knowledgeGraphConfiguration.managedResources[]": {
        "body.properties.actionConfiguration.identity": IDENTITY,
        "body.properties.actionConfiguration.accessLevel": "Low",
    },
    **{
        name: {"parent_id": "accounts/a"}
        for name in ROWS
        if any(word in name for word in ("/capabilityHosts", "outboundRules", "raiToolLabels"))
    },
    f"{PROJECT}/connections.properties.isSharedToAll": {"body.properties.authType": "ApiKey"},
    f"{PROJECT}/connections.properties.target": {"body.properties.authType": "ApiKey"},
    f"{PROJECT}/connections.properties.expiryTime": {"body.properties.authType": "ApiKey"},
    "azuread_app_role_assignment.app_role_id": {"principal_object_id": "principal"},
    "azuread_app_role_assignment.principal_object_id": {"app_role_id": "Mail.Read"},
    **{
        name: {"application_id": "app", "service_principal_id": "sp"}
        if "service" in name
        else {"application_id": "app"}
        for name in ROWS
        if name.startswith(("azuread_application_", "azuread_service_principal_")) and "federated" not in name
    },
    **{
        name: {"application_id": "app", "subject": "x"}
        for name in ROWS
        if "federated" in name and name.endswith((".issuer", ".audiences", ".audience"))
    },
    **{
        name: {"application_id": "app"}
        for name in ROWS
        if "federated" in name and name.endswith(("subject", "expression"))
    },
    "azurerm_federated_identity_credential.subject": {"parent_id": IDENTITY},
    "azurerm_federated_identity_credential.issuer": {"parent_id": IDENTITY, "subject": "x"},
    "azurerm_federated_identity_credential.audience": {"parent_id": IDENTITY, "subject": "x"},
    "azurerm_federated_identity_credential.user_assigned_identity_id": {"subject": "x"},
    "azurerm_cognitive_account_connection_api_key.target": {"api_key": LITERAL},
    "azurerm_cognitive_account_connection_custom_keys.target": {"custom_keys.token": LITERAL},
    "azurerm_cognitive_account_connection_custom_keys.category": {"custom_keys.token": LITERAL},
    "azurerm_container_app.secret.value": {
        "secret.name": "crm",
        "template.container.env.name": "API_KEY",
        "template.container.env.secret_name": "crm",
    },
    "azurerm_container_app.secret.key_vault_secret_id": {
        "secret.name": "crm",
        "template.container.env.name": "API_KEY",
        "template.container.env.secret_name": "crm",
    },
    "azurerm_container_app.template.container.env.value": {"template.container.env.name": "API_KEY"},
    "azurerm_linux_function_app.site_config.ip_restriction.ip_address": {
        "site_config.ip_restriction_default_action": "Deny"
    },
    "azurerm_pim_active_role_assignment.schedule.expiration.duration_hours": ASSIGNED,
    "azurerm_pim_active_role_assignment.schedule.expiration.duration_days": ASSIGNED,
    "azurerm_role_assignment.role_definition_name": {"principal_id": "principal"},
    "azurerm_role_assignment.role_definition_id": {"principal_id": "principal"},
    "azurerm_role_assignment.scope": ASSIGNED,
    "azurerm_role_assignment.principal_id": {"role_definition_name": "Reader"},
    "azurerm_role_assignment.condition": ASSIGNED,
    "azurerm_role_management_policy.activation_rules.require_approval": {"activation_rules.maximum_duration": "PT1H"},
}


def split(name: str) -> tuple[str, str]:
    """The type, which has dots in it when it is Azure's own, and the path."""
    type_ = max((one for one in entries() if name.startswith(f"{one}.")), key=len)
    return type_, name.removeprefix(f"{type_}.")


@pytest.mark.parametrize("name", ROWS, ids=str)
def test_a_row_of_the_catalogue_is_stated(name: str) -> None:
    type_, path = split(name)
    found: tuple[Fact, ...] = facts(type_, path, ROWS[name].value, BESIDE.get(name, {}))
    assert says(found, ROWS[name]), described(found)


def test_every_row_of_the_catalogue_has_an_example_or_a_reason() -> None:
    written = {OF_MAPS.get(name, name) for name in rows_of(entries(), PREFIXES)}
    assert written == {*ROWS, *ELSEWHERE}


@pytest.mark.parametrize("type_", [entry.type for entry in entries().values() if entry.type.startswith("azure")])
def test_every_type_of_the_catalogue_is_read(type_: str) -> None:
    assert wanted(type_)


DECLARING = {"agent", "agent-host", "agent-sandbox"}
ONE_OF_MANY = {"azurerm_machine_learning_workspace": {"kind": "Hub"}}
"""Types of which only one kind hosts agents."""


@pytest.mark.parametrize(
    "type_", [one.type for one in entries().values() if one.type.startswith(PREFIXES) and one.kind in DECLARING]
)
def test_a_type_that_declares_an_agent_or_a_host_is_one(type_: str) -> None:
    if type_.endswith("capabilityHosts"):
        return
    beside = {"name": "row", **ONE_OF_MANY.get(type_, {})}
    (agent,) = [fact for fact in facts(type_, "name", "row", beside) if isinstance(fact, Agent)]
    assert (agent.platform, agent.name, agent.at.location.line) == ("azure", "row", 1)


def test_a_workspace_that_trains_and_scores_is_a_workload_like_any_other() -> None:
    found = facts("azurerm_machine_learning_workspace", "name", "row", {"name": "row"})
    assert [fact for fact in found if isinstance(fact, Agent)] == []
    assert [fact.kind for fact in found if isinstance(fact, Workload)] == ["ml-workspace"]


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("azurerm_ai_foundry_agent", "azurerm_ai_foundry_agent"),
        ("azurerm_cognitive_account_agent", "azurerm_cognitive_account_agent"),
        ("Microsoft.App/agents/connectors", "Microsoft.App/agents/connectors"),
        (
            "Microsoft.CognitiveServices/accounts/projects/toolboxes",
            "Microsoft.CognitiveServices/accounts/projects/toolboxes",
        ),
    ],
)
def test_an_agent_related_type_that_nobody_described_is_said_to_be_there(type_: str, said: str) -> None:
    (fact,) = facts(type_, "name", "row", {})
    assert (type(fact).__name__, getattr(fact, "type", "")) == ("Unmodelled", said)


def test_azure_resources_that_have_nothing_to_do_with_agents_are_not_read() -> None:
    assert not wanted("azurerm_virtual_network")
    assert facts("Microsoft.Network/virtualNetworks", "name", "row", {}) == ()
