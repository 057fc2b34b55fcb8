"""Every row of the catalogue about Google: a minimal declaration of the attribute states what it is about."""

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
    Principal,
    RoleAssignment,
    SecretUse,
    Setting,
    Tool,
)
from agentreach.lowering import wanted
from agentreach.lowering.catalogue import entries
from agentreach.lowering.durations import DAY, HOUR
from lowering.one_attribute import Row, described, facts, rows_of, says

if TYPE_CHECKING:
    from lowering.one_attribute import Plain

ACCOUNT = "agent@acme.iam.gserviceaccount.com"
SECRET = "projects/acme/secrets/row"
LITERAL = "Zx81-kP3q-9vTq-77aa"
ENGINE = "google_vertex_ai_reasoning_engine"
TOOLSET = "google_ces_toolset"
CX_TOOL = "google_dialogflow_cx_tool"
WEBHOOK = "google_dialogflow_cx_webhook"
RUN = "google_cloud_run_v2_service"
PAM = "google_privileged_access_manager_entitlement"


def runs_as(value: str = ACCOUNT) -> Row:
    return Row(value, IdentityUse, {"identity": value, "relation": "runs-as", "inherited_default": False})


def reference(variable: str, via: str = "environment") -> Row:
    return Row(SECRET, SecretUse, {"secret": SECRET, "variable": variable, "literal": False, "via": via})


def literal(variable: str, via: str = "attribute") -> Row:
    return Row(LITERAL, SecretUse, {"variable": variable, "literal": True, "via": via})


def setting(value: Plain, aspect: Aspect, *, state: bool | None) -> Row:
    return Row(value, Setting, {"aspect": aspect, "state": state})


def lives(value: Plain, seconds: float | None, **fields: object) -> Row:
    return Row(value, Credential, {"ttl": seconds, **fields})


