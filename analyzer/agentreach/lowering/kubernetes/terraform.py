"""Objects of a cluster that Terraform declares: `kubernetes_*` resources, and manifests it carries.

A resource of the provider is the manifest in other spelling: snake case, and blocks where the API has
lists or single mappings. It is respelled and lowered as a manifest, under its Terraform address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Hidden
from agentreach.lowering import yaml_text
from agentreach.lowering.context import Context, once_per_scan
from agentreach.model import Broken, Encoded, ListValue, MapValue, Scalar, Text, child, descend, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.model import Resource, Span, Value

_RBAC = "rbac.authorization.k8s.io"
_KINDS = {
    "pod": "v1/Pod",
    "replication_controller": "v1/ReplicationController",
    "deployment": "apps/Deployment",
    "stateful_set": "apps/StatefulSet",
    "daemonset": "apps/DaemonSet",
    "daemon_set": "apps/DaemonSet",
    "job": "batch/Job",
    "cron_job": "batch/CronJob",
    "service_account": "v1/ServiceAccount",
    "secret": "v1/Secret",
    "config_map": "v1/ConfigMap",
    "namespace": "v1/Namespace",
    "service": "v1/Service",
    "role": f"{_RBAC}/Role",
    "cluster_role": f"{_RBAC}/ClusterRole",
    "role_binding": f"{_RBAC}/RoleBinding",
    "cluster_role_binding": f"{_RBAC}/ClusterRoleBinding",
    "network_policy": "networking.k8s.io/NetworkPolicy",
    "ingress": "networking.k8s.io/Ingress",
}
TYPES = {f"kubernetes_{name}{version}": type_ for name, type_ in _KINDS.items() for version in ("", "_v1")}
CARRIERS = {"kubernetes_manifest": "manifest", "kubectl_manifest": "yaml_body"}
_LISTS = {
    "container": "containers",
    "init_container": "initContainers",
    "env": "env",
    "env_from": "envFrom",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
    "image_pull_secrets": "imagePullSecrets",
    "rule": "rules",
    "subject": "subjects",
    "port": "ports",
    "ports": "ports",
    "egress": "egress",
    "ingress": "ingress",
    "to": "to",
    "from": "from",
    "sources": "sources",
    "path": "paths",
    "tls": "tls",
    "match_expressions": "matchExpressions",
    "items": "items",
    "volume_claim_template": "volumeClaimTemplates",
    "cluster_role_selectors": "clusterRoleSelectors",
}
"""Blocks that may be repeated, and the API's name for the list."""

_KEPT = frozenset({"labels", "annotations", "match_labels", "data", "binary_data", "string_data", "selector"})
"""Maps whose keys are the user's own words."""


def declared(resource: Resource, context: Context) -> Iterator[Fact]:
    """Lower a resource of the Kubernetes or kubectl provider as the manifest it stands for."""
    from agentreach.lowering.kubernetes import TABLE, family  # noqa: PLC0415 - the table refers to this module

    respelled = _respelled(context)
    manifest = respelled.resources.get(resource.key)
    if manifest is None or manifest.type in {*TYPES, *CARRIERS}:
        attribute = CARRIERS.get(resource.type, "metadata")
        reason = "the manifest is only known at deploy time"
        yield Hidden(subject=resource.key, attribute=attribute, reason=reason, at=resource.at)
        return
    lowering = TABLE.get(manifest.type) or family(manifest.type)
    if lowering is not None:
        yield from lowering(manifest, respelled)


@once_per_scan
def _respelled(context: Context) -> Context:
    """The same scan with every such resource as the manifest it stands for."""
    return Context([_manifest(one) or one for one in context.resources.values()])


def _manifest(resource: Resource) -> Resource | None:
    if resource.type in CARRIERS:
        return _carried(resource)
    type_ = TYPES.get(resource.type)
    if type_ is None:
        return None
    attributes = _body(resource.attributes)
    return _named(replace(resource, type=type_, attributes=attributes))


def _named(resource: Resource) -> Resource | None:
    name = descend(resource.attributes, "metadata.name")
    return None if name is None else replace(resource, name=string(name) or resource.name)


def _carried(resource: Resource) -> Resource | None:
    carried = child(resource.attributes, CARRIERS[resource.type])
    value: Value | Broken | None = carried.value if isinstance(carried, Encoded) else carried
    if isinstance(value, Scalar | Text):
        value = yaml_text.decode(value)
    if isinstance(value, Broken):
        return None
    if isinstance(value, ListValue) and len(value.items) == 1:
        value = value.items[0]
    api_version, kind = string(child(value, "apiVersion")), string(child(value, "kind"))
    if not isinstance(value, MapValue) or api_version is None or kind is None:
        return None
    from agentreach.parsers.kubernetes.addresses import type_of  # noqa: PLC0415 - only where manifests are carried

    return _named(replace(resource, type=type_of(api_version, kind), attributes=value))


def _body(block: MapValue) -> MapValue:
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    for name, value in block.entries.items():
        respelled, item = _entry(name, value)
        entries[respelled] = item
        keys[respelled] = block.keys.get(name, value.at)
    return MapValue(entries, block.at, keys, block.open)


def _entry(name: str, value: Value) -> tuple[str, Value]:
    if name in _LISTS and isinstance(value, ListValue) and _are_blocks(value):
        return _LISTS[name], ListValue(tuple(_item(item) for item in value.items), value.at, value.open)
    if isinstance(value, ListValue) and len(value.items) == 1 and isinstance(value.items[0], MapValue):
        single = value.items[0]
        return _camel(name), single if name in _KEPT and not _has_blocks(single) else _body(single)
    if isinstance(value, MapValue) and name not in _KEPT:
        return _camel(name), _body(value)
    return _camel(name), value


def _item(value: Value) -> Value:
    return _body(value) if isinstance(value, MapValue) else value


def _are_blocks(value: ListValue) -> bool:
    return all(isinstance(item, MapValue) for item in value.items)


def _has_blocks(value: MapValue) -> bool:
    """Whether a `selector` holds match_labels and not labels of its own."""
    return bool({"match_labels", "match_expressions"} & value.entries.keys())


_SPECIAL = {
    "non_resource_urls": "nonResourceURLs",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "api_groups": "apiGroups",
    "cluster_ip": "clusterIP",
}


def _camel(name: str) -> str:
    if name in _SPECIAL:
        return _SPECIAL[name]
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
