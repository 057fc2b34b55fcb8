"""Every lifetime of the table, written as it cannot be: negative, zero, absurd, a word, a template. None becomes a number.

What is a limit of a run, a rotation that something else states, or a date has its reason below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Credential
from agentreach.lowering import lower
from agentreach.lowering.catalogue import Attribute, lifetimes
from agentreach.model import ListValue, MapValue, Scalar, Unknown, Value
from lowering import one_attribute
from lowering.azure import test_catalogue_rows as azure
from lowering.google import test_catalogue_rows as google
from lowering.kubernetes import test_catalogue_rows as kubernetes
from lowering.kubernetes.cluster import resources
from lowering.saas import test_catalogue_rows as saas
from lowering.test_catalogue_rows import ROLE
from lowering.test_catalogue_rows import declared as declared_in_aws

if TYPE_CHECKING:
    from agentreach.model import Resource

TEMPLATE = "<template>"
BESIDE = {**google.BESIDE, **azure.BESIDE, **saas.BESIDE}
AWS_BESIDE = {"user_name": "u", "service_name": "bedrock.amazonaws.com", "RoleArns": ROLE, "role_arns": ROLE}

SILENT = {
    "a run's limit, kept by the service itself": (
        "aws_lambda_function.timeout",
        "AWS::Lambda::Function.Timeout",
        "AWS::Serverless::Function.Timeout",
        "aws_codebuild_project.build_timeout",
        "AWS::CodeBuild::Project.TimeoutInMinutes",
        "google_cloud_run_v2_service.template.timeout",
        "v1/Pod.spec.activeDeadlineSeconds",
        "agents.x-k8s.io/Sandbox.spec.shutdownTime",
    ),
    "how often a thing is rotated or read again: the thing says so, in its own test": (
        "aws_secretsmanager_secret_rotation.rotation_rules.automatically_after_days",
        "aws_secretsmanager_secret_rotation.rotation_rules.duration",
        "AWS::SecretsManager::RotationSchedule.RotationRules.AutomaticallyAfterDays",
        "AWS::SecretsManager::RotationSchedule.RotationRules.Duration",
        "aws_kms_key.rotation_period_in_days",
        "azurerm_kubernetes_cluster.key_vault_secrets_provider.secret_rotation_interval",
        "external-secrets.io/ExternalSecret.spec.refreshInterval",
        "google_secret_manager_secret.rotation.rotation_period",
        "secrets.hashicorp.com/VaultStaticSecret.spec.refreshAfter",
        "okta_app_oauth.refresh_token_rotation",
    ),
    "how long logs are kept": (
        "aws_cloudwatch_log_group.retention_in_days",
        "AWS::Logs::LogGroup.RetentionInDays",
        "google_logging_project_bucket_config.retention_days",
    ),
    "no time, or no credential for a resource": (
        "auth0_client.refresh_token.infinite_token_lifetime",
        "vault_approle_auth_backend_role.token_num_uses",
        "aws_cognito_user_pool_client.id_token_validity",
    ),
}
"""Rows that state no lifetime of a credential by themselves."""
DATES = ("rfc3339", "yyyy", "epoch")
DURATIONS = ("duration", "iso-8601", "nnnns", "dd.hh")
NEVER, DEFAULT = "never expires", "as if it were not written"
ZERO = {
    "aws_cognito_user_pool_client.access_token_validity": DEFAULT,
    "aws_cognito_user_pool_client.refresh_token_validity": DEFAULT,
    "AWS::Cognito::UserPoolClient.AccessTokenValidity": DEFAULT,
    "AWS::Cognito::UserPoolClient.RefreshTokenValidity": DEFAULT,
    "aws_bedrockagent_agent.memory_configuration.storage_days": "no memory",
    "AWS::Bedrock::Agent.MemoryConfiguration.StorageDays": "no memory",
    "databricks_obo_token.lifetime_seconds": NEVER,
    "databricks_token.lifetime_seconds": NEVER,
    "google_dialogflow_cx_security_settings.retention_window_days": DEFAULT,
    "kagent.dev/Agent.spec.declarative.memory.ttlDays": DEFAULT,
    "kagent.dev/SandboxAgent.spec.declarative.memory.ttlDays": DEFAULT,
    "keycloak_openid_client.client_session_max_lifespan": "that of the realm",
    "okta_auth_server_policy_rule.refresh_token_lifetime_minutes": NEVER,
}
"""What zero means where it is not refused (providers' documentation); in Vault it is no limit, which `vault` tests."""

ROWS = [
    row for row in lifetimes() if f"{row[0]}.{row[1].path}" not in {one for names in SILENT.values() for one in names}
]
COUNTED = [row for row in ROWS if not row[1].unit.lower().startswith(DATES) and "expires_at" not in row[1].path]


def named(row: tuple[str, Attribute]) -> str:
    return f"{row[0]}.{row[1].path}"


def is_duration(attribute: Attribute) -> bool:
    return any(word in attribute.unit.lower() for word in DURATIONS)


def written(type_: str, path: str, value: str | float) -> Resource:
    """A declaration with the attribute; a template stands for a value that only deployment knows."""
    name = f"{type_}.{path}"
    if type_.startswith(("aws_", "AWS::")):
        found = declared_in_aws(type_, path, value, AWS_BESIDE)
    elif "/" in type_ and not type_.startswith("Microsoft."):
        text, _ = kubernetes.declared(name, kubernetes.ROWS[name]._replace(value=str(value)))
        found = next(one for one in resources(text) if one.type == type_)
    else:
        found = one_attribute.declared(type_, path, value, BESIDE.get(name, {}))
    _fill(found.attributes)
    return found


def _fill(value: Value) -> Value:
    match value:
        case MapValue():
            for name, one in value.entries.items():
                value.entries[name] = _fill(one)
        case ListValue():
            return ListValue(tuple(map(_fill, value.items)), value.at)
        case Scalar(value=text) if text == TEMPLATE:
            return Unknown("variable 'hours' has no value", value.at)
    return value


def held(type_: str, path: str, value: str | float) -> list[Credential]:
    """The credentials that the attribute limits."""
    leaf = path.rpartition(".")[2].removesuffix("[]").replace("_", "").lower()
    found = lower([written(type_, path, value)])
    return [
        one
        for one in found
        if isinstance(one, Credential) and one.attribute.rpartition(".")[2].replace("_", "").lower() == leaf
    ]


def refused(found: list[Credential]) -> list[str]:
    """The reasons, where every lifetime is unknown for one."""
    return [one.ttl.reason if isinstance(one.ttl, Unknown) and not one.never_expires else "" for one in found]


@pytest.mark.parametrize("row", COUNTED, ids=named)
def test_a_negative_lifetime_is_unknown(row: tuple[str, Attribute]) -> None:
    reasons = refused(held(row[0], row[1].path, "-5h" if is_duration(row[1]) else -5))
    assert reasons
    assert all(reasons)


@pytest.mark.parametrize("row", COUNTED, ids=named)
def test_an_absurd_lifetime_is_unknown(row: tuple[str, Attribute]) -> None:
    reasons = refused(held(row[0], row[1].path, "9999999999h" if is_duration(row[1]) else 99_999_999_999_999))
    assert reasons
    assert all(reasons)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_word_is_no_lifetime(row: tuple[str, Attribute]) -> None:
    reasons = refused(held(row[0], row[1].path, "soon"))
    assert reasons
    assert all(reasons)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_template_leaves_the_lifetime_unknown_and_says_what_is_missing(row: tuple[str, Attribute]) -> None:
    reasons = refused(held(row[0], row[1].path, TEMPLATE))
    assert reasons
    if "/" not in row[0] or row[0].startswith("Microsoft."):
        assert set(reasons) == {"variable 'hours' has no value"}


@pytest.mark.parametrize("row", COUNTED, ids=named)
def test_zero_is_never_a_lifetime_of_no_time(row: tuple[str, Attribute]) -> None:
    type_, attribute = row
    found = held(type_, attribute.path, "0s" if is_duration(attribute) else 0)
    assert [one for one in found if one.ttl == 0.0] == []
    meant = ZERO.get(named(row), "unlimited" if type_.startswith("vault_") else "refused")
    if meant == "refused":
        assert found
        assert all(refused(found))
    elif meant == NEVER:
        assert all(one.never_expires for one in found)


def test_reasons_are_about_rows_of_the_table() -> None:
    known = {named(row) for row in lifetimes()}
    assert {one for names in SILENT.values() for one in names} | set(ZERO) <= known
