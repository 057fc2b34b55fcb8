"""What agents may do, a statement at a time, and the findings about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import replace
from agentreach_checks import rating
from agentreach_checks.smaller import smaller

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.check import Check
    from agentreach.findings import Finding, Severity
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach
    from agentreach.identity import Confidence, Evidence
    from agentreach.model import Key

ABOUT_WIDTH = frozenset({"AR102", "AR301"})
"""Checks that ask for names, whoever decides about each use."""


def by_statement(graph: AgentGraph, reaches: Iterable[Reach]) -> Iterator[Reach]:
    """Each statement, step and service once, with all agents that come to it: some may come through a gate."""
    groups: dict[tuple[object, ...], list[Reach]] = {}
    for reach in reaches:
        same = (reach.identity, reach.cause, reach.step, reach.service, reach.actions, reach.resources)
        groups.setdefault(same, []).append(reach)
    for several in groups.values():
        yield several[0] if len(several) == 1 else _together(graph, several)


def _together(graph: AgentGraph, several: list[Reach]) -> Reach:
    """The way without a gate leads: it is the one that counts."""
    lead = min(several, key=lambda reach: (reach.standing is False, not reach.certain))
    return replace(
        lead,
        agents=in_order(graph, (key for reach in several for key in reach.agents)),
        entries=in_order(graph, (key for reach in several for key in reach.entries)),
        evidence=each_place_once(reach.evidence for reach in (lead, *several)),
        confidence=max(reach.confidence for reach in several),
    )


def in_order(graph: AgentGraph, keys: Iterable[Key]) -> tuple[Key, ...]:
    """Entries each once, in review order."""
    wanted = set(keys)
    return tuple(key for key in graph.by_key if key in wanted)


def each_place_once(groups: Iterable[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    """Evidence of several, each place with what was said of it first."""
    found: dict[tuple[str, int, int], Evidence] = {}
    for group in groups:
        for one in group:
            found.setdefault((one.at.source.path, one.at.start, one.at.end), one)
    return tuple(found.values())


def claim(
    check: Check,
    reach: Reach,
    message: str,
    *,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    in_part: bool = False,
) -> Finding:
    """A finding about a statement; `in_part` when it is about the actions of this step and service only."""
    return check.finding(
        message,
        severity=rating.of_reach(reach) if severity is None else severity,
        confidence=reach.confidence if confidence is None else confidence,
        subject=reach.identity,
        cause=reach.cause,
        facet=f"{reach.step.label}/{reach.service}" if in_part else "",
        evidence=reach.evidence,
        agents=reach.agents,
        remedies=smaller(reach, decided=check.id not in ABOUT_WIDTH),
    )
