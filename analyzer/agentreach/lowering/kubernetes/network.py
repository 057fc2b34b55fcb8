"""Where a pod may connect to: network policies of every kind, when their selector really matches.

Policies of the API only add: as soon as one selects a pod for egress, what no rule allows is
refused (https://kubernetes.io/docs/concepts/services-networking/network-policies/). A policy that
lies in another namespace, selects other pods, or only speaks of ingress, limits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering.kubernetes import network_admin, network_calico
from agentreach.lowering.kubernetes.manifest import spec
from agentreach.lowering.kubernetes.network_limits import EVERYWHERE, Limit, key_of, only_dns
from agentreach.lowering.kubernetes.selection import matches, namespace_labels, policies
from agentreach.model import MapValue, boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Span, Value

_WORLD = frozenset({"world", "all", "world-ipv4", "world-ipv6"})
_CILIUM_TARGETS = (
    "toEndpoints",
    "toCIDR",
    "toCIDRSet",
    "toEntities",
    "toFQDNs",
    "toServices",
    "toGroups",
    "toNodes",
    "toRequires",
)


def egress(subject: Key, pod: Pod, at: Span, context: Context) -> Setting:
    """Whether the pod may connect anywhere."""
    above = network_admin.decided_first(subject, pod, context)
    limits = [above] if above else _of_namespaces(subject, pod, context)
    below = None if limits else network_admin.decided_last(subject, pod, context)
    return _stated(subject, [below] if below else limits, at)


def _stated(subject: Key, limits: list[Limit], at: Span) -> Setting:
    for limit in limits:
        if limit.opening is not None:
            note = f"{limit.policy.key.address} allows every address"
            return _setting(subject, limit.opening.at, open_=True, note=note)
    if limits:
        names = ", ".join(dict.fromkeys(limit.policy.key.address for limit in limits))
        return _setting(subject, limits[0].at, open_=False, note=f"limited by {names}")
    return Setting(
        subject=subject,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=True,
        at=at,
        note="no network policy for egress selects its pods",
        defaulted=True,
    )


def _setting(subject: Key, at: Span, *, open_: bool, note: str) -> Setting:
    return Setting(subject=subject, aspect=Aspect.UNRESTRICTED_EGRESS, state=open_, at=at, note=note)


def _of_namespaces(subject: Key, pod: Pod, context: Context) -> list[Limit]:
    calico, is_last_word = network_calico.limits(subject, pod, context)
    return calico if is_last_word else [*calico, *_limits(subject, pod, context)]


def _limits(subject: Key, pod: Pod, context: Context) -> Iterator[Limit]:
    for policy in policies(context, "networking.k8s.io/NetworkPolicy", subject, pod.namespace):
        yield from _of_api(policy, pod)
    for policy in policies(context, "cilium.io/CiliumNetworkPolicy", subject, pod.namespace):
        yield from _of_cilium(policy, _cilium_labels(pod, subject.root, context))
    for policy in policies(context, "cilium.io/CiliumClusterwideNetworkPolicy", subject):
        yield from _of_cilium(policy, _cilium_labels(pod, subject.root, context))


def _of_api(policy: Resource, pod: Pod) -> Iterator[Limit]:
    body = spec(policy)
    rules = child(body, "egress")
    types = {string(one) for one in elements(child(body, "policyTypes"))}
    if not ("Egress" in types if types else rules is not None):
        return
    # An absent podSelector is an empty one: the API requires it and treats null so.
    selector = child(body, "podSelector")
    if selector is not None and not matches(selector, pod.labels):
        return
    yield Limit(policy, key_of(policy, body), opening_rule(rules))


def opening_rule(rules: Value | None) -> Value | None:
    """The first egress rule of the API's kind that allows every address; DNS alone is not every address."""
    return next((rule for rule in elements(rules) if _is_open(rule)), None)


def _is_open(rule: Value) -> bool:
    targets = elements(child(rule, "to"))
    if not targets:
        return not only_dns(elements(child(rule, "ports")))
    return any(string(descend(one, "ipBlock.cidr")) in EVERYWHERE for one in targets)


def _cilium_labels(pod: Pod, root: str, context: Context) -> dict[str, str]:
    around = namespace_labels(pod.namespace, root, context)
    own = {**pod.labels, "io.kubernetes.pod.namespace": pod.namespace}
    own.update({f"io.cilium.k8s.namespace.labels.{key}": value for key, value in around.items()})
    prefixed = {f"{prefix}{key}": value for key, value in own.items() for prefix in ("k8s:", "any:")}
    return {**own, **prefixed}


def _of_cilium(policy: Resource, own: dict[str, str]) -> Iterator[Limit]:
    for body in (spec(policy), *elements(child(policy.attributes, "specs"))):
        rules = child(body, "egress")
        if rules is None and child(body, "egressDeny") is None:
            continue
        if boolean(descend(body, "enableDefaultDeny.egress")) is False or not matches(
            child(body, "endpointSelector"), own
        ):
            continue
        opening = next((rule for rule in elements(rules) if _is_open_cilium(rule)), None)
        yield Limit(policy, key_of(policy, body), opening)


def _is_open_cilium(rule: Value) -> bool:
    """An empty rule allows nothing; one with ports alone allows these ports everywhere."""
    entities = {string(one) for one in elements(child(rule, "toEntities"))}
    blocks = [string(one) for one in elements(child(rule, "toCIDR"))]
    blocks += [string(child(one, "cidr")) for one in elements(child(rule, "toCIDRSet"))]
    names = [string(child(one, "matchPattern")) for one in elements(child(rule, "toFQDNs"))]
    if entities & _WORLD or EVERYWHERE & set(blocks) or "*" in names:
        return True
    targeted = isinstance(rule, MapValue) and any(name in rule.entries for name in _CILIUM_TARGETS)
    ports = [port for one in elements(child(rule, "toPorts")) for port in elements(child(one, "ports"))]
    return not targeted and bool(ports) and not only_dns(ports)
