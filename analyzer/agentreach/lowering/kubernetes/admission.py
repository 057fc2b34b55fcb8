"""Policies that match an agent's pods or account and enforce: none counts that only audits.

A policy about pods decides how the agent is deployed and nothing that it does: its gate covers the
admission of its pods alone. One about the requests of the agent's own account stands in its way, for
some of them: whether it does is not known. Istio's AuthorizationPolicy decides about inbound calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Gate
from agentreach.lowering.context import once_per_scan
from agentreach.lowering.kubernetes import admission_kyverno
from agentreach.lowering.kubernetes.admission_places import POD_KINDS, Place, names, of_pods, of_requests, selected
from agentreach.lowering.kubernetes.manifest import entries, first, namespace, spec, strings
from agentreach.lowering.kubernetes.selection import namespace_labels, own_or_shared, policies
from agentreach.model import boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Span, Value

CONSTRAINTS = "constraints.gatekeeper.sh/"
_WEBHOOK = frozenset({"*", "validation.gatekeeper.sh", "vap.k8s.io"})
_MESH_ROOT = "istio-system"


def admission_gates(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Every enforcing policy that matches the pods or their account."""
    around = namespace_labels(pod.namespace, subject.root, context)
    place = Place(pod.labels, pod.namespace, around, pod.account_name)
    yield from admission_kyverno.gates(subject, place, context)
    yield from _kyverno_expressions(subject, place, context)
    constraints = _constraints(context)
    own = tuple(one for one in constraints if one.key.root == subject.root)
    for constraint in own_or_shared(own or constraints, subject, context):
        yield from _gatekeeper(subject, constraint, place)
    for binding in policies(context, f"{_ADMISSION}/ValidatingAdmissionPolicyBinding", subject):
        yield from _validating(subject, binding, place, context)
    yield from mesh(subject, pod, context)


# Gatekeeper ------------------------------------------------------------------------------------


@once_per_scan
def _constraints(context: Context) -> tuple[Resource, ...]:
    """Constraints are of kinds that each installation defines for itself."""
    return tuple(one for one in context.resources.values() if one.type.startswith(CONSTRAINTS))


def _gatekeeper(subject: Key, constraint: Resource, place: Place) -> Iterator[Fact]:
    body = spec(constraint)
    if _denies(body) and _gatekeeper_matches(child(body, "match"), place):
        # Gatekeeper's webhook fails open unless its installation says otherwise.
        yield of_pods(subject, constraint, constraint.at, "the constraint denies", closed=False)


def _denies(body: Value | None) -> bool:
    """Whether the webhook refuses: the action itself, or one that is scoped to it."""
    action = string(child(body, "enforcementAction")) or "deny"
    scoped = elements(child(body, "scopedEnforcementActions")) if action == "scoped" else ()
    return action == "deny" or any(
        string(child(one, "action")) == "deny"
        and any(string(child(point, "name")) in _WEBHOOK for point in elements(child(one, "enforcementPoints")))
        for one in scoped
    )


def _gatekeeper_matches(match: Value | None, place: Place) -> bool:
    if match is None:
        return True
    kinds = {string(kind) for one in elements(child(match, "kinds")) for kind in elements(child(one, "kinds"))}
    if kinds and not kinds & POD_KINDS:
        return False
    spaces, excluded = child(match, "namespaces"), child(match, "excludedNamespaces")
    if names(excluded, place) or (elements(spaces) and not names(spaces, place)):
        return False
    return selected(match, "labelSelector", place)


# The API's own ---------------------------------------------------------------------------------

_ADMISSION = "admissionregistration.k8s.io"


def _validating(subject: Key, binding: Resource, place: Place, context: Context) -> Iterator[Fact]:
    body = spec(binding)
    actions = {string(one) for one in elements(child(body, "validationActions"))}
    name = string(child(body, "policyName"))
    if "Deny" not in actions or not selected(child(body, "matchResources"), "objectSelector", place):
        return
    for policy in policies(context, f"{_ADMISSION}/ValidatingAdmissionPolicy", subject):
        if policy.name == name:
            yield from _judged(subject, policy, place, binding.at, f"bound with Deny by {binding.name}")


def _judged(subject: Key, policy: Resource, place: Place, at: Span, note: str) -> Iterator[Fact]:
    constraints = descend(spec(policy), "matchConstraints")
    if not selected(constraints, "objectSelector", place):
        return
    if _mentions_account(policy, place):
        yield of_requests(subject, policy, at, f"{note}, for requests of this account")
    elif _covers_pods(constraints):
        closed = (string(child(spec(policy), "failurePolicy")) or "Fail") == "Fail"
        yield of_pods(subject, policy, at, note, closed=closed)


def _kyverno_expressions(subject: Key, place: Place, context: Context) -> Iterator[Fact]:
    """Kyverno's newer policies, written as the API's own, and bound by themselves."""
    group = "policies.kyverno.io"
    for policy in (
        *policies(context, f"{group}/ValidatingPolicy", subject),
        *policies(context, f"{group}/NamespacedValidatingPolicy", subject, place.namespace),
    ):
        actions = {string(one) for one in elements(child(spec(policy), "validationActions"))}
        if "Deny" in actions and boolean(descend(spec(policy), "evaluation.admission.enabled")) is not False:
            yield from _judged(subject, policy, place, policy.at, "denies")


def _mentions_account(policy: Resource, place: Place) -> bool:
    user = f"system:serviceaccount:{place.namespace}:{place.account}"
    parts = (*elements(child(spec(policy), "matchConditions")), *elements(child(spec(policy), "validations")))
    return any(user in (string(child(one, "expression")) or "") for one in parts)


def _covers_pods(constraints: Value | None) -> bool:
    covered = {
        string(one)
        for rule in elements(child(constraints, "resourceRules"))
        for one in elements(child(rule, "resources"))
    }
    return bool(covered & {"*", "pods", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"})


# Istio -----------------------------------------------------------------------------------------


def mesh(subject: Key, pod: Pod, context: Context) -> Iterator[Fact]:
    """Inbound calls that the mesh refuses; only with a proxy in the pod or the ambient mesh around it."""
    for space in dict.fromkeys((pod.namespace, _MESH_ROOT)):
        for policy in policies(context, "security.istio.io/AuthorizationPolicy", subject, space):
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
