"""Findings about the ways in which an identity gains more rights: shared by the checks of clouds and of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_checks import rating
from agentreach_checks.smaller import smaller
from agentreach_checks.statements import each_place_once, in_order
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.check import Check
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import EscalationView, Reach
    from agentreach.model import Key

TITLES_SHOWN = 3
GAINS_SHOWN = 4


def raising(check: Check, graph: AgentGraph, paths: Iterable[EscalationView]) -> Iterator[Finding]:
    """One finding for each statement that a path needs; the sentence is about all paths of the identity."""
    by_identity: dict[Key, list[EscalationView]] = {}
    for path in paths:
        by_identity.setdefault(path.identity, []).append(path)
    said = {(reach.identity, reach.cause): reach for reach in graph.reach()} if by_identity else {}
    for several in by_identity.values():
        ordered = sorted(several, key=lambda path: (-rating.of_escalation(path), -path.yields, not path.certain))
        yield from _about(check, graph, ordered, said)


def _about(
    check: Check, graph: AgentGraph, paths: Sequence[EscalationView], said: Mapping[tuple[Key, str], Reach]
) -> Iterator[Finding]:
    identity = paths[0].identity
    agents = in_order(graph, (key for path in paths for key in path.agents))
    message = f"{who(agents)} can gain more rights as {paths[0].identity_name}: {_gained(paths)}"
    causes: dict[str, list[EscalationView]] = {}
    for path in paths:
        for cause in path.causes or (path.cause,):
            causes.setdefault(cause, []).append(path)
    for cause, needing in causes.items():
        yield check.finding(
            message,
            severity=max(map(rating.of_escalation, needing)),
            confidence=max(path.confidence for path in needing),
            subject=identity,
            cause=cause,
            evidence=each_place_once(path.evidence for path in needing),
            agents=agents,
            remedies=smaller(said[identity, cause]) if (identity, cause) in said else (),
        )


def _gained(paths: Iterable[EscalationView]) -> str:
    """`any user of the account (an access key of another user, aws-iam-create-access-key)`, the worst first."""
    found: dict[str, list[str]] = {}
    for path in paths:
        gained = listed(key.address for key in path.gains) or path.target or path.yields.label
        titles = found.setdefault(gained, [])
        titles.append(f"{path.title} [{path.path}]")
    said = [f"{gained} through {_some(titles)}" for gained, titles in found.items()]
    more = len(said) - GAINS_SHOWN
    return "; ".join(said[:GAINS_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _some(titles: Iterable[str]) -> str:
    return listed(titles, TITLES_SHOWN)
