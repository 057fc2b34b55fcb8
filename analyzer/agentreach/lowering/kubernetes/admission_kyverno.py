"""Kyverno's policies: rules that enforce, overrides by namespace, and exceptions.

Source: kyverno.io documentation, "Validate rules", "Policy exceptions", "ValidatingPolicy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.admission_places import POD_KINDS, names, of_pods, of_requests, selected
from agentreach.lowering.kubernetes.manifest import spec
from agentreach.lowering.kubernetes.selection import policies, visible
from agentreach.model import child, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.admission_places import Place
    from agentreach.model import Key, Resource, Value

_EXCEPTION = "kyverno.io/PolicyException"


def gates(subject: Key, place: Place, context: Context) -> Iterator[Fact]:
    """Rules of every policy that match the pods or their account, and enforce there."""
    for policy in policies(context, "kyverno.io/ClusterPolicy", subject):
        yield from _gates(subject, policy, place, context)
    for policy in policies(context, "kyverno.io/Policy", subject, place.namespace):
        yield from _gates(subject, policy, place, context)


def _gates(subject: Key, policy: Resource, place: Place, context: Context) -> Iterator[Fact]:
    body = spec(policy)
    closed = (string(child(body, "failurePolicy")) or "Fail") == "Fail"
    for rule in elements(child(body, "rules")):
        match, exclude = child(rule, "match"), child(rule, "exclude")
        name = string(child(rule, "name")) or "rule"
        if not _enforces(rule, body, place) or _is_excepted(policy, name, place, context):
            continue
        if _names_account(match, place):
            yield of_requests(subject, policy, rule.at, f"{name} judges requests of this account")
        elif _matches(match, place) and not (exclude is not None and _matches(exclude, place)):
            yield of_pods(subject, policy, rule.at, f"{name} is enforced", closed=closed)


def _enforces(rule: Value, body: Value | None, place: Place) -> bool:
    """Whether a rule refuses what it does not like in this namespace; its own word counts before the policy's."""
    checks = child(rule, "validate")
    own = string(child(checks, "failureAction"))
    general = string(child(body, "validationFailureAction")) or "Audit"
    overrides = (
        *elements(child(checks, "failureActionOverrides")),
        *elements(child(body, "validationFailureActionOverrides")),
    )
    for one in overrides:
        spaces = child(one, "namespaces")
        if (spaces is None or names(spaces, place)) and selected(one, "-", place):
            return checks is not None and (string(child(one, "action")) or "").lower() == "enforce"
    return checks is not None and (own or general).lower() == "enforce"


def _is_excepted(policy: Resource, rule: str, place: Place, context: Context) -> bool:
    for exception in visible(context, _EXCEPTION, policy.key.root):
        body = spec(exception)
        for one in elements(child(body, "exceptions")):
            rules = {string(name) for name in elements(child(one, "ruleNames"))}
            meant = string(child(one, "policyName")) in {policy.name, f"{place.namespace}/{policy.name}"}
            if meant and (rule in rules or "*" in rules) and _matches(child(body, "match"), place):
                return True
    return False


def _names_account(match: Value | None, place: Place) -> bool:
    filters = (match, *elements(child(match, "any")), *elements(child(match, "all")))
    return any(
        string(child(one, "kind")) == "ServiceAccount"
        and string(child(one, "name")) == place.account
        and string(child(one, "namespace")) == place.namespace
        for each in filters
        for one in elements(child(each, "subjects"))
    )


def _matches(match: Value | None, place: Place) -> bool:
    every = elements(child(match, "all"))
    if every:
        return all(_resources(child(one, "resources"), place) for one in every)
    some = elements(child(match, "any"))
    if some:
        return any(_resources(child(one, "resources"), place) for one in some)
    return _resources(child(match, "resources"), place)


def _resources(resources: Value | None, place: Place) -> bool:
    if resources is None:
        return False
    kinds = {(string(one) or "").rpartition("/")[2] for one in elements(child(resources, "kinds"))}
    # A rule for pods is extended to every kind that makes them, unless an annotation forbids it.
    if kinds and not kinds & POD_KINDS:
        return False
    spaces = child(resources, "namespaces")
    return (not elements(spaces) or names(spaces, place)) and selected(resources, "selector", place)
