"""Every row of the catalogue about code hosts, data platforms and identity providers, with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Agent, Aspect, Credential, Fact, Gate, RoleAssignment, SecretUse, Setting, Tool
from agentreach.lowering import wanted
from agentreach.lowering.catalogue import entries
from agentreach.lowering.durations import DAY, HOUR, MINUTE
from lowering.one_attribute import Row, described, facts, rows_of, says

if TYPE_CHECKING:
    from lowering.one_attribute import Plain

PREFIXES = ("github_", "gitlab_", "databricks_", "snowflake_", "okta_", "auth0_", "keycloak_")
LITERAL = "Zx81-kP3q-9vTq-77aa"
PAST = "2000-01-01"
SUPERVISOR_TOOL = "databricks_supervisor_agent_tool"
RULE = "okta_auth_server_policy_rule"
YAML = (
    "tools:\n  - tool_spec:\n      name: delete_row\n      type: generic\norchestration:\n  budget:\n    seconds: 30\n"
)


def lives(value: Plain, seconds: float | None, **fields: object) -> Row:
    return Row(value, Credential, {"ttl": seconds, **fields})


ROWS: dict[str, Row] = {
    "auth0_client.refresh_token.infinite_token_lifetime": lives(value=True, seconds=None, never_expires=True),
    "auth0_client.refresh_token.token_lifetime": lives(2_592_000, 30 * DAY, thresholds="refresh-token"),
    "auth0_client.refresh_token.idle_token_lifetime": lives(1_296_000, 15 * DAY, note="unless it is used before"),
    "auth0_client_credentials.private_key_jwt.credentials.expires_at": lives(
        f"{PAST}T00:00:00.000Z", 0.0, kind="certificate"
    ),
    "auth0_resource_server.token_lifetime": lives(7200, 2 * HOUR, kind="access-token"),
    "databricks_ai_gateway_mcp_service.config": Row(
        "x", Agent, {"kind": "databricks-mcp-service", "role": "tool"}, at=1
    ),
    "databricks_ai_gateway_mcp_service.include_tool_selectors": Row(
        "get_*", Setting, {"aspect": Aspect.TOOL_FILTER, "state": True}
    ),
    "databricks_ai_gateway_mcp_service.rate_limits": Row("x", Setting, {"aspect": Aspect.BOUNDED_RUN, "state": True}),
    "databricks_app.telemetry_export_destinations": Row("x", Setting, {"aspect": Aspect.AUDIT_LOG, "state": True}),
    "databricks_app.resources.secret.permission": Row("READ", RoleAssignment, {"role": "READ", "scope": "secret/crm"}),
    "databricks_app.user_api_scopes": Row("sql", Credential, {"kind": "oauth", "note": "on behalf of the user: sql"}),
    "databricks_custom_app_integration.token_access_policy.refresh_token_ttl_in_minutes": lives(
        10_080, 7 * DAY, thresholds="refresh-token"
    ),
    "databricks_obo_token.lifetime_seconds": lives(3600, HOUR, never_expires=False),
    "databricks_service_principal_secret.lifetime": lives("7776000s", 90 * DAY, kind="client-secret"),
    "databricks_supervisor_agent.instructions": Row("x", Agent, {"kind": "databricks-supervisor-agent"}, at=1),
    f"{SUPERVISOR_TOOL}.tool_type": Row("GENIE", Tool, {"executor": "genie"}, at=1),
    f"{SUPERVISOR_TOOL}.uc_function.name": Row(
        "main.crm.delete_row", Tool, {"executor": "function", "target": "main.crm.delete_row"}, at=1
    ),
    f"{SUPERVISOR_TOOL}.uc_connection.name": Row("crm", Tool, {"executor": "http", "target": "crm"}, at=1),
    f"{SUPERVISOR_TOOL}.genie_space.id": Row("space", Tool, {"executor": "genie", "target": "space"}, at=1),
    f"{SUPERVISOR_TOOL}.app.name": Row("app", Tool, {"executor": "app", "target": "app"}, at=1),
    "databricks_token.lifetime_seconds": lives(86_400, DAY, kind="personal-access-token"),
    "github_actions_secret.plaintext_value": Row(
        LITERAL, SecretUse, {"subject": "repo:agents", "variable": "TOKEN", "literal": True, "via": "pipeline"}
    ),
    "github_actions_secret.encrypted_value": lives("AQID", None, kind="secret", never_expires=True),
    "github_repository_deploy_key.key": lives("ssh-ed25519 AAAA", None, kind="deploy-key", never_expires=True),
    "github_repository_deploy_key.read_only": Row(
        value=False, kind=Credential, says={"note": "may push", "never_expires": True}
    ),
    "github_repository_environment.reviewers.users": Row(
        1, Gate, {"subject": "repo:agents:environment:prod", "kind": "approval", "fails_closed": True}
    ),
    "gitlab_deploy_key.expires_at": lives(f"{PAST}T00:00:00Z", 0.0, kind="deploy-key", never_expires=False),
    "gitlab_group_access_token.expires_at": lives(PAST, 0.0, kind="access-token"),
    "gitlab_group_service_account_access_token.expires_at": lives(PAST, 0.0, kind="service-account-token"),
    "gitlab_personal_access_token.expires_at": lives(PAST, 0.0, kind="personal-access-token"),
    "gitlab_project_access_token.expires_at": lives(PAST, 0.0, rotated=False),
    "gitlab_project_access_token.rotation_configuration.expiration_days": lives(
        30, 30 * DAY, rotated=None, renewable_without_human=True
    ),
    "gitlab_project_deploy_token.expires_at": lives(f"{PAST}T00:00:00Z", 0.0, kind="deploy-token"),
    "keycloak_openid_client.access_token_lifespan": lives("3600", HOUR, kind="access-token"),
    "keycloak_openid_client.client_session_max_lifespan": lives("36000", 10 * HOUR, kind="refresh-token"),
    "keycloak_realm.access_token_lifespan": lives("1h", HOUR, kind="access-token"),
    "keycloak_realm.offline_session_max_lifespan": lives("720h", 30 * DAY, kind="refresh-token"),
    "okta_app_oauth.refresh_token_rotation": Row("STATIC", Credential, {"rotated": False, "kind": "refresh-token"}),
    f"{RULE}.access_token_lifetime_minutes": lives(90, 90 * MINUTE, kind="access-token"),
    f"{RULE}.refresh_token_lifetime_minutes": lives(1440, DAY, kind="refresh-token"),
    f"{RULE}.refresh_token_window_minutes": lives(60, HOUR, note="unless it is used before"),
    "snowflake_api_integration_external_mcp_oauth2.oauth_refresh_token_validity": lives(
        86_400, DAY, kind="refresh-token", renewable_without_human=True
    ),
    "snowflake_authentication_policy.pat_policy.max_expiry_in_days": lives(30, 30 * DAY),
    "snowflake_cortex_agent.specification": Row(
        YAML, Tool, {"name": "delete_row", "executor": "generic", "confirmation": False}
    ),
    "snowflake_mcp_server.specification": Row(YAML, Tool, {"name": "delete_row"}),
    "snowflake_service_user.days_to_expiry": lives(30, 30 * DAY, kind="service-user"),
    "snowflake_user_programmatic_access_token.days_to_expiry": lives(30, 30 * DAY, kind="personal-access-token"),
}

OF_MAPS = {
    "databricks_app.resources": "databricks_app.resources.secret.permission",
    f"{SUPERVISOR_TOOL}.uc_function": f"{SUPERVISOR_TOOL}.uc_function.name",
    f"{SUPERVISOR_TOOL}.uc_connection": f"{SUPERVISOR_TOOL}.uc_connection.name",
    f"{SUPERVISOR_TOOL}.genie_space": f"{SUPERVISOR_TOOL}.genie_space.id",
    f"{SUPERVISOR_TOOL}.app": f"{SUPERVISOR_TOOL}.app.name",
    "github_repository_environment.reviewers": "github_repository_environment.reviewers.users",
}
"""Rows about a block: the attribute of it that the example writes."""

ELSEWHERE = {
    "databricks_app.service_principal_id": "made by the service: every app has one, in test_databricks",
    "github_repository_environment.wait_timer": "time alone asks nobody: in test_code_hosts",
    "github_repository_environment.prevent_self_review": "how the gate works: in test_code_hosts",
    "github_repository_environment.can_admins_bypass": "how the gate works: in test_code_hosts",
}

SECRET_OF: dict[str, Plain] = {"repository": "acme/agents", "secret_name": "TOKEN"}
BESIDE: dict[str, dict[str, Plain]] = {
    "databricks_app.resources.secret.permission": {"resources.secret.key": "crm"},
    "databricks_obo_token.lifetime_seconds": {"application_id": "app"},
    "databricks_service_principal_secret.lifetime": {"service_principal_id": "sp"},
    **{name: {"supervisor_agent_id": "agents/s"} for name in ROWS if name.startswith(SUPERVISOR_TOOL)},
    "github_actions_secret.plaintext_value": SECRET_OF,
    "github_actions_secret.encrypted_value": SECRET_OF,
    "github_repository_environment.reviewers.users": {"repository": "agents", "environment": "prod"},
    "keycloak_realm.offline_session_max_lifespan": {"offline_session_max_lifespan_enabled": True},
    "snowflake_user_programmatic_access_token.days_to_expiry": {"user": "BOT"},
}


@pytest.mark.parametrize("name", ROWS, ids=str)
def test_a_row_of_the_catalogue_is_stated(name: str) -> None:
    type_, _, path = name.partition(".")
    found: tuple[Fact, ...] = facts(type_, path, ROWS[name].value, BESIDE.get(name, {}))
    assert says(found, ROWS[name]), described(found)


def test_every_row_of_the_catalogue_has_an_example_or_a_reason() -> None:
    written = {OF_MAPS.get(name, name) for name in rows_of(entries(), PREFIXES)}
    assert written == {*ROWS, *ELSEWHERE}


@pytest.mark.parametrize("type_", [entry.type for entry in entries().values() if entry.type.startswith(PREFIXES)])
def test_every_type_of_the_catalogue_is_read(type_: str) -> None:
    assert wanted(type_)


@pytest.mark.parametrize(
    "type_",
    [one.type for one in entries().values() if one.type.startswith(PREFIXES) and one.kind in {"agent", "mcp-server"}],
)
def test_a_type_that_declares_an_agent_or_server_is_one(type_: str) -> None:
    (agent,) = [fact for fact in facts(type_, "name", "row", {}) if isinstance(fact, Agent)]
    assert (agent.platform, agent.name, agent.at.location.line) == (type_.partition("_")[0], "row", 1)


@pytest.mark.parametrize(
    "type_", ["databricks_agent_endpoint", "github_copilot_agent", "gitlab_duo_agent", "snowflake_mcp_x"]
)
def test_an_agent_related_type_that_nobody_described_is_said_to_be_there(type_: str) -> None:
    (fact,) = facts(type_, "name", "row", {})
    assert (type(fact).__name__, getattr(fact, "type", "")) == ("Unmodelled", type_)


NEVER = float("inf")
DEFAULTS: dict[str, dict[str, float]] = {
    "auth0_resource_server": {"access-token": DAY},
    "databricks_obo_token": {"personal-access-token": NEVER},
    "databricks_token": {"personal-access-token": NEVER},
    "databricks_service_principal_secret": {"client-secret": 730 * DAY},
    "github_repository_deploy_key": {"deploy-key": NEVER},
    "gitlab_deploy_key": {"deploy-key": NEVER},
    "gitlab_project_deploy_token": {"deploy-token": NEVER},
    "keycloak_realm": {"access-token": 5 * MINUTE, "refresh-token": NEVER},
    "okta_auth_server_policy_rule": {"access-token": HOUR},
    "snowflake_service_user": {"service-user": NEVER},
    "snowflake_user_programmatic_access_token": {"personal-access-token": 15 * DAY},
}


@pytest.mark.parametrize("type_", DEFAULTS)
def test_what_nobody_writes_is_the_default_of_the_documentation(type_: str) -> None:
    beside: dict[str, Plain] = {
        "databricks_service_principal_secret": {"service_principal_id": "sp"},
        "okta_auth_server_policy_rule": {"grant_type_whitelist[]": "client_credentials"},
        "snowflake_user_programmatic_access_token": {"user": "BOT"},
    }.get(type_, {})  # type: ignore[assignment]
    found = [fact for fact in facts(type_, "nothing", "row", beside) if isinstance(fact, Credential)]
    assert {one.kind: NEVER if one.never_expires else one.ttl for one in found} == DEFAULTS[type_]


def test_a_refresh_token_of_okta_has_no_end_at_zero() -> None:
    found = facts(RULE, "refresh_token_lifetime_minutes", 0, {})
    assert (None, True) in [
        (one.ttl, one.never_expires)
        for one in found
        if isinstance(one, Credential) and one.attribute == "refresh_token_lifetime_minutes"
    ]


def test_an_offline_session_has_no_end_when_its_longest_life_is_switched_off() -> None:
    found = facts(
        "keycloak_realm",
        "offline_session_max_lifespan_enabled",
        value=False,
        beside={"offline_session_max_lifespan": "720h"},
    )
    assert [
        (one.ttl, one.never_expires, one.at.location.line)
        for one in found
        if isinstance(one, Credential) and one.kind == "refresh-token"
    ] == [(None, True, 2)]
