"""Calico's NetworkPolicy and GlobalNetworkPolicy: ordered rules, the first that meets the traffic decides.

A pod that any policy of a tier selects is refused what no rule of it names. A policy of another tier
that passes everything on decides nothing. Staged policies are never enforced and are not read.
Source: docs.tigera.io, "Network policy", "Global network policy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.calico_selectors import Labels, fits
from agentreach.lowering.kubernetes.manifest import spec
from agentreach.lowering.kubernetes.network_limits import EVERYWHERE, Limit, first_verdict, key_of
from agentreach.lowering.kubernetes.selection import is_declared, namespace_labels, policies
from agentreach.model import MapValue, child, elements, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Key, Resource, Value

_GROUPS = ("projectcalico.org", "crd.projectcalico.org")
_OF_THE_API = 1000.0
_DNS = frozenset({"53", "domain"})


def limits(subject: Key, pod: Pod, context: Context) -> tuple[list[Limit], bool]:
    """What Calico's policies say, and whether that is the last word: those of the API come at order 1000."""
    found: list[Limit] = []
    for policy in sorted(_selecting(subject, pod, context), key=_order):
        body = spec(policy)
        verdict = first_verdict(elements(child(body, "egress")), _meets_everything)
        if verdict is not None and verdict.action == "pass":
            continue
        refused = verdict is not None and verdict.action == "deny"
        opening = verdict.rule if verdict is not None and not refused else None
        found.append(Limit(policy, key_of(policy, body), opening))
        if refused:
            return found, _order(policy) < _OF_THE_API
    return found, False


def _selecting(subject: Key, pod: Pod, context: Context) -> Iterator[Resource]:
    around = namespace_labels(pod.namespace, subject.root, context)
    space = Labels(
        {**around, "projectcalico.org/name": pod.namespace}, complete=is_declared(pod.namespace, subject.root, context)
    )
    own = Labels(_labels(pod, around), complete=space.complete)
    plain = Labels(own.own)
    for group in _GROUPS:
        for policy in policies(context, f"{group}/NetworkPolicy", subject, pod.namespace):
            if _is_about_egress(policy) and _fits(policy, "selector", plain):
                yield policy
        for policy in policies(context, f"{group}/GlobalNetworkPolicy", subject):
            if (
                _is_about_egress(policy)
                and _fits(policy, "selector", own)
                and _fits(policy, "namespaceSelector", space)
            ):
                yield policy


def _labels(pod: Pod, around: dict[str, str]) -> dict[str, str]:
    """A pod's labels as Calico sees them: with its namespace's under `pcns.`."""
    account = {"projectcalico.org/serviceaccount": pod.account_name} if pod.account_name else {}
    return {
        **{f"pcns.{key}": value for key, value in around.items()},
        **pod.labels,
        **account,
        "projectcalico.org/namespace": pod.namespace,
        "projectcalico.org/orchestrator": "k8s",
    }


def _fits(policy: Resource, field: str, labels: Labels) -> bool:
    written = child(spec(policy), field)
    return written is None or fits(string(written) or "\0", labels) is True


def _is_about_egress(policy: Resource) -> bool:
    body = spec(policy)
    types = {string(one) for one in elements(child(body, "types"))}
    about_hosts = child(body, "preDNAT") is not None
    return not about_hosts and ("Egress" in types if types else bool(elements(child(body, "egress"))))


def _order(policy: Resource) -> float:
    said = number(child(spec(policy), "order"))
    return float("inf") if said is None else float(said)


def _meets_everything(rule: Value, action: str) -> bool:
    """Whether a rule is about every address. One that names ports allows these everywhere, but refuses only these."""
    target = child(rule, "destination")
    entries = target.entries if isinstance(target, MapValue) else {}
    ports = [string(one) for one in elements(entries.get("ports"))]
    if ports and all(port in _DNS for port in ports):
        return False
    blocks = {string(one) for one in elements(entries.get("nets"))}
    everywhere = bool(blocks & EVERYWHERE) if blocks else not entries.keys() - {"ports", "notPorts", "notNets"}
    narrowed = bool(ports) or "notNets" in entries or "notPorts" in entries or _is_of_one_protocol(rule)
    return everywhere and (action == "allow" or not narrowed)


def _is_of_one_protocol(rule: Value) -> bool:
    return any(child(rule, name) is not None for name in ("protocol", "notProtocol", "icmp", "http", "source"))
