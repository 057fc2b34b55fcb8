"""Types and addresses of Kubernetes objects, and which kinds live outside namespaces.

The scope of built-in kinds is the API's own (kubectl api-resources). A custom kind is namespaced
unless it is listed here or its name starts with "Cluster".
"""

from __future__ import annotations

CORE = "v1"

BUILT_IN_GROUPS = frozenset(
    {
        CORE,
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)
"""Groups whose kinds are printed without their group."""

_CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ComponentStatus",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PodSecurityPolicy",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "SelfSubjectReview",
        "StorageClass",
        "StorageVersion",
        "StorageVersionMigration",
        "TokenReview",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
    }
)
_CLUSTER_SCOPED_CUSTOM = frozenset(
    {
        "AdminNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        "CiliumClusterwideNetworkPolicy",
        "GatewayClass",
        "GlobalNetworkPolicy",
        "NodeClass",
        "EC2NodeClass",
        "NodePool",
        "ValidatingPolicy",
    }
)
_CLUSTER_SCOPED_GROUPS = frozenset({"constraints.gatekeeper.sh", "templates.gatekeeper.sh"})


def type_of(api_version: str, kind: str) -> str:
    """The resource type of a manifest: "v1/Pod", "apps/Deployment", "kagent.dev/Agent"."""
    group, slash, _ = api_version.partition("/")
    return f"{group if slash else CORE}/{kind}"


def is_cluster_scoped(group: str, kind: str) -> bool:
    """Whether objects of this kind have no namespace."""
    if group in BUILT_IN_GROUPS:
        return kind in _CLUSTER_SCOPED
    return kind in _CLUSTER_SCOPED_CUSTOM or kind.startswith("Cluster") or group in _CLUSTER_SCOPED_GROUPS


def address(group: str, kind: str, namespace: str, name: str) -> str:
    """`Kind/namespace/name`; `Kind/name` for cluster-scoped kinds; `Kind.group/…` outside the built-in groups."""
    qualified = kind if group in BUILT_IN_GROUPS else f"{kind}.{group}"
    return f"{qualified}/{name}" if is_cluster_scoped(group, kind) else f"{qualified}/{namespace}/{name}"


def is_certainly_cluster_scoped(group: str, kind: str) -> bool:
    """Whether a built-in kind has no namespace; False for every custom kind. The core group may be empty."""
    return (group or CORE) in BUILT_IN_GROUPS and kind in _CLUSTER_SCOPED
