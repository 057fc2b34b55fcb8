"""Azure resources in Terraform (azurerm, azapi, azuread) to facts. Modules load when a resource they read occurs."""

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


_READ: dict[str, dict[str, tuple[str, ...]]] = {
    "generic": {"resource": ("azapi_resource", "azapi_update_resource", "azapi_data_plane_resource")},
    "foundry": {
        "account": ("azurerm_cognitive_account", "azurerm_ai_services"),
        "project": ("azurerm_cognitive_account_project", "azurerm_ai_foundry_project"),
        "hub": ("azurerm_ai_foundry", "azurerm_machine_learning_workspace"),
        "connection": (
            "azurerm_cognitive_account_connection_api_key",
            "azurerm_cognitive_account_connection_custom_keys",
            "azurerm_cognitive_account_project_connection_api_key",
            "azurerm_cognitive_account_project_connection_custom_keys",
        ),
        "deployment": ("azurerm_cognitive_deployment",),
        "search": ("azurerm_search_service",),
        "bot": ("azurerm_bot_service_azure_bot",),
    },
    "principals": {
        "managed_identity": ("azurerm_user_assigned_identity",),
        "application": ("azuread_application", "azuread_application_registration"),
        "service_principal": ("azuread_service_principal",),
        "user": ("azuread_user",),
        "group": ("azuread_group",),
        "member": ("azuread_group_member",),
        "federated": (
            "azurerm_federated_identity_credential",
            "azuread_application_federated_identity_credential",
            "azuread_application_flexible_federated_identity_credential",
        ),
        "secret": ("azuread_application_password", "azuread_service_principal_password"),
        "certificate": ("azuread_application_certificate", "azuread_service_principal_certificate"),
    },
    "role_assignments": {
        "assignment": ("azurerm_role_assignment",),
        "definition": ("azurerm_role_definition",),
        "active": ("azurerm_pim_active_role_assignment",),
        "eligible": ("azurerm_pim_eligible_role_assignment",),
        "management_policy": ("azurerm_role_management_policy",),
        "directory_role": (
            "azuread_directory_role_assignment",
            "azuread_directory_role_member",
            "azuread_directory_role_eligibility_schedule_request",
        ),
        "app_role": ("azuread_app_role_assignment",),
        "resource_group": ("azurerm_resource_group",),
    },
    "secret_stores": {
        "vault": ("azurerm_key_vault",),
        "access_policy": ("azurerm_key_vault_access_policy",),
        "key": ("azurerm_key_vault_key",),
        "secret": ("azurerm_key_vault_secret",),
        "registry_token": ("azurerm_container_registry_token_password",),
        "storage": ("azurerm_storage_account",),
    },
    "workloads": {
        "container_app": ("azurerm_container_app", "azurerm_container_app_job"),
        "site": (
            "azurerm_function_app_flex_consumption",
            "azurerm_linux_function_app",
            "azurerm_linux_web_app",
            "azurerm_logic_app_standard",
            "azurerm_windows_function_app",
            "azurerm_windows_web_app",
        ),
        "container_group": ("azurerm_container_group",),
        "machine": (
            "azurerm_linux_virtual_machine",
            "azurerm_linux_virtual_machine_scale_set",
            "azurerm_windows_virtual_machine",
            "azurerm_windows_virtual_machine_scale_set",
        ),
        "workflow": ("azurerm_logic_app_workflow",),
        "cluster": ("azurerm_kubernetes_cluster",),
        "automation": ("azurerm_automation_account",),
    },
    "pieces": {
        "reachable": (
            "azurerm_app_configuration",
            "azurerm_container_registry",
            "azurerm_cosmosdb_account",
            "azurerm_eventhub_namespace",
            "azurerm_key_vault_certificate",
            "azurerm_log_analytics_workspace",
            "azurerm_mssql_database",
            "azurerm_mssql_server",
            "azurerm_mysql_flexible_server",
            "azurerm_postgresql_flexible_server",
            "azurerm_redis_cache",
            "azurerm_servicebus_namespace",
            "azurerm_servicebus_queue",
            "azurerm_storage_container",
        )
    },
    "observed": {
        "nothing": (
            "azuread_directory_role",
            "azurerm_cognitive_account_customer_managed_key",
            "azurerm_cognitive_account_rai_policy",
            "azurerm_management_group",
            "azurerm_subscription",
            "data.azuread_application",
            "data.azuread_group",
            "data.azuread_service_principal",
            "data.azuread_user",
            "data.azurerm_client_config",
            "data.azurerm_cognitive_account",
            "data.azurerm_key_vault",
            "data.azurerm_key_vault_secret",
            "data.azurerm_management_group",
            "data.azurerm_resource_group",
            "data.azurerm_role_definition",
            "data.azurerm_storage_account",
            "data.azurerm_subscription",
            "data.azurerm_user_assigned_identity",
        )
    },
}

READERS: dict[str, Reader] = {
    type_: Reader(module, function)
    for module, functions in _READ.items()
    for function, types in functions.items()
    for type_ in types
}
"""Which function of which module reads each type."""

_AGENT_FAMILIES = ("azurerm_ai_", "azurerm_bot_", "azurerm_cognitive_account_")
_OTHERWISE = frozenset(
    {
        "azurerm_bot_channel_alexa",
        "azurerm_bot_channel_directline",
        "azurerm_bot_channel_email",
        "azurerm_bot_channel_facebook",
        "azurerm_bot_channel_line",
        "azurerm_bot_channel_ms_teams",
        "azurerm_bot_channel_slack",
        "azurerm_bot_channel_sms",
        "azurerm_bot_channel_web_chat",
        "azurerm_bot_channels_registration",
        "azurerm_bot_connection",
        "azurerm_bot_web_app",
        "azurerm_cognitive_account_rai_blocklist",
    }
)
"""Channels, filters and keys of a family: they declare no agent."""


def family(type_: str) -> Lowering | None:
    """Types that are agent-related by their name."""
    if type_.startswith(_AGENT_FAMILIES) and type_ not in _OTHERWISE:
        return _lowering(Reader("observed", "unmodelled"))
    return None


@cache
def _lowering(reader: Reader) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        read: Lowering = getattr(import_module(f"{__name__}.{reader.module}"), reader.function)
        return read(resource, context)

    return lowering


TABLE: dict[str, Lowering] = {type_: _lowering(reader) for type_, reader in READERS.items()}
