"""Findings about how long a credential lives: shared by the checks that compare a lifetime with its threshold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from agentreach import thresholds
from agentreach.findings import Move, Remedy
from agentreach_checks import rating
from agentreach_checks.wording import duration, kind_of, owned, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView
    from agentreach.identity import Credential

SAFE_TO_SHORTEN = frozenset({"role-session", "access-token", "elevated"})
"""Whoever holds one asks for the next when it ends. What ends with memory, refresh tokens and secrets is gone."""

SHORTEST = {"eventexpiryduration": 7 * thresholds.DAY}
"""What a service refuses to go below (AgentCore's memory: a week), by attribute in one spelling."""


def too_long(check: Check, graph: AgentGraph, classes: frozenset[str]) -> Iterator[Finding]:
    """One finding for each credential of these threshold classes that lives longer than its note."""
    for view in graph.credentials():
        if view.credential.thresholds in classes:
            yield from _compared(check, graph, view)


def _compared(check: Check, graph: AgentGraph, view: CredentialView) -> Iterator[Finding]:
    credential = view.credential
    level = thresholds.level(credential, graph.options.lifetimes)
    lifetime = thresholds.seconds_of(credential)
    if level is None or lifetime is None:
        return
    row = graph.options.lifetimes[credential.thresholds]
    ends = "without end" if lifetime == math.inf else f"for {duration(lifetime)}"
    default = ", which is the default" if credential.defaulted else ""
    set_by = f" ({credential.attribute})" if credential.attribute and not credential.defaulted else ""
    idle = credential.thresholds == "idle-session" and "max" not in credential.attribute.lower()
    timeout = "an idle timeout of " if idle else ""
    yield check.finding(
        f"{_lives(view)} {ends}{default}{set_by}; recommended: {timeout}{duration(row.note)} or less ({row.source})",
        severity=rating.of_credential(view, level),
        confidence=view.confidence,
        subject=credential.key,
        cause=credential.attribute or credential.kind,
        evidence=view.evidence,
        agents=view.agents,
        remedies=_shorter(credential, lifetime, row.note),
    )


def _shorter(credential: Credential, now: float, then: float) -> tuple[Remedy, ...]:
    """The written lifetime as long as recommended; what never ends has no unit to keep."""
    then = max(then, SHORTEST.get(credential.attribute.replace("_", "").lower(), then))
    if now == math.inf or not 0 < then < now or not credential.attribute:
        return ()
    is_idle_time = credential.thresholds == "idle-session" and "idle" in credential.attribute.lower()
    safe = credential.thresholds in SAFE_TO_SHORTEN or is_idle_time
    return (Remedy(move=Move.SHORTEN, at=credential.at, attribute=credential.attribute, value=(now, then), safe=safe),)


def _acting(view: CredentialView) -> str:
    return "" if view.holder in view.agents or not view.agents else f", as which {who(view.agents)} may act,"


def _lives(view: CredentialView) -> str:
    """Subject and verb: what is kept, and by whom."""
    credential = view.credential
    match credential.thresholds, credential.kind:
        case "role-session", _:
            return f"A session of {view.holder.address}{_acting(view)} may last"
        case "idle-session", _:
            return f"A session of {owned(view.holder, view.agents)} may be kept"
        case "memory", _:
            return f"What {who(view.agents, view.holder)} remembers is kept"
        case _:
            return f"The {kind_of(credential)} {credential.key.address} of {who(view.agents, view.holder)} is valid"
