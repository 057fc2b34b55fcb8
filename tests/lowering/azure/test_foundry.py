"""Tenants that a federated credential admits, content filters, and the keys that threads lie under."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Aspect, Policy, Setting
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

OWN, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
VAULT = f'resource "azurerm_key_vault" "v" {{ tenant_id = "{OWN}" }}\n'
ACCOUNT = 'resource "azurerm_cognitive_account" "a" {\n  name = "a"\n  kind = "AIServices"\n  MORE\n}\n'
MODEL = (
    'resource "azurerm_cognitive_deployment" "m" {\n  cognitive_account_id = azurerm_cognitive_account.a.id\n'
    "  rai_policy_name = NAME\n}\n"
)
FILTER = (
    'resource "azurerm_cognitive_account_rai_policy" "p" {\n  name = "desk"\n'
    '  content_filter {\n    name = "Hate"\n    FLAGS\n  }\n}\n'
)


def _trusted(tmp_path: Path, issuer: str, more: str = "") -> list[tuple[str, object]]:
    text = (
        'resource "azurerm_user_assigned_identity" "i" { name = "i" }\n'
        'resource "azurerm_federated_identity_credential" "f" {\n'
        f"  parent_id = azurerm_user_assigned_identity.i.id\n  issuer = {issuer}\n"
        '  subject = "s"\n  audience = ["api://AzureADTokenExchange"]\n}\n'
    )
    (policy,) = only(from_terraform(tmp_path, text + more), Policy)
    return [(one.kind, plain(one.value)) for one in policy.statements[0].principals]


@pytest.mark.parametrize("host", ["login.microsoftonline.com", "sts.windows.net"])
def test_a_token_of_another_tenant_admits_that_tenant(tmp_path: Path, host: str) -> None:
    issuer = f"{host}/{OTHER}/v2.0"
    found = _trusted(tmp_path, f'"https://{issuer}"', VAULT)
    assert found == [("Federated", issuer), ("Tenant", OTHER)]


@pytest.mark.parametrize(
    ("issuer", "more"),
    [
        (f'"https://login.microsoftonline.com/{OWN}/v2.0"', VAULT),
        ('"https://token.actions.githubusercontent.com"', ""),
        (f'"https://login.microsoftonline.com.example.org/{OTHER}/v2.0"', ""),
        (
            '"https://login.microsoftonline.com/${data.azurerm_client_config.c.tenant_id}/v2.0"',
            'data "azurerm_client_config" "c" {}\n',
        ),
    ],
)
def test_the_own_tenant_and_issuers_that_are_none_admit_no_tenant(tmp_path: Path, issuer: str, more: str) -> None:
    assert [kind for kind, _ in _trusted(tmp_path, issuer, more)] == ["Federated"]


def _settings(tmp_path: Path, text: str, aspect: Aspect) -> list[tuple[object, int, str]]:
    found = only(from_terraform(tmp_path, text), Setting)
    return [(one.state, line(one.at), one.note) for one in found if one.aspect is aspect]


@pytest.mark.parametrize("name", ['"desk"', "azurerm_cognitive_account_rai_policy.p.name"])
@pytest.mark.parametrize(
    ("flags", "state", "note"),
    [
        ("block_enabled = false", False, "content filter desk blocks nothing"),
        ("filter_enabled = false", False, "content filter desk blocks nothing"),
        ("block_enabled = true", True, "content filter desk"),
        ("block_enabled = var.blocks", True, "content filter desk"),
    ],
)
def test_a_policy_that_blocks_nothing_is_no_guardrail(
    tmp_path: Path, name: str, flags: str, state: object, note: str
) -> None:
    text = ACCOUNT.replace("MORE", "") + MODEL.replace("NAME", name) + FILTER.replace("FLAGS", flags)
    text += 'variable "blocks" { type = bool }\n'
    assert _settings(tmp_path, text, Aspect.GUARDRAIL) == [(state, 8, note)]


def test_one_filter_that_blocks_is_enough_and_a_policy_of_elsewhere_is_taken_to(tmp_path: Path) -> None:
    both = FILTER.replace("FLAGS\n  }", 'block_enabled = false\n  }\n  content_filter {\n    name = "Sexual"\n  }')
    text = ACCOUNT.replace("MORE", "") + MODEL.replace("NAME", '"desk"')
    assert [state for state, _, _ in _settings(tmp_path, text + both, Aspect.GUARDRAIL)] == [True]
    assert [state for state, _, _ in _settings(tmp_path, text, Aspect.GUARDRAIL)] == [True]


@pytest.mark.parametrize(
    ("more", "apart", "found"),
    [
        ("", "", (False, 1)),
        ('customer_managed_key { key_vault_key_id = "k" }', "", (True, 4)),
        (
            "",
            (
                'resource "azurerm_cognitive_account_customer_managed_key" "k" {\n'
                '  cognitive_account_id = azurerm_cognitive_account.a.id\n  key_vault_key_id = "k"\n}\n'
            ),
            (True, 6),
        ),
    ],
)
def test_threads_of_an_account_lie_under_a_key_of_its_own_or_not(
    tmp_path: Path, more: str, apart: str, found: tuple[bool, int]
) -> None:
    text = ACCOUNT.replace("MORE", more) + apart
    assert [one[:2] for one in _settings(tmp_path, text, Aspect.MEMORY_ENCRYPTION)] == [found]


def test_an_account_for_models_alone_keeps_no_threads(tmp_path: Path) -> None:
    text = ACCOUNT.replace("MORE", "").replace("AIServices", "OpenAI")
    assert _settings(tmp_path, text, Aspect.MEMORY_ENCRYPTION) == []