ROWS: dict[str, Row] = {
    f"{ENGINE}.spec.service_account": runs_as(),
    f"{ENGINE}.spec.identity_type": Row("AGENT_IDENTITY", Principal, {"kind": "agent-identity"}),
    f"{ENGINE}.spec.deployment_spec.env.value": literal("API_KEY", "environment"),
    f"{ENGINE}.spec.deployment_spec.secret_env.secret_ref.secret": reference("CRM_TOKEN"),
    f"{ENGINE}.spec.deployment_spec.psc_interface_config": setting("x", Aspect.UNRESTRICTED_EGRESS, state=False),
    f"{ENGINE}.spec.deployment_spec.agent_gateway_config.agent_to_anywhere_config.agent_gateway": Row(
        "gateways/out", AgentLink, {"other": "gateways/out", "relation": "uses-gateway"}
    ),
    f"{ENGINE}.spec.deployment_spec.agent_gateway_config.client_to_agent_config.agent_gateway": Row(
        "gateways/in", AgentLink, {"other": "gateways/in", "relation": "uses-gateway"}
    ),
    f"{ENGINE}.context_spec.memory_bank_config.ttl_config.default_ttl": lives("7200s", 2 * HOUR, kind="memory"),
    f"{ENGINE}.spec.deployment_spec.keep_alive_probe.max_seconds": lives(3600, HOUR, kind="session"),
    "google_agent_identity_auth_provider.auth_provider_type_params.three_legged_oauth.client_secret": Row(
        LITERAL, Credential, {"kind": "oauth", "renewable_without_human": True}
    ),
    "google_agent_identity_auth_provider.auth_provider_type_params.two_legged_oauth.client_secret": literal(
        "client_secret"
    ),
    "google_agent_identity_auth_provider.auth_provider_type_params.api_key.api_key": lives(
        LITERAL, None, kind="api-key", never_expires=True
    ),
    "google_agent_identity_auth_provider.allowed_scopes": setting("*", Aspect.TOOL_FILTER, state=False),
    "google_agent_registry_binding.target.identifier": Row("mcp/crm", AgentLink, {"other": "mcp/crm"}),
    "google_agent_registry_binding.source.identifier": Row("agents/a", AgentLink, {"agent": "agents/a"}, at=3),
    "google_agent_registry_binding.auth_provider_binding.auth_provider": Row(
        "providers/p", AgentLink, {"other": "providers/p", "relation": "uses-credential-provider"}
    ),
    "google_agent_registry_service.interfaces.url": setting("http://crm", Aspect.PLAINTEXT_INBOUND, state=True),
    "google_agent_registry_service.mcp_server_spec": Row("x", Agent, {"kind": "mcp-server", "role": "tool"}, at=1),
    "google_agent_registry_service.agent_spec": Row("x", Agent, {"kind": "registered-agent", "role": "host"}, at=1),
    "google_agent_registry_service.endpoint_spec": Row(
        "x", Agent, {"kind": "registered-endpoint", "role": "tool"}, at=1
    ),
    "google_apikeys_key.restrictions.api_targets.service": Row(
        "run", Credential, {"note": "", "never_expires": True}, 1
    ),
    "google_apikeys_key.service_account_email": Row(ACCOUNT, Credential, {"kind": "api-key", "owner": ACCOUNT}, at=1),
    "google_ces_agent.before_tool_callbacks.python_code": Row("x", Gate, {"kind": "hook", "fails_closed": None}),
    "google_ces_agent.guardrails": setting("guardrails/g", Aspect.GUARDRAIL, state=True),
    "google_ces_agent.tools": Row("tools/t", AgentLink, {"other": "tools/t", "relation": "uses-tool"}),
    "google_ces_agent.toolsets": Row("toolsets/t", AgentLink, {"other": "toolsets/t", "relation": "uses-tool"}),
    "google_ces_agent.child_agents": Row("agents/b", AgentLink, {"other": "agents/b", "relation": "collaborates"}),
    "google_ces_agent.remote_dialogflow_agent.agent": Row("agents/d", AgentLink, {"relation": "collaborates"}),
    "google_ces_app.guardrails": setting("guardrails/g", Aspect.GUARDRAIL, state=True),
    "google_ces_app.logging_settings.cloud_logging_settings.enable_cloud_logging": setting(
        value=True, aspect=Aspect.AUDIT_LOG, state=True
    ),
    "google_ces_app.logging_settings.conversation_logging_settings.disable_conversation_logging": setting(
        value=True, aspect=Aspect.AUDIT_LOG, state=False
    ),
    f"{TOOLSET}.mcp_toolset.api_authentication.bearer_token_config.token": literal("token"),
    f"{TOOLSET}.mcp_toolset.custom_headers.Authorization": literal("Authorization", "header"),
    f"{TOOLSET}.mcp_toolset.api_authentication.api_key_config.api_key_secret_version": reference(
        "api_key_secret_version", "reference"
    ),
    f"{TOOLSET}.mcp_toolset.api_authentication.service_account_auth_config.service_account": Row(
        ACCOUNT, Tool, {"acts_as": ACCOUNT, "executor": "mcp"}, at=1
    ),
    f"{TOOLSET}.mcp_toolset.api_authentication.oauth_config.client_secret_version": reference(
        "client_secret_version", "reference"
    ),
    f"{TOOLSET}.mcp_toolset.server_address": Row("https://crm", Tool, {"target": "https://crm"}, at=1),
    f"{RUN}.template.containers.env.value": literal("API_KEY", "environment"),
    f"{RUN}.template.containers.env.value_source.secret_key_ref.secret": reference("CRM_TOKEN"),
    f"{RUN}.template.service_account": runs_as(),
    f"{RUN}.iap_enabled": setting(value=True, aspect=Aspect.ANONYMOUS_INBOUND, state=False),
    f"{RUN}.invoker_iam_disabled": setting(value=True, aspect=Aspect.ANONYMOUS_INBOUND, state=True),
    f"{RUN}.ingress": setting("INGRESS_TRAFFIC_ALL", Aspect.PUBLIC_NETWORK, state=True),
    f"{RUN}.template.vpc_access.egress": setting("PRIVATE_RANGES_ONLY", Aspect.UNRESTRICTED_EGRESS, state=True),
    "google_cloud_scheduler_job.http_target.oidc_token.service_account_email": runs_as(),
    "google_cloud_scheduler_job.http_target.oauth_token.service_account_email": runs_as(),
    "google_cloudfunctions2_function.service_config.environment_variables.API_KEY": literal("API_KEY", "environment"),
    "google_cloudfunctions2_function.service_config.secret_environment_variables.secret": reference("CRM_TOKEN"),
    "google_cloudfunctions2_function.service_config.service_account_email": runs_as(),
    "google_cloudfunctions2_function.service_config.ingress_settings": setting(
        "ALLOW_ALL", Aspect.PUBLIC_NETWORK, state=True
    ),
    "google_colab_runtime_template.network_spec.enable_internet_access": setting(
        value=True, aspect=Aspect.PUBLIC_NETWORK, state=True
    ),
    "google_colab_runtime_template.idle_shutdown_config.idle_timeout": lives("7200s", 2 * HOUR, kind="session"),
    "google_compute_instance.metadata_startup_script": Row(
        "export OPENAI_API_KEY=sk-proj-abcdefghijklmnopqrstuvwx", SecretUse, {"via": "user-data", "literal": True}
    ),
    "google_compute_instance.service_account.email": runs_as(),
    "google_compute_instance.service_account.scopes": Row("logging-write", IdentityUse, {"certain": False}, at=2),
    "google_container_node_pool.node_config.service_account": Row(ACCOUNT, IdentityUse, {"identity": ACCOUNT}),
    "google_container_node_pool.node_config.oauth_scopes": Row("cloud-platform", IdentityUse, {"certain": True}, at=2),
    "google_container_node_pool.node_config.workload_metadata_config.mode": setting(
        "GCE_METADATA", Aspect.HOST_ACCESS, state=True
    ),
    "google_dialogflow_cx_agent.advanced_settings.logging_settings.enable_interaction_logging": setting(
        value=False, aspect=Aspect.AUDIT_LOG, state=False
    ),
    "google_dialogflow_cx_security_settings.retention_window_days": lives(30, 30 * DAY, kind="memory"),
    f"{CX_TOOL}.open_api_spec.authentication.api_key_config.api_key": literal("api_key"),
    f"{CX_TOOL}.open_api_spec.authentication.bearer_token_config.token": literal("token"),
    f"{CX_TOOL}.open_api_spec.authentication.oauth_config.client_secret": literal("client_secret"),
    f"{CX_TOOL}.open_api_spec.authentication.api_key_config.secret_version_for_api_key": reference(
        "secret_version_for_api_key", "reference"
    ),
    f"{CX_TOOL}.open_api_spec.authentication.service_agent_auth_config.service_agent_auth": Row(
        "ID_TOKEN", Tool, {"acts_as": "service-<any>@gcp-sa-dialogflow.iam.gserviceaccount.com"}, at=1
    ),
    f"{WEBHOOK}.generic_web_service.oauth_config.client_secret": literal("client_secret"),
    f"{WEBHOOK}.generic_web_service.secret_version_for_username_password": reference(
        "secret_version_for_username_password", "reference"
    ),
    f"{WEBHOOK}.generic_web_service.service_account_auth_config.service_account": Row(
        ACCOUNT, Tool, {"acts_as": ACCOUNT}, at=1
    ),
    f"{WEBHOOK}.generic_web_service.service_agent_auth": Row(
        "ID_TOKEN", Tool, {"acts_as": "service-<any>@gcp-sa-dialogflow.iam.gserviceaccount.com"}, at=1
    ),
    f"{WEBHOOK}.generic_web_service.uri": Row("https://crm", Tool, {"target": "https://crm"}, at=1),
    "google_discovery_engine_assistant.customer_policy.model_armor_config.user_prompt_template": setting(
        "templates/t", Aspect.GUARDRAIL, state=True
    ),
    "google_discovery_engine_assistant.web_grounding_type": setting(
        "WEB_GROUNDING_TYPE_GOOGLE_SEARCH", Aspect.UNRESTRICTED_EGRESS, state=True
    ),
    "google_discovery_engine_chat_engine.data_store_ids": Row(
        "stores/s", AgentLink, {"other": "stores/s", "relation": "uses-knowledge-base"}
    ),
    "google_discovery_engine_data_connector.action_config.action_params.client_secret": Row(
        "x-secret-value-1234", Tool, {"executor": "connector", "confirmation": None}
    ),
    "google_iam_workforce_pool.session_duration": lives("7200s", 2 * HOUR, thresholds="role-session"),
    "google_iam_workload_identity_pool.inline_certificate_issuance_config.lifetime": lives(
        "86400s", DAY, kind="certificate"
    ),
    "google_iap_agent_registry_agent_iam_member.role": Row(
        "roles/iap.egressor", RoleAssignment, {"member": "allUsers"}
    ),
    "google_iap_agent_registry_agent_iam_member.member": Row("user:a@b.c", RoleAssignment, {"member": "user:a@b.c"}, 3),
    "google_iap_agent_registry_mcp_server_iam_member.role": Row("roles/owner", RoleAssignment, {"role": "roles/owner"}),
    "google_iap_agent_registry_mcp_server_iam_member.member": Row(
        f"serviceAccount:{ACCOUNT}", RoleAssignment, {"member": ACCOUNT}, at=3
    ),
    "google_network_services_agent_gateway.google_managed.governed_access_path": setting(
        "AGENT_TO_ANYWHERE", Aspect.TOOL_FILTER, state=False
    ),
    "google_network_services_agent_gateway.network_config.egress.network_attachment": setting(
        "attachments/a", Aspect.UNRESTRICTED_EGRESS, state=False
    ),
    "google_network_services_agent_gateway.registries": setting("registries/r", Aspect.TOOL_FILTER, state=True),
    f"{PAM}.approval_workflow.manual_approvals": Row("x", RoleAssignment, {"eligible": True, "approved": True}, at=4),
    f"{PAM}.privileged_access.gcp_iam_access.role_bindings.role": Row(
        "roles/editor", RoleAssignment, {"role": "roles/editor", "eligible": True, "approved": False}
    ),
    f"{PAM}.max_request_duration": lives("7200s", 2 * HOUR, thresholds="elevated", owner="user:a@b.c"),
    "google_project_iam_member.role": Row(
        "roles/editor", RoleAssignment, {"role": "roles/editor", "scope": "projects/<any>"}
    ),
    "google_project_iam_member.member": Row(f"serviceAccount:{ACCOUNT}", RoleAssignment, {"member": ACCOUNT}, at=3),
    "google_project_iam_member.condition.expression": Row(
        "request.time < x", RoleAssignment, {"condition": "request.time < x"}, at=3
    ),
    "google_secret_manager_secret.ttl": lives("86400s", DAY, kind="secret"),
    "google_secret_manager_secret.expire_time": Row("2000-01-01T00:00:00Z", Credential, {"ttl": 0.0}),
    "google_secret_manager_secret.rotation.rotation_period": lives("2592000s", None, rotated=False),
    "google_secret_manager_secret.rotation.next_rotation_time": Row(
        "2027-01-01T00:00:00Z", Credential, {"rotated": False}
    ),
    "google_secret_manager_secret_version.secret_data": Row(
        LITERAL, Credential, {"literal": True, "stored_in": "state"}
    ),
    "google_secret_manager_secret_version.secret_data_wo": Row(LITERAL, Credential, {"literal": True}),
    "google_service_account.account_id": Row("agent", Principal, {"kind": "service-account"}, at=1),
    "google_service_account_access_token.target_service_account": Row(
        ACCOUNT, Credential, {"owner": ACCOUNT, "ttl": HOUR, "defaulted": True}, at=1
    ),
    "google_service_account_access_token.lifetime": lives("1800s", 1800.0, kind="access-token", defaulted=False),
    "google_service_account_iam_member.role": Row(
        "roles/iam.serviceAccountTokenCreator", RoleAssignment, {"role": "roles/iam.serviceAccountTokenCreator"}
    ),
    "google_service_account_iam_member.member": Row(
        "serviceAccount:acme.svc.id.goog[agents/bot]", RoleAssignment, {"member": "agents:bot"}, at=3
    ),
    "google_service_account_iam_member.condition.expression": Row("x", RoleAssignment, {"condition": "x"}, at=3),
    "google_service_account_key.service_account_id": Row(
        f"projects/-/serviceAccounts/{ACCOUNT}", Credential, {"owner": ACCOUNT, "never_expires": True}, at=1
    ),
    "google_service_account_key.keepers.month": Row("june", Credential, {"rotated": False}, at=1),
    "google_storage_hmac_key.service_account_email": Row(
        ACCOUNT, Credential, {"kind": "hmac-key", "owner": ACCOUNT}, 1
    ),
    "google_workbench_instance.gce_setup.service_accounts.email": runs_as(),
    "google_workbench_instance.gce_setup.disable_public_ip": setting(
        value=True, aspect=Aspect.PUBLIC_NETWORK, state=False
    ),
}

