"""Google Cloud resources in Terraform to facts. Modules load when the first resource they read occurs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context, Lowering
    from agentreach.model import Resource


class Reader(NamedTuple):
    """Where the lowering of a type is."""

    module: str
    function: str


_READ: dict[str, tuple[tuple[str, str], ...]] = {
    "accounts": (
        ("google_service_account", "service_account"),
        ("google_service_account_key", "service_account_key"),
        ("google_service_account_access_token", "access_token"),
        ("data.google_service_account_access_token", "access_token"),
        ("google_storage_hmac_key", "hmac_key"),
        ("google_apikeys_key", "api_key"),
        ("google_project_iam_custom_role", "custom_role"),
        ("google_organization_iam_custom_role", "custom_role"),
        ("google_iam_workload_identity_pool", "workload_pool"),
        ("google_iam_workforce_pool", "workforce_pool"),
        ("google_cloud_identity_group", "group"),
        ("google_iam_workload_identity_pool_provider", "nothing"),
        ("data.google_iam_policy", "nothing"),
        ("data.google_project", "nothing"),
        ("data.google_client_config", "nothing"),
        ("data.google_folder", "nothing"),
        ("data.google_organization", "nothing"),
        ("data.google_service_account", "nothing"),
        ("data.google_compute_default_service_account", "nothing"),
        ("data.google_secret_manager_secret", "nothing"),
        ("data.google_secret_manager_secret_version", "nothing"),
    ),
    "secret_stores": (
        ("google_secret_manager_secret", "secret"),
        ("google_secret_manager_regional_secret", "secret"),
        ("google_secret_manager_secret_version", "secret_version"),
        ("google_secret_manager_regional_secret_version", "secret_version"),
    ),
    "workloads": (
        ("google_cloud_run_v2_service", "run_service"),
        ("google_cloud_run_v2_job", "run_service"),
        ("google_cloud_run_service", "run_service_first"),
        ("google_cloudfunctions2_function", "function"),
        ("google_cloudfunctions_function", "function_first"),
        ("google_compute_instance", "instance"),
        ("google_compute_instance_template", "instance"),
        ("google_workbench_instance", "workbench"),
        ("google_colab_runtime_template", "colab_template"),
        ("google_cloud_scheduler_job", "scheduled"),
        ("google_cloudbuild_trigger", "triggered_build"),
        ("google_workflows_workflow", "workflow"),
    ),
    "clusters": (("google_container_cluster", "cluster"), ("google_container_node_pool", "node_pool")),
    "reasoning_engines": (("google_vertex_ai_reasoning_engine", "engine"),),
    "engagement_agents": (
        ("google_ces_app", "app"),
        ("google_ces_agent", "ces_agent"),
        ("google_ces_toolset", "toolset"),
        ("google_ces_tool", "tool"),
        ("google_ces_deployment", "deployment"),
        ("google_ces_app_root_agent_association", "root_agent"),
    ),
    "dialogflow": (
        ("google_dialogflow_cx_agent", "cx_agent"),
        ("google_dialogflow_cx_tool", "tool"),
        ("google_dialogflow_cx_webhook", "webhook"),
        ("google_dialogflow_cx_security_settings", "security_settings"),
    ),
    "discovery": (
        ("google_discovery_engine_assistant", "assistant"),
        ("google_discovery_engine_chat_engine", "chat_engine"),
        ("google_discovery_engine_data_connector", "connector"),
        ("google_model_armor_template", "armor_template"),
        ("google_ces_guardrail", "armor_template"),
    ),
    "agent_platform": (
        ("google_agent_registry_service", "registered"),
        ("google_agent_registry_binding", "bound"),
        ("google_network_services_agent_gateway", "gateway"),
        ("google_agent_identity_auth_provider", "auth_provider"),
        ("google_vertex_ai_semantic_governance_policy_engine", "governance"),
    ),
    "entitlements": (("google_privileged_access_manager_entitlement", "entitlement"),),
    "observed": (
        ("google_logging_project_bucket_config", "log_bucket"),
        ("google_cloud_identity_group_membership", "member_of_group"),
    ),
    "systems": (
        *(
            (type_, "reachable")
            for type_ in (
                "google_alloydb_cluster",
                "google_artifact_registry_repository",
                "google_bigquery_dataset",
                "google_bigquery_table",
                "google_bigtable_instance",
                "google_cloud_tasks_queue",
                "google_dataproc_cluster",
                "google_firestore_database",
                "google_logging_project_sink",
                "google_pubsub_subscription",
                "google_pubsub_topic",
                "google_redis_instance",
                "google_spanner_database",
                "google_spanner_instance",
                "google_sql_database_instance",
                "google_storage_bucket",
                "google_vertex_ai_endpoint",
            )
        ),
        ("google_kms_crypto_key", "crypto_key"),
        ("google_project", "project"),
        ("google_folder", "folder"),
    ),
}

READERS: dict[str, Reader] = {
    type_: Reader(module, function) for module, types in _READ.items() for type_, function in types
}
"""Which function of which module reads each type."""

_AGENT_FAMILIES = (
    "google_agent_",
    "google_ces_",
    "google_dialogflow_",
    "google_discovery_engine_",
    "google_gemini_",
    "google_network_services_agent_",
    "google_vertex_ai_agent",
    "google_vertex_ai_reasoning_engine",
)
_BINDINGS = ("_iam_member", "_iam_binding", "_iam_policy")
_CONTENT = (
    "google_dialogflow_cx_entity_type",
    "google_dialogflow_cx_environment",
    "google_dialogflow_cx_flow",
    "google_dialogflow_cx_generator",
    "google_dialogflow_cx_intent",
    "google_dialogflow_cx_page",
    "google_dialogflow_cx_playbook",
    "google_dialogflow_cx_test_case",
    "google_dialogflow_cx_version",
    "google_dialogflow_entity_type",
    "google_dialogflow_intent",
    "google_discovery_engine_data_store",
    "google_discovery_engine_schema",
    "google_discovery_engine_sitemap",
    "google_discovery_engine_target_site",
)
"""What an agent says and knows; no identity, credential or reach is in it."""


def family(type_: str) -> Lowering | None:
    """Bindings of any resource, and types that are agent-related by their name."""
    if type_.startswith("data."):
        return None
    if type_.endswith(_BINDINGS):
        return _lowering(Reader("bindings", "binding"))
    if type_.startswith(_AGENT_FAMILIES) and type_ not in _CONTENT:
        return _lowering(Reader("observed", "unmodelled"))
    return None


@cache
def _lowering(reader: Reader) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        read: Lowering = getattr(import_module(f"{__name__}.{reader.module}"), reader.function)
        return read(resource, context)

    return lowering


TABLE: dict[str, Lowering] = {type_: _lowering(reader) for type_, reader in READERS.items()}
