"""The predefined role that does for reading, or for creating, what a wider one of the same service does as well.

Only pairs in which the smaller role does all of that: a role whose name says "client" or "user" may be needed to read
at all, and stands here only where its reader reads without it. Sources: Google Cloud "IAM basic and predefined roles
reference", Microsoft Learn "Azure built-in roles".
"""

from __future__ import annotations

from typing import Final

from agentreach.access import azure
from agentreach.named_tuples import NamedTuple


class Smaller(NamedTuple):
    """What does for reading and for creating alone; empty where no predefined role does."""

    reading: str = ""
    creating: str = ""


_GOOGLE: Final = {
    **dict.fromkeys(("artifactregistry.admin", "artifactregistry.repoAdmin"), Smaller("artifactregistry.reader")),
    "artifactregistry.writer": Smaller("artifactregistry.reader"),
    **dict.fromkeys(("bigquery.dataEditor", "bigquery.dataOwner"), Smaller("bigquery.dataViewer")),
    **dict.fromkeys(("bigtable.user", "bigtable.admin"), Smaller("bigtable.reader")),
    **dict.fromkeys(("cloudfunctions.admin", "cloudfunctions.developer"), Smaller("cloudfunctions.viewer")),
    "cloudtasks.admin": Smaller(creating="cloudtasks.enqueuer"),
    **dict.fromkeys(("compute.admin", "compute.instanceAdmin", "compute.instanceAdmin.v1"), Smaller("compute.viewer")),
    **dict.fromkeys(("container.admin", "container.developer"), Smaller("container.viewer")),
    **dict.fromkeys(("datastore.user", "datastore.owner"), Smaller("datastore.viewer")),
    **dict.fromkeys(("discoveryengine.admin", "discoveryengine.editor"), Smaller("discoveryengine.viewer")),
    "dns.admin": Smaller("dns.reader"),
    "logging.admin": Smaller("logging.viewer"),
    **dict.fromkeys(("monitoring.admin", "monitoring.editor"), Smaller("monitoring.viewer")),
    **dict.fromkeys(("pubsub.admin", "pubsub.editor"), Smaller(creating="pubsub.publisher")),
    **dict.fromkeys(("run.admin", "run.developer"), Smaller("run.viewer")),
    "secretmanager.admin": Smaller("secretmanager.secretAccessor"),
    **dict.fromkeys(("source.admin", "source.writer"), Smaller("source.reader")),
    **dict.fromkeys(
        ("spanner.admin", "spanner.databaseAdmin", "spanner.databaseUser"), Smaller("spanner.databaseReader")
    ),
    **dict.fromkeys(
        ("storage.admin", "storage.objectAdmin", "storage.objectUser"),
        Smaller("storage.objectViewer", "storage.objectCreator"),
    ),
}
_AZURE: Final = {
    "AcrPush": Smaller("AcrPull"),
    "App Configuration Data Owner": Smaller("App Configuration Data Reader"),
    "Azure Event Hubs Data Owner": Smaller("Azure Event Hubs Data Receiver", "Azure Event Hubs Data Sender"),
    **dict.fromkeys(
        ("Azure Kubernetes Service RBAC Admin", "Azure Kubernetes Service RBAC Writer"),
        Smaller("Azure Kubernetes Service RBAC Reader"),
    ),
    "Azure Service Bus Data Owner": Smaller("Azure Service Bus Data Receiver", "Azure Service Bus Data Sender"),
    "Cosmos DB Built-in Data Contributor": Smaller("Cosmos DB Built-in Data Reader"),
    **dict.fromkeys(("Key Vault Administrator", "Key Vault Secrets Officer"), Smaller("Key Vault Secrets User")),
    "Log Analytics Contributor": Smaller("Log Analytics Reader"),
    "Monitoring Contributor": Smaller("Monitoring Reader"),
    "Search Index Data Contributor": Smaller("Search Index Data Reader"),
    **dict.fromkeys(("Storage Blob Data Contributor", "Storage Blob Data Owner"), Smaller("Storage Blob Data Reader")),
    "Storage Queue Data Contributor": Smaller("Storage Queue Data Reader", "Storage Queue Data Message Sender"),
    "Storage Table Data Contributor": Smaller("Storage Table Data Reader"),
    "Virtual Machine Contributor": Smaller("Reader"),
}
_NONE: Final = Smaller()


def smaller(provider: str, role: str) -> Smaller:
    """The smaller roles of a predefined one, named as the provider's assignments name them."""
    if provider == "google":
        found = _GOOGLE.get(role.removeprefix("roles/"), _NONE)
        return Smaller(*(f"roles/{one}" if one else "" for one in found))
    if provider == "azure":
        built_in = azure.find(role)
        return _AZURE.get(built_in.name, _NONE) if built_in else _NONE
    return _NONE