OF_MAPS = {
    "google_ces_agent.before_tool_callbacks": "google_ces_agent.before_tool_callbacks.python_code",
    "google_ces_agent.remote_dialogflow_agent": "google_ces_agent.remote_dialogflow_agent.agent",
    f"{TOOLSET}.mcp_toolset.custom_headers": f"{TOOLSET}.mcp_toolset.custom_headers.Authorization",
    "google_cloudfunctions2_function.service_config.environment_variables": (
        "google_cloudfunctions2_function.service_config.environment_variables.API_KEY"
    ),
    "google_cloudfunctions2_function.service_config.secret_environment_variables": (
        "google_cloudfunctions2_function.service_config.secret_environment_variables.secret"
    ),
    "google_discovery_engine_assistant.customer_policy.model_armor_config": (
        "google_discovery_engine_assistant.customer_policy.model_armor_config.user_prompt_template"
    ),
    "google_discovery_engine_data_connector.action_config": (
        "google_discovery_engine_data_connector.action_config.action_params.client_secret"
    ),
    "google_project_iam_member.condition": "google_project_iam_member.condition.expression",
    "google_service_account_iam_member.condition": "google_service_account_iam_member.condition.expression",
    "google_service_account_key.keepers": "google_service_account_key.keepers.month",
}
"""Rows about a block: the attribute of it that the example writes."""

