"""Policies that match an agent's pods or account and enforce: none counts that only audits.

A policy about pods decides how the agent is deployed and nothing that it does: its gate covers the
admission of its pods alone. One about the requests of the agent's own account stands in its way, for
some of them: whether it does is not known. Istio's AuthorizationPolicy decides about inbound calls.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.identity import Gate
from agentreach.lowering.kubernetes.manifest import entries, first, namespace, spec, strings
from agentreach.lowering.kubernetes.selection import in_namespace, matches, namespace_labels, visible
from agentreach.model import child, descend, elements, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Span, Value

CONSTRAINTS = "constraints.gatekeeper.sh/"
_KINDS = frozenset({"Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "*"})
_MESH_ROOT = "istio-system"


class _Place(NamedTuple):
    """What admission sees of a pod."""

    labels: dict[str, str]
    namespace: str
    around: dict[str, str]
    account: str | None


def admission_gates(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Every enforcing policy that matches the pods or their account."""
    around = namespace_labels(pod.namespace, subject.root, context)
    place = _Place(pod.labels, pod.namespace, around, pod.account_name)
    for policy in visible(context, "kyverno.io/ClusterPolicy", subject.root):
        yield from _kyverno(subject, policy, place)
    for policy in in_namespace(context, "kyverno.io/Policy", subject.root, pod.namespace):
        yield from _kyverno(subject, policy, place)
    for constraint in _constraints(context):
        yield from _gatekeeper(subject, constraint, place)
    for binding in visible(context, f"{_ADMISSION}/ValidatingAdmissionPolicyBinding", subject.root):
        yield from _validating(subject, binding, place, context)
    yield from _mesh(subject, pod, context)


def _of_pods(subject: Key, policy: Resource, at: Span, note: str, *, closed: bool = True) -> Gate:
    covers = ("admission of its pods",)
    text = f"{policy.key.address}: {note}"
    return Gate(subject=subject, kind="admission", at=at, covers=covers, fails_closed=closed, note=text)


def _of_requests(subject: Key, policy: Resource, at: Span, note: str) -> Gate:
    text = f"{policy.key.address}: {note}"
    return Gate(subject=subject, kind="admission", at=at, fails_closed=None, note=text)


# Kyverno ---------------------------------------------------------------------------------------


def _kyverno(subject: Key, policy: Resource, place: _Place) -> Iterator[Fact]:
    body = spec(policy)
    general = string(child(body, "validationFailureAction")) or "Audit"
    closed = (string(child(body, "failurePolicy")) or "Fail") == "Fail"
    for rule in elements(child(body, "rules")):
        checks, match, exclude = child(rule, "validate"), child(rule, "match"), child(rule, "exclude")
        action = string(child(checks, "failureAction")) or general
        if checks is None or action.lower() != "enforce":
            continue
        name = string(child(rule, "name")) or "rule"
        if _names_account(match, place):
            yield _of_requests(subject, policy, rule.at, f"{name} judges requests of this account")
        elif _kyverno_matches(match, place) and not (exclude is not None and _kyverno_matches(exclude, place)):
            yield _of_pods(subject, policy, rule.at, f"{name} is enforced", closed=closed)


def _names_account(match: Value | None, place: _Place) -> bool:
    filters = (match, *elements(child(match, "any")), *elements(child(match, "all")))
    return any(
        string(child(one, "kind")) == "ServiceAccount"
        and string(child(one, "name")) == place.account
        and string(child(one, "namespace")) == place.namespace
        for each in filters
        for one in elements(child(each, "subjects"))
    )


def _kyverno_matches(match: Value | None, place: _Place) -> bool:
    every = elements(child(match, "all"))
    if every:
        return all(_kyverno_resources(child(one, "resources"), place) for one in every)
    some = elements(child(match, "any"))
    if some:
        return any(_kyverno_resources(child(one, "resources"), place) for one in some)
    return _kyverno_resources(child(match, "resources"), place)


def _kyverno_resources(resources: Value | None, place: _Place) -> bool:
    if resources is None:
        return False
    kinds = {(string(one) or "").rpartition("/")[2] for one in elements(child(resources, "kinds"))}
    # A rule for pods is extended to every kind that makes them, unless an annotation forbids it.
    if kinds and not kinds & _KINDS:
        return False
    named = [string(one) or "" for one in elements(child(resources, "namespaces"))]
    if named and not any(_glob(pattern, place.namespace) for pattern in named):
        return False
    selectors = ((child(resources, "selector"), place.labels), (child(resources, "namespaceSelector"), place.around))
    return all(selector is None or matches(selector, labels) for selector, labels in selectors)


