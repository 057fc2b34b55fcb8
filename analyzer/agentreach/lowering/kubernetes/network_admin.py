"""Policies of the cluster's administrators, which stand above and below those of the namespaces.

An AdminNetworkPolicy decides first, by priority; what it passes or does not mention is left to the
namespaces' policies, and where none selects the pod, to the baseline. Neither refuses what no rule
names. ClusterNetworkPolicy is the newer spelling of both, as tiers.
Source: network-policy-api.sigs.k8s.io.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.manifest import kind, spec
from agentreach.lowering.kubernetes.network_limits import EVERYWHERE, Limit, first_verdict, only_dns
from agentreach.lowering.kubernetes.selection import matches, namespace_labels, policies
from agentreach.model import child, descend, elements, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Value

_GROUP = "policy.networking.k8s.io"
_LAST = float("inf")


def decided_first(subject: Key, pod: Pod, context: Context) -> Limit | None:
    """What the administrators' policies say of every address, before any policy of the namespace."""
    return _decided(("AdminNetworkPolicy", "ClusterNetworkPolicy"), "Admin", subject, pod, context)


def decided_last(subject: Key, pod: Pod, context: Context) -> Limit | None:
    """What the baseline says, where no policy of the namespace selects the pod."""
    return _decided(("BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"), "Baseline", subject, pod, context)


def _decided(kinds: tuple[str, ...], tier: str, subject: Key, pod: Pod, context: Context) -> Limit | None:
    found = [
        policy for name in kinds for policy in policies(context, f"{_GROUP}/{name}", subject) if _is_in(policy, tier)
    ]
    for policy in sorted(found, key=_priority):
        if not _selects(child(spec(policy), "subject"), pod, subject.root, context):
            continue
        verdict = first_verdict(elements(child(spec(policy), "egress")), _meets_everything)
        if verdict is not None:
            passed = verdict.action == "pass"
            return None if passed else _limit(policy, verdict.action, verdict.rule)
    return None


def _limit(policy: Resource, action: str, rule: Value) -> Limit:
    return Limit(policy, rule.at, rule if action == "allow" else None)


def _is_in(policy: Resource, tier: str) -> bool:
    return kind(policy) != "ClusterNetworkPolicy" or string(child(spec(policy), "tier")) == tier


def _priority(policy: Resource) -> float:
    said = number(child(spec(policy), "priority"))
    return _LAST if said is None else float(said)


def _selects(subject: Value | None, pod: Pod, root: str, context: Context) -> bool:
    around = namespace_labels(pod.namespace, root, context)
    namespaces, pods = child(subject, "namespaces"), child(subject, "pods")
    if namespaces is not None:
        return matches(namespaces, around)
    return matches(child(pods, "namespaceSelector"), around) and matches(child(pods, "podSelector"), pod.labels)


def _meets_everything(rule: Value, action: str) -> bool:
    """Whether a rule is about every address. One that names ports allows these everywhere, but refuses only these."""
    blocks = {string(block) for to in elements(child(rule, "to")) for block in elements(child(to, "networks"))}
    ports = tuple(_ports(rule))
    if not EVERYWHERE & blocks or only_dns(ports):
        return False
    return action == "allow" or not ports


def _ports(rule: Value) -> Iterator[Value]:
    for port in (*elements(child(rule, "ports")), *elements(child(rule, "protocols"))):
        yield next((found for path in _PORTS if (found := descend(port, path)) is not None), port)


_PORTS = ("portNumber", "tcp.destinationPort", "udp.destinationPort")