ELSEWHERE = {
    f"{ENGINE}.spec.deployment_spec.secret_env.secret_ref.version": "which version of a secret is read with the secret",
    f"{ENGINE}.context_spec.memory_bank_config.ttl_config.granular_ttl_config": "in test_agents",
    "google_agent_identity_auth_provider.blocked_scopes": "bounds nothing that is not blocked",
    "google_agent_identity_auth_provider.workload_ids": "owner of the credential: in test_agents",
    "google_agent_registry_binding.auth_provider_binding.scopes": "scopes of a token, not its lifetime",
    "google_ces_app.tool_execution_mode": "in which order tools are called: nobody is asked",
    "google_ces_app.logging_settings.redaction_config.enable_redaction": "what is left out of a log is no log",
    "google_ces_app_root_agent_association.agent_id": "between two declarations: in test_agents",
    "google_ces_app_root_agent_association.app_id": "between two declarations: in test_agents",
    "google_ces_deployment.channel_profile.web_widget_config.security_settings.enable_public_access": "in test_agents",
    "google_ces_deployment.channel_profile.web_widget_config.security_settings.allowed_origins": "who embeds it",
    "google_ces_guardrail.enabled": "stated by who names it: in test_agents",
    "google_ces_guardrail.llm_policy.fail_open": "stated by who names it: in test_agents",
    "google_ces_guardrail.llm_prompt_security.fail_open": "stated by who names it: in test_agents",
    f"{RUN}.template.timeout": "a run's limit, kept by Cloud Run itself",
    "google_cloud_scheduler_job.http_target.uri": "between two declarations: in test_workloads",
    "google_container_cluster.workload_identity_config.workload_pool": "stated by its node pools: in test_workloads",
    "google_dialogflow_cx_security_settings.redaction_strategy": "what is left out of a log is no log",
    "google_dialogflow_cx_security_settings.retention_strategy": "nothing is kept: in test_agents",
    "google_discovery_engine_data_connector.entities": "what is read, not whom it acts as",
    "google_discovery_engine_data_connector.refresh_interval": "how often data is read again",
    "google_iam_workload_identity_pool_provider.attribute_condition": "stated by the trust: in test_accounts",
    "google_iam_workload_identity_pool_provider.oidc.issuer_uri": "stated by the trust: in test_accounts",
    "google_iam_workload_identity_pool_provider.oidc.allowed_audiences": "there always is one",
    "google_logging_project_bucket_config.retention_days": "stated about the agents of the project: in test_agents",
    "google_model_armor_template.filter_config": "a guardrail is stated by what uses it",
    f"{PAM}.requester_justification_config.not_mandatory": "a reason asks nobody",
}