def _glob(pattern: str, text: str) -> bool:
    head, star, tail = pattern.partition("*")
    if not star:
        return pattern == text
    return len(text) >= len(head) + len(tail) and text.startswith(head) and text.endswith(tail.lstrip("*"))


# Gatekeeper ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _constraints(context: Context) -> tuple[Resource, ...]:
    """Constraints are of kinds that each installation defines for itself."""
    return tuple(one for one in context.resources.values() if one.type.startswith(CONSTRAINTS))


def _gatekeeper(subject: Key, constraint: Resource, place: _Place) -> Iterator[Fact]:
    body = spec(constraint)
    action = string(child(body, "enforcementAction")) or "deny"
    if action == "deny" and _gatekeeper_matches(child(body, "match"), place):
        # Gatekeeper's webhook fails open unless its installation says otherwise.
        yield _of_pods(subject, constraint, constraint.at, "the constraint denies", closed=False)


def _gatekeeper_matches(match: Value | None, place: _Place) -> bool:
    if match is None:
        return True
    kinds = {string(kind) for one in elements(child(match, "kinds")) for kind in elements(child(one, "kinds"))}
    if kinds and not kinds & _KINDS:
        return False
    named = [string(one) or "" for one in elements(child(match, "namespaces"))]
    excluded = [string(one) or "" for one in elements(child(match, "excludedNamespaces"))]
    if named and not any(_glob(pattern, place.namespace) for pattern in named):
        return False
    if any(_glob(pattern, place.namespace) for pattern in excluded):
        return False
    selectors = ((child(match, "labelSelector"), place.labels), (child(match, "namespaceSelector"), place.around))
    return all(selector is None or matches(selector, labels) for selector, labels in selectors)


# The API's own ---------------------------------------------------------------------------------

_ADMISSION = "admissionregistration.k8s.io"


def _validating(subject: Key, binding: Resource, place: _Place, context: Context) -> Iterator[Fact]:
    body = spec(binding)
    actions = {string(one) for one in elements(child(body, "validationActions"))}
    name = string(child(body, "policyName"))
    if "Deny" not in actions or not _resources_match(child(body, "matchResources"), place):
        return
    for policy in visible(context, f"{_ADMISSION}/ValidatingAdmissionPolicy", subject.root):
        constraints = descend(spec(policy), "matchConstraints")
        if policy.name != name or not _resources_match(constraints, place):
            continue
        note = f"bound with Deny by {binding.name}"
        if _mentions_account(policy, place):
            yield _of_requests(subject, policy, binding.at, f"{note}, for requests of this account")
        elif _covers_pods(constraints):
            closed = (string(child(spec(policy), "failurePolicy")) or "Fail") == "Fail"
            yield _of_pods(subject, policy, binding.at, note, closed=closed)


def _mentions_account(policy: Resource, place: _Place) -> bool:
    user = f"system:serviceaccount:{place.namespace}:{place.account}"
    parts = (*elements(child(spec(policy), "matchConditions")), *elements(child(spec(policy), "validations")))
    return any(user in (string(child(one, "expression")) or "") for one in parts)


def _resources_match(resources: Value | None, place: _Place) -> bool:
    selectors = (
        (child(resources, "namespaceSelector"), place.around),
        (child(resources, "objectSelector"), place.labels),
    )
    return all(selector is None or matches(selector, labels) for selector, labels in selectors)


def _covers_pods(constraints: Value | None) -> bool:
    covered = {
        string(one)
        for rule in elements(child(constraints, "resourceRules"))
        for one in elements(child(rule, "resources"))
    }
    return bool(covered & {"*", "pods", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"})


# Istio -----------------------------------------------------------------------------------------


def _mesh(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Inbound calls that the mesh refuses; only with a proxy in the pod or the ambient mesh around it."""
    for space in dict.fromkeys((pod.namespace, _MESH_ROOT)):
        for policy in in_namespace(context, "security.istio.io/AuthorizationPolicy", subject.root, space):
            action = (string(child(spec(policy), "action")) or "ALLOW").upper()
            if action not in {"ALLOW", "DENY", "CUSTOM"} or not _selects(policy, pod):
                continue
            if namespace(policy) not in {pod.namespace, _MESH_ROOT}:
                continue
            anyone = action == "ALLOW" and any(not entries(rule) for rule in elements(child(spec(policy), "rules")))
            if not anyone:
                note = f"the mesh decides on every inbound call ({action})"
                yield Gate(
                    subject=subject,
                    kind="condition",
                    at=policy.at,
                    fails_closed=None if action == "CUSTOM" else True,
                    note=f"{policy.key.address}: {note}",
                )


def _selects(policy: Resource, pod: Pod) -> bool:
    selector = first(spec(policy), "selector.matchLabels")
    return all(pod.labels.get(key) == value for key, value in strings(selector).items())
