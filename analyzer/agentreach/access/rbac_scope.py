"""What a rule bound in one namespace never reaches: resources of the cluster itself.

Source: Kubernetes API reference. A namespace itself counts as lying in the namespace of its name, so it
is not in the list; neither are policies for pods, whose use is asked for in the pod's namespace.
"""

from __future__ import annotations

from typing import Final

_CLUSTER_SCOPED: Final = {
    "": "nodes persistentvolumes componentstatuses users groups",
    "admissionregistration.k8s.io": "mutatingwebhookconfigurations validatingwebhookconfigurations"
    " validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies"
    " mutatingadmissionpolicybindings",
    "apiextensions.k8s.io": "customresourcedefinitions",
    "apiregistration.k8s.io": "apiservices",
    "authentication.k8s.io": "tokenreviews selfsubjectreviews userextras uids",
    "authorization.k8s.io": "subjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews",
    "certificates.k8s.io": "certificatesigningrequests signers clustertrustbundles",
    "flowcontrol.apiserver.k8s.io": "flowschemas prioritylevelconfigurations",
    "networking.k8s.io": "ingressclasses ipaddresses servicecidrs",
    "node.k8s.io": "runtimeclasses",
    "rbac.authorization.k8s.io": "clusterroles clusterrolebindings",
    "scheduling.k8s.io": "priorityclasses",
    "storage.k8s.io": "storageclasses volumeattachments csidrivers csinodes volumeattributesclasses",
}
_PAIRS: Final = frozenset((group, one) for group, names in _CLUSTER_SCOPED.items() for one in names.split())


def is_of_the_cluster(group: str, resource: str) -> bool:
    """Whether a resource ("nodes", "nodes/proxy") of an API group certainly has no namespace."""
    return (group, resource.partition("/")[0]) in _PAIRS