BESIDE: dict[str, dict[str, Plain]] = {
    f"{ENGINE}.spec.deployment_spec.env.value": {"spec.deployment_spec.env.name": "API_KEY"},
    f"{ENGINE}.spec.deployment_spec.secret_env.secret_ref.secret": {
        "spec.deployment_spec.secret_env.name": "CRM_TOKEN"
    },
    f"{RUN}.template.containers.env.value": {"template.containers.env.name": "API_KEY"},
    f"{RUN}.template.containers.env.value_source.secret_key_ref.secret": {"template.containers.env.name": "CRM_TOKEN"},
    "google_cloudfunctions2_function.service_config.secret_environment_variables.secret": {
        "service_config.secret_environment_variables.key": "CRM_TOKEN"
    },
    "google_agent_registry_binding.target.identifier": {"source.identifier": "agents/a"},
    "google_agent_registry_binding.source.identifier": {"target.identifier": "mcp/crm"},
    "google_agent_registry_binding.auth_provider_binding.auth_provider": {
        "source.identifier": "agents/a",
        "target.identifier": "mcp/crm",
    },
    **{name: {"parent": "agents/a"} for name in ROWS if name.startswith((CX_TOOL, WEBHOOK))},
    **{name: {"member": "allUsers"} for name in ROWS if name.endswith("_iam_member.role")},
    **{
        name: {"role": "roles/viewer", "member": "user:a@b.c"} if "condition" in name else {"role": "roles/viewer"}
        for name in ROWS
        if name.endswith(("_iam_member.member", "condition.expression"))
    },
    **{
        name: {
            "eligible_users.principals": "user:a@b.c",
            "privileged_access.gcp_iam_access.role_bindings.role": "roles/editor",
        }
        for name in (f"{PAM}.approval_workflow.manual_approvals", f"{PAM}.max_request_duration")
    },
    f"{PAM}.privileged_access.gcp_iam_access.role_bindings.role": {"eligible_users.principals": "user:a@b.c"},
    "google_service_account_access_token.lifetime": {"target_service_account": ACCOUNT},
    "google_service_account_key.keepers.month": {"service_account_id": ACCOUNT},
}


