"""What roles of Google Cloud reach: data stores, secrets, images, functions, by service and full name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import System
from agentreach.lowering.google.names import container, here, label, project_named, scope_of
from agentreach.lowering.google.pieces import PLATFORM, system, tags_of
from agentreach.lowering.joined_text import joined
from agentreach.lowering.key_rotation import rotation
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource


class Kind(NamedTuple):
    """The service whose roles reach it, what it is, the collection it is in, and the attribute with its name."""

    service: str
    kind: str
    path: str
    name: str = "name"


KINDS: dict[str, Kind] = {
    "google_alloydb_cluster": Kind("alloydb", "database", "alloydbClusters", "cluster_id"),
    "google_artifact_registry_repository": Kind("artifactregistry", "repository", "repositories", "repository_id"),
    "google_bigquery_dataset": Kind("bigquery", "dataset", "datasets", "dataset_id"),
    "google_bigquery_table": Kind("bigquery", "table", "tables", "table_id"),
    "google_bigtable_instance": Kind("bigtable", "database", "bigtableInstances"),
    "google_cloud_run_service": Kind("run", "service", "services"),
    "google_cloud_run_v2_job": Kind("run", "job", "jobs"),
    "google_cloud_run_v2_service": Kind("run", "service", "services"),
    "google_cloud_tasks_queue": Kind("cloudtasks", "queue", "queues"),
    "google_cloudbuild_trigger": Kind("cloudbuild", "build", "triggers"),
    "google_cloudfunctions2_function": Kind("cloudfunctions", "function", "functions"),
    "google_cloudfunctions_function": Kind("cloudfunctions", "function", "functions"),
    "google_compute_instance": Kind("compute", "instance", "instances"),
    "google_container_cluster": Kind("container", "cluster", "clusters"),
    "google_dataproc_cluster": Kind("dataproc", "cluster", "dataprocClusters"),
    "google_firestore_database": Kind("datastore", "database", "databases"),
    "google_kms_crypto_key": Kind("cloudkms", "key", "cryptoKeys"),
    "google_logging_project_sink": Kind("logging", "log-sink", "sinks"),
    "google_pubsub_subscription": Kind("pubsub", "queue", "subscriptions"),
    "google_pubsub_topic": Kind("pubsub", "topic", "topics"),
    "google_redis_instance": Kind("redis", "database", "redisInstances"),
    "google_secret_manager_regional_secret": Kind("secretmanager", "secret", "secrets", "secret_id"),
    "google_secret_manager_secret": Kind("secretmanager", "secret", "secrets", "secret_id"),
    "google_spanner_database": Kind("spanner", "database", "spannerDatabases"),
    "google_spanner_instance": Kind("spanner", "database", "spannerInstances"),
    "google_sql_database_instance": Kind("cloudsql", "database", "sqlInstances"),
    "google_storage_bucket": Kind("storage", "bucket", "buckets"),
    "google_vertex_ai_endpoint": Kind("aiplatform", "endpoint", "endpoints"),
    "google_workflows_workflow": Kind("workflows", "workflow", "workflows"),
}

REACHED_ONLY = tuple(
    type_
    for type_ in KINDS
    if type_
    not in {
        "google_cloud_run_service",
        "google_cloud_run_v2_job",
        "google_cloud_run_v2_service",
        "google_cloudfunctions2_function",
        "google_cloudfunctions_function",
        "google_compute_instance",
        "google_container_cluster",
        "google_secret_manager_regional_secret",
        "google_secret_manager_secret",
        "google_cloudbuild_trigger",
        "google_workflows_workflow",
    }
)
"""Those that run nothing and hold no secret: being reached is all there is to say of them."""


def reachable(resource: Resource, context: Context) -> Iterator[Fact]:
    """The thing itself."""
    yield of(resource, context)


def crypto_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key; only one that encrypts and decrypts can be rotated by a schedule."""
    yield of(resource, context)
    scope = scope_of(resource)
    if (scope.text("purpose") or "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT":
        yield rotation(scope, "rotation_period", rotates=True)


def of(resource: Resource, context: Context) -> System:
    """The system that a declaration of a listed type is."""
    found = KINDS[resource.type]
    return system(scope_of(resource), context, found.service, found.kind, found.path, found.name)


def project(resource: Resource, context: Context) -> Iterator[Fact]:
    """A project: what is bound there holds for everything in it."""
    scope = scope_of(resource)
    at = scope.at("project_id")
    own = scope.get("project_id") or here(scope, "project_id")
    yield System(
        key=resource.key,
        service="cloudresourcemanager",
        kind="project",
        names=(joined(at, "projects/", project_named(own, context, at)), own),
        at=resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )


def folder(resource: Resource, context: Context) -> Iterator[Fact]:
    """A folder: what is bound there holds for its projects."""
    scope = scope_of(resource)
    yield System(
        key=resource.key,
        service="cloudresourcemanager",
        kind="folder",
        names=(
            container(here(scope, "name"), "folders/", context, resource.at),
            joined(resource.at, label(scope, "display_name")),
        ),
        at=resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )
