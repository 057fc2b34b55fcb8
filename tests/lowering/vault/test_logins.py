from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Credential, Hidden, RoleAssignment, RoleDefinition
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path


def test_a_policy_text_is_read_stanza_by_stanza_where_it_is_written(tmp_path: Path) -> None:
    text = (
        'variable "team" {}\nresource "vault_policy" "p" {\n  name = "agent"\n  policy = <<-EOT\n'
        '    # path "secret/old" { capabilities = ["sudo"] }\n    path "secret/data/${var.team}/crm" {\n'
        '      capabilities = ["read", "list"]\n    }\n'
        '    path "secret/data/denied" { capabilities = ["deny"] }\n  EOT\n}\n'
    )
    (policy,) = only(from_terraform(tmp_path, text), RoleDefinition)
    assert [(plain(one), line(one.at)) for one in policy.actions] == [
        ("read secret/data/…/crm", 6),
        ("list secret/data/…/crm", 6),
    ]


def test_a_policy_only_known_at_deploy_time_says_so(tmp_path: Path) -> None:
    text = 'variable "p" {}\nresource "vault_policy" "p" {\n  name = "agent"\n  policy = var.p\n}\n'
    (hidden,) = only(from_terraform(tmp_path, text), Hidden)
    assert (hidden.attribute, line(hidden.at)) == ("policy", 4)


@pytest.mark.parametrize("text", ['path "', 'path "x" {', "{" * 500, 'path "x" { capabilities = "read" }', ""])
def test_a_broken_policy_allows_nothing_and_breaks_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.hcl").write_text(text, encoding="utf-8")
    body = 'resource "vault_policy" "p" {\n  name = "p"\n  policy = file("policy.hcl")\n}\n'
    (policy,) = only(from_terraform(tmp_path, body), RoleDefinition)
    assert policy.actions == ()


def test_accounts_of_a_cluster_hold_the_policies_and_keep_the_tokens(tmp_path: Path) -> None:
    text = (
        'resource "vault_kubernetes_auth_backend_role" "k" {\n  role_name = "k"\n'
        '  bound_service_account_names = ["bot", "web"]\n  bound_service_account_namespaces = ["agents"]\n'
        '  token_policies = ["default", "crm"]\n  token_max_ttl = 7200\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    held = [(plain(one.member), plain(one.role), line(one.at)) for one in only(facts, RoleAssignment)]
    assert held == [("agents:bot", "crm", 5), ("agents:web", "crm", 5)]
    assert [(plain(one.owner), one.ttl) for one in only(facts, Credential)] == [
        ("agents:bot", 7200.0),
        ("agents:web", 7200.0),
    ]


def test_any_account_of_any_namespace_is_nobody_in_particular(tmp_path: Path) -> None:
    text = (
        'resource "vault_kubernetes_auth_backend_role" "k" {\n  role_name = "k"\n'
        '  bound_service_account_names = ["*"]\n'
        '  bound_service_account_namespaces = ["*"]\n  token_policies = ["crm"]\n}\n'
    )
    assert not only(from_terraform(tmp_path, text), RoleAssignment)


def test_a_secret_id_lives_as_long_as_its_role_says(tmp_path: Path) -> None:
    def made(ttl: str) -> tuple[object, bool]:
        text = (
            f'resource "vault_approle_auth_backend_role" "r" {{\n  role_name = "r"\n{ttl}\n}}\n'
            'resource "vault_approle_auth_backend_role_secret_id" "s" {\n'
            "  role_name = vault_approle_auth_backend_role.r.role_name\n}\n"
        )
        found = only(from_terraform(tmp_path, text), Credential)
        (one,) = [one for one in found if plain(one.key) == "s"]
        return one.ttl, one.never_expires

    assert made("secret_id_ttl = 600") == (600.0, False)
    assert made("secret_id_ttl = 0") == (None, True)
    assert made("") == (None, True)
