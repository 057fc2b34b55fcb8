"""How Azure names things: resource ids, the resource groups and subscriptions in them, principals.

An id is a text with holes: `/subscriptions/…/resourceGroups/rg-prod/providers/Microsoft.KeyVault/vaults/kv`. What
the provider is configured for is one unknown for all resources of a root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import Scope
from agentreach.lowering.joined_text import joined
from agentreach.model import Reference, Scalar, Unknown, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

OWN_SUBSCRIPTION = "the provider's subscription"
_SUBSCRIPTIONS = frozenset({"data.azurerm_subscription", "data.azurerm_client_config", "azurerm_subscription"})
_MANAGEMENT = frozenset({"azurerm_management_group", "data.azurerm_management_group"})
_LONGEST_CHAIN = 8


class Kind(NamedTuple):
    """A type of resource: its path below a resource group, the service whose roles reach it, and what it is.

    `parent` is the attribute with the id of what it lies in; without one it lies in a resource group.
    """

    path: str
    service: str
    kind: str
    parent: str = ""


KINDS: dict[str, Kind] = {
    "azurerm_ai_foundry": Kind(
        "Microsoft.MachineLearningServices/workspaces", "machinelearningservices", "ml-workspace"
    ),
    "azurerm_ai_foundry_project": Kind(
        "Microsoft.MachineLearningServices/workspaces", "machinelearningservices", "ml-workspace"
    ),
    "azurerm_ai_services": Kind("Microsoft.CognitiveServices/accounts", "cognitiveservices", "model-account"),
    "azurerm_app_configuration": Kind(
        "Microsoft.AppConfiguration/configurationStores", "appconfiguration", "configuration"
    ),
    "azurerm_automation_account": Kind("Microsoft.Automation/automationAccounts", "automation", "automation-account"),
    "azurerm_cognitive_account": Kind("Microsoft.CognitiveServices/accounts", "cognitiveservices", "model-account"),
    "azurerm_cognitive_account_project": Kind("projects", "cognitiveservices", "project", "cognitive_account_id"),
    "azurerm_container_app": Kind("Microsoft.App/containerApps", "app", "container-app"),
    "azurerm_container_app_job": Kind("Microsoft.App/jobs", "app", "container-app"),
    "azurerm_container_group": Kind(
        "Microsoft.ContainerInstance/containerGroups", "containerinstance", "container-group"
    ),
    "azurerm_container_registry": Kind("Microsoft.ContainerRegistry/registries", "containerregistry", "registry"),
    "azurerm_cosmosdb_account": Kind("Microsoft.DocumentDB/databaseAccounts", "documentdb", "database"),
    "azurerm_eventhub_namespace": Kind("Microsoft.EventHub/namespaces", "eventhub", "queue"),
    "azurerm_function_app_flex_consumption": Kind("Microsoft.Web/sites", "web", "site"),
    "azurerm_key_vault": Kind("Microsoft.KeyVault/vaults", "keyvault", "vault"),
    "azurerm_key_vault_certificate": Kind("certificates", "keyvault", "certificate", "key_vault_id"),
    "azurerm_key_vault_key": Kind("keys", "keyvault", "key", "key_vault_id"),
    "azurerm_key_vault_secret": Kind("secrets", "keyvault", "secret", "key_vault_id"),
    "azurerm_kubernetes_cluster": Kind("Microsoft.ContainerService/managedClusters", "containerservice", "cluster"),
    "azurerm_linux_function_app": Kind("Microsoft.Web/sites", "web", "site"),
    "azurerm_linux_virtual_machine": Kind("Microsoft.Compute/virtualMachines", "compute", "machine"),
    "azurerm_linux_web_app": Kind("Microsoft.Web/sites", "web", "site"),
    "azurerm_log_analytics_workspace": Kind(
        "Microsoft.OperationalInsights/workspaces", "operationalinsights", "log-workspace"
    ),
    "azurerm_logic_app_standard": Kind("Microsoft.Web/sites", "web", "site"),
    "azurerm_logic_app_workflow": Kind("Microsoft.Logic/workflows", "logic", "logic-app"),
    "azurerm_machine_learning_workspace": Kind(
        "Microsoft.MachineLearningServices/workspaces", "machinelearningservices", "ml-workspace"
    ),
    "azurerm_mssql_database": Kind("databases", "sql", "database", "server_id"),
    "azurerm_mssql_server": Kind("Microsoft.Sql/servers", "sql", "database"),
    "azurerm_mysql_flexible_server": Kind("Microsoft.DBforMySQL/flexibleServers", "dbformysql", "database"),
    "azurerm_postgresql_flexible_server": Kind(
        "Microsoft.DBforPostgreSQL/flexibleServers", "dbforpostgresql", "database"
    ),
    "azurerm_redis_cache": Kind("Microsoft.Cache/redis", "cache", "database"),
    "azurerm_search_service": Kind("Microsoft.Search/searchServices", "search", "search-index"),
    "azurerm_servicebus_namespace": Kind("Microsoft.ServiceBus/namespaces", "servicebus", "queue"),
    "azurerm_servicebus_queue": Kind("queues", "servicebus", "queue", "namespace_id"),
    "azurerm_storage_account": Kind("Microsoft.Storage/storageAccounts", "storage", "storage-account"),
    "azurerm_storage_container": Kind("blobServices/default/containers", "storage", "bucket", "storage_account_id"),
    "azurerm_user_assigned_identity": Kind(
        "Microsoft.ManagedIdentity/userAssignedIdentities", "managedidentity", "identity"
    ),
    "azurerm_windows_function_app": Kind("Microsoft.Web/sites", "web", "site"),
    "azurerm_windows_virtual_machine": Kind("Microsoft.Compute/virtualMachines", "compute", "machine"),
    "azurerm_windows_web_app": Kind("Microsoft.Web/sites", "web", "site"),
}
"""Types by what they are. Source: azurerm provider documentation, Azure resource provider reference."""


def scope_of(resource: Resource) -> Scope:
    """A declaration, read by the provider's own names."""
    return Scope(resource, resource.attributes)


