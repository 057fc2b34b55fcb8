"""The fields that kustomize reaches by default, per kind.

They are kustomize's own tables (api/internal/konfig/builtinpluginconsts), written here by
their regularity: almost every entry is a path below a pod spec, for each kind that holds one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.kustomize.editing import split_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.parsers.kubernetes.kustomize.objects import Id


class FieldSpec(NamedTuple):
    """A path in the objects of a kind. Empty parts of the kind fit everything."""

    path: tuple[str, ...]
    create: bool = False
    group: str = ""
    version: str = ""
    kind: str = ""

    def fits(self, id_: Id) -> bool:
        """Whether it speaks of such objects."""
        return id_.is_of(self.group, self.version, self.kind)


class Reference(NamedTuple):
    """Fields that hold the name of an object of a kind."""

    group: str
    version: str
    kind: str
    fields: tuple[FieldSpec, ...]


def _spec(path: str, kind: str = "", *, create: bool = False, group: str = "", version: str = "") -> FieldSpec:
    return FieldSpec(split_path(path), create, group, version, kind)


_RBAC = "rbac.authorization.k8s.io"
_WEBHOOKS = "admissionregistration.k8s.io"
_TEMPLATE_KINDS = ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job")
_IN_TEMPLATE = "spec/template/spec/"
_IN_CRON_JOB = "spec/jobTemplate/spec/template/spec/"


def _in_pods(*paths: str, kinds: Iterable[str] = _TEMPLATE_KINDS, pod_template: bool = True) -> tuple[FieldSpec, ...]:
    found = [_spec(f"spec/{path}", "Pod") for path in paths]
    if pod_template:
        found += [_spec(f"template/spec/{path}", "PodTemplate") for path in paths]
    found += [_spec(f"{_IN_TEMPLATE}{path}", kind) for kind in kinds for path in paths]
    found += [_spec(f"{_IN_CRON_JOB}{path}", "CronJob") for path in paths]
    return tuple(found)


def _in_containers(*paths: str) -> tuple[str, ...]:
    return tuple(f"{containers}/{path}" for containers in ("containers", "initContainers") for path in paths)


_ACCOUNT_KINDS = ("StatefulSet", "Deployment", "ReplicationController", "Job", "DaemonSet")
_SCALED = ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")

REFERENCES: tuple[Reference, ...] = (
    *(Reference("", "", kind, (_spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler"),)) for kind in _SCALED),
    Reference(
        "",
        "v1",
        "ConfigMap",
        (
            *_in_pods("volumes/configMap/name", "volumes/projected/sources/configMap/name"),
            *_in_pods(*_in_containers("env/valueFrom/configMapKeyRef/name", "envFrom/configMapRef/name")),
            _spec("spec/configSource/configMap", "Node"),
            _spec("rules/resourceNames", "Role"),
            _spec("rules/resourceNames", "ClusterRole"),
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress"),
        ),
    ),
    Reference(
        "",
        "v1",
        "Secret",
        (
            *_in_pods("volumes/secret/secretName", "imagePullSecrets/name", "volumes/projected/sources/secret/name"),
            *_in_pods(*_in_containers("env/valueFrom/secretKeyRef/name", "envFrom/secretRef/name")),
            _spec("spec/tls/secretName", "Ingress"),
            _spec("metadata/annotations/ingress.kubernetes.io\\/auth-secret", "Ingress"),
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", "Ingress"),
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", "Ingress"),
            _spec("imagePullSecrets/name", "ServiceAccount"),
            _spec("parameters/secretName", "StorageClass"),
            _spec("parameters/adminSecretName", "StorageClass"),
            _spec("parameters/userSecretName", "StorageClass"),
            _spec("parameters/secretRef", "StorageClass"),
            _spec("rules/resourceNames", "Role"),
            _spec("rules/resourceNames", "ClusterRole"),
            _spec(
                f"{_IN_TEMPLATE}containers/env/valueFrom/secretKeyRef/name",
                "Service",
                group="serving.knative.dev",
                version="v1",
            ),
            _spec("spec/azureFile/secretName", "PersistentVolume"),
        ),
    ),
    Reference(
        "",
        "v1",
        "Service",
        (
            _spec("spec/serviceName", "StatefulSet", group="apps"),
            _spec("spec/rules/http/paths/backend/serviceName", "Ingress"),
            _spec("spec/backend/serviceName", "Ingress"),
            _spec("spec/rules/http/paths/backend/service/name", "Ingress"),
            _spec("spec/defaultBackend/service/name", "Ingress"),
            _spec("spec/service/name", "APIService", group="apiregistration.k8s.io"),
            _spec("webhooks/clientConfig/service", "ValidatingWebhookConfiguration", group=_WEBHOOKS),
            _spec("webhooks/clientConfig/service", "MutatingWebhookConfiguration", group=_WEBHOOKS),
        ),
    ),
    Reference(_RBAC, "", "Role", (_spec("roleRef/name", "RoleBinding", group=_RBAC),)),
    Reference(
        _RBAC,
        "",
        "ClusterRole",
        (
            _spec("roleRef/name", "RoleBinding", group=_RBAC),
            _spec("roleRef/name", "ClusterRoleBinding", group=_RBAC),
        ),
    ),
    Reference(
        "",
        "v1",
        "ServiceAccount",
        (
            _spec("subjects", "RoleBinding", group=_RBAC),
            _spec("subjects", "ClusterRoleBinding", group=_RBAC),
            *_in_pods("serviceAccountName", kinds=_ACCOUNT_KINDS, pod_template=False),
        ),
    ),
    Reference(
        "",
        "v1",
        "PersistentVolumeClaim",
        _in_pods("volumes/persistentVolumeClaim/claimName", kinds=_ACCOUNT_KINDS, pod_template=False),
    ),
    Reference(
        "",
        "v1",
        "PersistentVolume",
        (_spec("spec/volumeName", "PersistentVolumeClaim"), _spec("rules/resourceNames", "ClusterRole")),
    ),
    Reference(
        "storage.k8s.io",
        "v1",
        "StorageClass",
        (
            _spec("spec/storageClassName", "PersistentVolume"),
            _spec("spec/storageClassName", "PersistentVolumeClaim"),
            _spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"),
        ),
    ),
    Reference(
        "scheduling.k8s.io",
        "v1",
        "PriorityClass",
        _in_pods("priorityClassName", kinds=_ACCOUNT_KINDS, pod_template=False),
    ),
    Reference(
        _WEBHOOKS,
        "",
        "ValidatingAdmissionPolicy",
        (_spec("spec/policyName", "ValidatingAdmissionPolicyBinding", group=_WEBHOOKS),),
    ),
)

TEMPLATE_LABELS = (
    _spec("metadata/labels", create=True),
    _spec("spec/template/metadata/labels", "ReplicationController", create=True, version="v1"),
    *(_spec("spec/template/metadata/labels", kind, create=True) for kind in ("Deployment", "ReplicaSet", "DaemonSet")),
    _spec("spec/template/metadata/labels", "StatefulSet", create=True, group="apps"),
    _spec("spec/template/metadata/labels", "Job", create=True, group="batch"),
    _spec("spec/jobTemplate/metadata/labels", "CronJob", create=True, group="batch"),
    _spec("spec/jobTemplate/spec/template/metadata/labels", "CronJob", create=True, group="batch"),
)
CLAIM_LABELS = (_spec("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", create=True, group="apps"),)
_AFFINITIES = tuple(
    _spec(f"{_IN_TEMPLATE}{path}/labelSelector/matchLabels", kind, group="apps")
    for kind in ("Deployment", "StatefulSet")
    for path in (
        "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm",
        "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution",
        "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm",
        "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution",
        "topologySpreadConstraints",
    )
)
SELECTOR_LABELS = (
    _spec("spec/selector", "Service", create=True, version="v1"),
    _spec("spec/selector", "ReplicationController", create=True, version="v1"),
    _spec("spec/selector/matchLabels", "Deployment", create=True),
    *_AFFINITIES,
    _spec("spec/selector/matchLabels", "ReplicaSet", create=True),
    _spec("spec/selector/matchLabels", "DaemonSet", create=True),
    _spec("spec/selector/matchLabels", "StatefulSet", create=True, group="apps"),
    _spec("spec/selector/matchLabels", "Job", group="batch"),
    _spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", group="batch"),
    _spec("spec/selector/matchLabels", "PodDisruptionBudget", group="policy"),
    _spec("spec/podSelector/matchLabels", "NetworkPolicy", group="networking.k8s.io"),
    _spec("spec/ingress/from/podSelector/matchLabels", "NetworkPolicy", group="networking.k8s.io"),
    _spec("spec/egress/to/podSelector/matchLabels", "NetworkPolicy", group="networking.k8s.io"),
    *TEMPLATE_LABELS,
    *CLAIM_LABELS,
)
ANNOTATIONS = (
    _spec("metadata/annotations", create=True),
    _spec("spec/template/metadata/annotations", "ReplicationController", create=True, version="v1"),
    *(
        _spec("spec/template/metadata/annotations", kind, create=True)
        for kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")
    ),
    _spec("spec/template/metadata/annotations", "Job", create=True, group="batch"),
    _spec("spec/jobTemplate/metadata/annotations", "CronJob", create=True, group="batch"),
    _spec("spec/jobTemplate/spec/template/metadata/annotations", "CronJob", create=True, group="batch"),
)
_IMAGE_PATHS = ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference")
IMAGES = (
    *(_spec(f"spec/{path}", create=True) for path in _IMAGE_PATHS),
    *(_spec(f"{_IN_TEMPLATE}{path}", create=True) for path in _IMAGE_PATHS),
    _spec(f"{_IN_CRON_JOB}volumes[]/image/reference", create=True),
)
NAMES = (_spec("metadata/name"),)
REPLICAS = tuple(_spec("spec/replicas", kind, create=True) for kind in _SCALED)
NAMESPACES = (
    _spec("metadata/name", "Namespace", create=True, version="v1"),
    _spec("spec/service/namespace", "APIService", create=True, group="apiregistration.k8s.io"),
    _spec(
        "spec/conversion/webhook/clientConfig/service/namespace",
        "CustomResourceDefinition",
        group="apiextensions.k8s.io",
    ),
)
_VARIABLE_KINDS = ("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet")
VARIABLES = (
    *_in_pods(
        *_in_containers("args", "command", "env/value", "volumeMounts/mountPath"),
        "volumes/nfs/server",
        kinds=_VARIABLE_KINDS,
        pod_template=False,
    ),
    _spec("spec/template/metadata/annotations", "Deployment"),
    _spec("spec/rules/host", "Ingress"),
    _spec("spec/tls/hosts", "Ingress"),
    _spec("spec/tls/secretName", "Ingress"),
    _spec("spec/ports/port", "Service"),
    _spec("spec/ports/targetPort", "Service"),
    _spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet"),
    _spec("spec/nfs/server", "PersistentVolume"),
    _spec("metadata/labels"),
    _spec("metadata/annotations"),
)
