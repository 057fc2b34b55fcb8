"""The privilege step of a Kubernetes RBAC rule: verb, API group and resource as a Role writes them.

Source: Kubernetes documentation, "Role Based Access Control Good Practices" (privilege escalation risks), and the
security considerations of each API. Resources outside the table: reading is observe, changing is write-data.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.identity import Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.identity import RbacStatement


def _words(text: frozenset[str] | str) -> frozenset[str]:
    return frozenset(text.split()) if isinstance(text, str) else text


READS: Final = frozenset({"get", "list", "watch"})
CHANGES: Final = frozenset({"create", "update", "patch"})
REMOVES: Final = frozenset({"delete", "deletecollection"})
WRITES: Final = CHANGES | REMOVES
_ANY: Final = frozenset({"*"})

_WORKLOADS: Final = _words(
    "pods podtemplates replicationcontrollers deployments daemonsets statefulsets replicasets jobs cronjobs"
)
_RBAC: Final = _words("roles clusterroles rolebindings clusterrolebindings")
_ADMISSION: Final = _words(
    "mutatingwebhookconfigurations validatingwebhookconfigurations mutatingadmissionpolicies"
    " mutatingadmissionpolicybindings"
    " validatingadmissionpolicies validatingadmissionpolicybindings"
)
_SHELLS: Final = frozenset({"pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"})


class _Row(NamedTuple):
    """API groups, resources (`*` is any) and verbs, and the step that such access gives."""

    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    step: Step


def _row(groups: str, resources: frozenset[str] | str, verbs: frozenset[str] | str, step: Step) -> _Row:
    named = frozenset("" if group == "core" else group for group in groups.split())
    return _Row(named, _words(resources), _words(verbs), step)


_TABLE: Final = (
    _row(
        "core authentication.k8s.io",
        "users groups serviceaccounts userextras userextras/* uids",
        "impersonate",
        Step.IDENTITY,
    ),
    _row("rbac.authorization.k8s.io", _RBAC, "escalate bind", Step.IDENTITY),
    _row("rbac.authorization.k8s.io", _RBAC, WRITES, Step.IDENTITY),
    _row("core", "serviceaccounts/token", "create", Step.IDENTITY),
    _row("core", "serviceaccounts", WRITES, Step.IDENTITY),
    _row("certificates.k8s.io", "certificatesigningrequests", CHANGES, Step.IDENTITY),
    _row(
        "certificates.k8s.io",
        "certificatesigningrequests/approval certificatesigningrequests/status",
        CHANGES,
        Step.IDENTITY,
    ),
    _row("certificates.k8s.io", "signers", "approve sign", Step.IDENTITY),
    _row("admissionregistration.k8s.io", _ADMISSION, WRITES, Step.IDENTITY),
    _row("apiregistration.k8s.io", "apiservices", WRITES, Step.IDENTITY),
    _row("eks.amazonaws.com iam.cnrm.cloud.google.com iam.services.k8s.aws", _ANY, WRITES, Step.IDENTITY),
    _row("core", "secrets", READS | CHANGES, Step.SECRETS),
    _row(
        "external-secrets.io secrets.hashicorp.com secrets-store.csi.x-k8s.io bitnami.com", _ANY, CHANGES, Step.SECRETS
    ),
    _row("core apps batch extensions", _WORKLOADS, CHANGES, Step.DEPLOY),
    _row("apps batch extensions", _WORKLOADS, REMOVES, Step.DEPLOY),
    _row("core", "persistentvolumes nodes nodes/status", CHANGES, Step.DEPLOY),
    _row("core", "namespaces namespaces/finalize", WRITES, Step.DEPLOY),
    _row("apiextensions.k8s.io", "customresourcedefinitions", WRITES, Step.DEPLOY),
    _row("networking.k8s.io", "networkpolicies", WRITES, Step.DEPLOY),
    _row("policy extensions", "podsecuritypolicies", "use create update patch delete", Step.DEPLOY),
    _row("security.openshift.io", "securitycontextconstraints", "use create update patch delete", Step.DEPLOY),
    _row("security.internal.tanzu.vmware.com", _ANY, WRITES, Step.DEPLOY),
    _row("argoproj.io tekton.dev triggers.tekton.dev serving.knative.dev kagent.dev", _ANY, WRITES, Step.DEPLOY),
    _row(
        "helm.toolkit.fluxcd.io kustomize.toolkit.fluxcd.io source.toolkit.fluxcd.io helm.cattle.io",
        _ANY,
        WRITES,
        Step.DEPLOY,
    ),
    _row(
        "agents.x-k8s.io extensions.agents.x-k8s.io toolhive.stacklok.dev ray.io kubeflow.org",
        _ANY,
        WRITES,
        Step.DEPLOY,
    ),
    _row("apps.openshift.io build.openshift.io image.openshift.io", _ANY, WRITES, Step.DEPLOY),
    _row("kubevirt.io subresources.kubevirt.io", _ANY, WRITES, Step.DEPLOY),
    _row("core", _SHELLS, "get create", Step.EXECUTE),
    _row("core", "pods/ephemeralcontainers", "update patch", Step.EXECUTE),
    _row("core", "nodes/proxy", "get create update patch delete", Step.EXECUTE),
    _row("core", "pods/log", READS, Step.READ_DATA),
    _row("core", "configmaps", READS, Step.READ_DATA),
    _row("core events.k8s.io", "events", WRITES, Step.OBSERVE),
    _row("coordination.k8s.io", "leases", WRITES, Step.OBSERVE),
    _row("authentication.k8s.io authorization.k8s.io", _ANY, "create", Step.OBSERVE),
)
"""The first row of each kind wins; rows are ordered from the highest step down."""

_VERBS: Final = (*sorted(READS), *sorted(WRITES), "impersonate", "escalate", "bind", "use", "approve", "sign")


@lru_cache(maxsize=4096)
def step_of(verb: str, group: str, resource: str) -> Step:
    """The highest step of one verb on one resource ("pods", "pods/exec", "*"); `*` stands for all of its kind."""
    if (verb, group, resource) == ("*", "*", "*"):
        return Step.ADMIN
    verbs = _VERBS if verb == "*" else (verb,)
    return max(_step(one, group, resource) for one in verbs)


def _step(verb: str, group: str, resource: str) -> Step:
    rows = [row for row in _TABLE if _touches(row, verb, group, resource)]
    exact = "*" not in (group, resource)
    if rows:
        return rows[0].step if exact else max(rows[0].step, _plain(verb))
    return _plain(verb)


def _plain(verb: str) -> Step:
    return Step.OBSERVE if verb in READS else Step.WRITE_DATA


def _touches(row: _Row, verb: str, group: str, resource: str) -> bool:
    if verb not in row.verbs:
        return False
    if group not in ("*", *row.groups):
        return False
    return _names(row.resources, resource)


def _names(listed: frozenset[str], resource: str) -> bool:
    """Whether a rule's resource meets a row's: exact, `*` of either, or `*/subresource`."""
    if resource == "*" or resource in listed or "*" in listed:
        return True
    if resource.startswith("*/"):
        return any(one.endswith(resource[1:]) for one in listed)
    return False


def step_of_statement(statement: RbacStatement) -> Step:
    """The highest step of a rule. Names never reach requests that carry none: create and deletecollection."""
    verbs = tuple(verb for verb in statement.verbs if not _is_void(verb, statement))
    steps = [
        step_of(verb, group, resource)
        for verb in verbs
        for group in statement.api_groups
        for resource in statement.resources
        if not (verb == "create" and statement.resource_names and "/" not in resource)
    ]
    return max((*steps, *(_plain_url(verb) for verb in verbs if statement.non_resource_urls)), default=Step.OBSERVE)


def _is_void(verb: str, statement: RbacStatement) -> bool:
    return verb == "deletecollection" and bool(statement.resource_names)


def _plain_url(verb: str) -> Step:
    return Step.OBSERVE if verb in {"get", "head", "options"} else Step.WRITE_DATA
