"""What a policy of any kind says about a pod's egress, and how rules are read that are tried in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.kubernetes.manifest import key_at
from agentreach.model import child, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.model import Resource, Span, Value

EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_DNS = frozenset({"53", "dns", "dns-tcp", "domain"})


class Limit(NamedTuple):
    """What one policy says: where the limit stands, and the rule that opens it, if any."""

    policy: Resource
    at: Span
    opening: Value | None


def only_dns(ports: Iterable[Value]) -> bool:
    """Whether ports are named and all of them are those of name resolution."""
    numbers = [string(child(port, "port")) for port in ports]
    return bool(numbers) and all(one in _DNS for one in numbers)


def key_of(policy: Resource, body: Value | None) -> Span:
    """Where a policy speaks of egress, else the policy."""
    return key_at(body, "egress", policy.at)


class Verdict(NamedTuple):
    """What the first rule that meets every address says: "allow", "deny" or "pass"."""

    action: str
    rule: Value


def first_verdict(rules: Iterable[Value], meets_everything: Callable[[Value, str], bool]) -> Verdict | None:
    """The first rule about every address. Rules about some addresses before it only make exceptions."""
    for rule in rules:
        action = (string(child(rule, "action")) or "").lower()
        action = "allow" if action == "accept" else action
        if action in {"allow", "deny", "pass"} and meets_everything(rule, action):
            return Verdict(action, rule)
    return None
