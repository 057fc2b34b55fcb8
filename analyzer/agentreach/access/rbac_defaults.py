"""ClusterRoles that every cluster has without declaring them, so far as agents are bound to them.

Source: Kubernetes documentation, "Default roles and role bindings". `admin`, `edit` and `view` are aggregated: a
declared ClusterRole that carries their label adds to them. Their rules are shortened to what differs in privilege.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from agentreach.identity import RbacRole, RbacStatement
from agentreach.model import Key, Source, Span

_AT: Final = Span(Source("kubernetes:default-cluster-roles", ""), 0, 0)
_READ: Final = ("get", "list", "watch")
_WRITE: Final = ("create", "delete", "deletecollection", "patch", "update")
_VIEWED: Final = (
    "bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims pods pods/log"
    " pods/status replicationcontrollers replicationcontrollers/scale resourcequotas serviceaccounts services"
)
_APPS: Final = (
    "controllerrevisions daemonsets deployments deployments/scale replicasets replicasets/scale"
    " statefulsets statefulsets/scale"
)
_LABEL: Final = "rbac.authorization.k8s.io/aggregate-to-"


def _rule(verbs: tuple[str, ...], groups: str, resources: str, *, urls: tuple[str, ...] = ()) -> RbacStatement:
    return RbacStatement(
        verbs=verbs,
        api_groups=tuple("" if group == "core" else group for group in groups.split()),
        resources=tuple(resources.split()),
        non_resource_urls=urls,
        at=_AT,
    )


_VIEW: Final = (
    _rule(_READ, "core", _VIEWED),
    _rule(_READ, "apps", _APPS),
    _rule(_READ, "batch", "cronjobs jobs"),
    _rule(_READ, "autoscaling", "horizontalpodautoscalers"),
    _rule(_READ, "networking.k8s.io", "ingresses networkpolicies"),
    _rule(_READ, "policy", "poddisruptionbudgets"),
    _rule(_READ, "discovery.k8s.io", "endpointslices"),
)
_EDIT: Final = (
    *_VIEW,
    _rule(_READ, "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
    _rule(_WRITE, "core", "pods pods/attach pods/exec pods/portforward pods/proxy"),
    _rule(("create",), "core", "pods/eviction"),
    _rule(
        _WRITE,
        "core",
        "configmaps events persistentvolumeclaims replicationcontrollers secrets serviceaccounts"
        " services services/proxy",
    ),
    _rule(("create",), "core", "serviceaccounts/token"),
    _rule(("impersonate",), "core", "serviceaccounts"),
    _rule(_WRITE, "apps", _APPS),
    _rule(_WRITE, "batch", "cronjobs jobs"),
    _rule(_WRITE, "autoscaling", "horizontalpodautoscalers"),
    _rule(_WRITE, "networking.k8s.io", "ingresses networkpolicies"),
    _rule(_WRITE, "policy", "poddisruptionbudgets"),
    _rule((*_READ, *_WRITE), "coordination.k8s.io", "leases"),
)
_ADMIN: Final = (
    *_EDIT,
    _rule(("create",), "authorization.k8s.io", "localsubjectaccessreviews"),
    _rule((*_READ, *_WRITE), "rbac.authorization.k8s.io", "rolebindings roles"),
)
_CLUSTER_ADMIN: Final = (
    _rule(("*",), "*", "*"),
    RbacStatement(verbs=("*",), non_resource_urls=("*",), at=_AT, spot="#1"),
)
_SELECTED_BY: Final = {"view": ("view",), "edit": ("view", "edit"), "admin": ("view", "edit", "admin")}


@cache
def default_roles() -> dict[str, RbacRole]:
    """Name -> role. `selectors` say which declared roles add to it."""
    rules = {"cluster-admin": _CLUSTER_ADMIN, "admin": _ADMIN, "edit": _EDIT, "view": _VIEW}
    return {name: _role(name, statements) for name, statements in rules.items()}


def _role(name: str, statements: tuple[RbacStatement, ...]) -> RbacRole:
    selectors = tuple({_LABEL + one: "true"} for one in _SELECTED_BY.get(name, ()))
    return RbacRole(
        key=Key("", f"ClusterRole/{name}"),
        name=name,
        namespace=None,
        statements=statements,
        at=_AT,
        selectors=selectors or None,
    )