def split(name: str) -> tuple[str, str]:
    type_, _, path = name.partition(".")
    return type_, path


@pytest.mark.parametrize("name", ROWS, ids=str)
def test_a_row_of_the_catalogue_is_stated(name: str) -> None:
    type_, path = split(name)
    found: tuple[Fact, ...] = facts(type_, path, ROWS[name].value, BESIDE.get(name, {}))
    assert says(found, ROWS[name]), described(found)


def test_every_row_of_the_catalogue_has_an_example_or_a_reason() -> None:
    written = {OF_MAPS.get(name, name) for name in rows_of(entries(), ("google_",))}
    assert written == {*ROWS, *ELSEWHERE}


@pytest.mark.parametrize("type_", [entry.type for entry in entries().values() if entry.type.startswith("google_")])
def test_every_type_of_the_catalogue_is_read(type_: str) -> None:
    assert wanted(type_)


DECLARING = {"agent", "agent-gateway", "registry"}


@pytest.mark.parametrize(
    "type_", [one.type for one in entries().values() if one.type.startswith("google_") and one.kind in DECLARING]
)
def test_a_type_that_declares_an_agent_is_one(type_: str) -> None:
    (agent,) = [fact for fact in facts(type_, "display_name", "row", {}) if isinstance(fact, Agent)]
    assert (agent.platform, agent.key.address, agent.at.location.line) == ("google", f"{type_}.row", 1)


@pytest.mark.parametrize(
    "type_", ["google_ces_newest_thing", "google_dialogflow_cx_something", "google_agent_registry_other"]
)
def test_an_agent_related_type_that_nobody_described_is_said_to_be_there(type_: str) -> None:
    (fact,) = facts(type_, "name", "row", {})
    assert (type(fact).__name__, getattr(fact, "type", "")) == ("Unmodelled", type_)


def test_what_an_agent_says_is_not_an_unknown_thing() -> None:
    assert not wanted("google_dialogflow_cx_intent")
    assert not wanted("google_compute_firewall")