def label(scope: Scope, *paths: str) -> str:
    """The declared name of a resource, else the name in its address."""
    for path in (*paths, "name"):
        text = scope.text(path)
        if text:
            return text
    return scope.resource.name


def here(scope: Scope, attribute: str) -> Reference:
    """A reference to the declaration itself."""
    return Reference(scope.resource.key, attribute, scope.resource.at)


def subscription(resource: Resource, at: Span) -> Value:
    """The subscription that the provider is configured for."""
    return joined(at, "/subscriptions/", _configured(resource, at))


def _configured(resource: Resource, at: Span) -> Value:
    said = string(resource.siblings.get("account"))
    return Unknown(OWN_SUBSCRIPTION, at) if not said else Scalar(said, at)


def id_of(resource: Resource, context: Context, depth: int = 0) -> Value | None:
    """The resource id of a declaration or data source; None for types that have none here."""
    scope = scope_of(resource)
    type_ = resource.type.removeprefix("data.")
    at = scope.at("name")
    if type_ == "azurerm_resource_group":
        return joined(at, subscription(resource, at), "/resourceGroups/", _own_name(scope))
    if resource.type in _SUBSCRIPTIONS:
        own = scope.get("subscription_id")
        return subscription(resource, at) if own is None else joined(at, "/subscriptions/", own)
    if resource.type in _MANAGEMENT:
        return joined(at, "/providers/Microsoft.Management/managementGroups/", _own_name(scope))
    kind = KINDS.get(type_)
    if kind is None or depth > _LONGEST_CHAIN:
        return None
    parent = scope.get(kind.parent) if kind.parent else None
    if parent is not None:
        return joined(at, expanded(parent, context, depth + 1), f"/{kind.path}/", _own_name(scope))
    return joined(at, group_of(scope, context), f"/providers/{kind.path}/", _own_name(scope))


def group_of(scope: Scope, context: Context) -> Value:
    """The resource group of a declaration as the beginning of its id."""
    at = scope.place
    for path in ("resource_group_name", "resource_group_id", "parent_id"):
        value = scope.get(path)
        if value is None:
            continue
        if path == "resource_group_name":
            return joined(at, subscription(scope.resource, at), "/resourceGroups/", value)
        return expanded(value, context)
    return joined(
        at, subscription(scope.resource, at), "/resourceGroups/", Unknown("the resource group is not named", at)
    )


def _own_name(scope: Scope) -> Value:
    return scope.get("name") or here(scope, "name")


def expanded(value: Value, context: Context, depth: int = 0) -> Value:
    """A scope or id with references to declared things and data sources spelled out, as far as they are known."""
    parts = text_parts(value)
    found = [_part(part, context, depth) if isinstance(part, Reference) else part for part in parts]
    return joined(value.at, *found) if found else value


def _part(reference: Reference, context: Context, depth: int) -> Value:
    resource = context.resources.get(reference.key)
    if resource is None or depth > _LONGEST_CHAIN:
        return reference
    if resource.type in _SUBSCRIPTIONS:
        return _of_subscription(resource, reference)
    last = reference.attribute.rpartition(".")[2]
    if last not in {"id", "resource_id", "resource_versionless_id"}:
        return reference
    return id_of(resource, context, depth + 1) or reference


def _of_subscription(resource: Resource, reference: Reference) -> Value:
    own = resource.attributes.entries.get("subscription_id")
    bare: Value = own if own is not None and text_parts(own) else _configured(resource, reference.at)
    if reference.attribute == "id":
        return joined(reference.at, "/subscriptions/", bare)
    return bare if reference.attribute == "subscription_id" else reference


def principal(value: Value, context: Context) -> Value:
    """Who an object id, client id or identity id means: the declared thing; a looked-up identity by its name."""
    resource = context.lookup(value)
    if resource is not None and resource.type.startswith("data."):
        scope = scope_of(resource)
        for path in ("name", "display_name", "client_id", "object_id", "user_principal_name"):
            named = scope.get(path)
            if named is not None and string(named) is not None:
                return Scalar(string(named), value.at)
    reference = reference_of(value)
    return value if reference is None else reference
