"""Rows of identities and chains of agents, put together: what agents can do."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.graph.views import Reach
from agentreach.identity import Confidence, Evidence, Step
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.graph.concern import Concern
    from agentreach.graph.rows import Rights, Row
    from agentreach.graph.views import GateView, IdentityView
    from agentreach.identity import Agent
    from agentreach.model import Key


_READING: Final = late_regex(r"(?:[a-z0-9-]+:(?:Get|BatchGet|List|Describe|Query|Scan|Select)|(?:get|list|watch) )")
"""Names of actions that read: "s3:GetObject", "get secrets"."""


class _Way(NamedTuple):
    """What chains have in common as far as reach is concerned."""

    standing: bool | None
    certain: bool
    gates: tuple[GateView, ...]


_Spot = tuple[int, int, int]


class _Who(NamedTuple):
    """The entries of one way; the first named one, its view of the identity, and the chain back to it."""

    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    agent: Agent
    view: IdentityView
    back: tuple[Evidence, ...]
    spots: frozenset[_Spot]


def reach_of(
    identity: Key,
    rows: Sequence[Row],
    views: Sequence[tuple[Agent, IdentityView]],
    concern: Concern,
) -> Iterator[Reach]:
    """One Reach for every row and every way in which entries come to the identity."""
    ways: defaultdict[_Way, list[tuple[Agent, IdentityView]]] = defaultdict(list)
    for agent, view in views:
        ways[_Way(view.standing, view.certain, view.gates)].append((agent, view))
    for way, held in ways.items():
        entries = tuple(sorted((agent.key for agent, _ in held), key=concern.position))
        agents = concern.named(entries)
        first = next(one for one in held if one[0].key == (agents or entries)[0])
        back = _back(*first)
        who = _Who(agents, entries, *first, back, frozenset(map(_spot, back)))
        for row in rows:
            yield _reach(identity, row, way, who)


def _reach(identity: Key, row: Row, way: _Way, who: _Who) -> Reach:
    rights = row.rights
    standing = both(row.standing, True if _reads_freely(rights, way) else way.standing)
    certain = rights.certain and way.certain
    doubtful = not certain or standing is None
    return Reach(
        agents=who.agents,
        entries=who.entries,
        identity=identity,
        identity_name=who.view.name,
        step=rights.step,
        service=rights.service,
        actions=rights.actions,
        names=rights.names,
        resources=rights.resources,
        evidence=_joined(row.evidence, who),
        cause=row.cause,
        provider=rights.provider,
        wildcard_action=rights.wildcard_action,
        wildcard_resource=rights.wildcard_resource,
        scopable=rights.scopable,
        systems=rights.systems,
        production=rights.production,
        standing=standing,
        certain=certain,
        gates=(*row.gates, *way.gates) if way.gates else row.gates,
        confidence=min(who.agent.confidence, Confidence.MEDIUM) if doubtful else who.agent.confidence,
        statement=rights.statement,
        policy=row.policy,
        managed=row.managed,
        namespace=rights.namespace,
        conditional=rights.conditional,
    )


def _reads_freely(rights: Rights, way: _Way) -> bool:
    """Whether every gate on the way lets reading pass, and the rights are to read."""
    if not way.gates:
        return False
    holding = [gate for gate in way.gates if gate.holds]
    reads = rights.step <= Step.READ_DATA or any(map(_READING.match, rights.names))
    return way.standing is False and bool(holding) and all(gate.passes_reads for gate in holding) and reads


def chain_evidence(lines: tuple[Evidence, ...], agent: Agent, view: IdentityView) -> tuple[Evidence, ...]:
    """The statement's own lines, then the identity, then the chain back to the agent; each place once."""
    return _once((*lines, *_back(agent, view)))


def _back(agent: Agent, view: IdentityView) -> tuple[Evidence, ...]:
    identity = (Evidence(view.at, f"identity {view.key.address}"),) if view.declared else ()
    return _once((*identity, *reversed(view.via), Evidence(agent.at, f"{agent.kind} {agent.name}")))


def _joined(lines: tuple[Evidence, ...], who: _Who) -> tuple[Evidence, ...]:
    together = (*lines, *who.back)
    return together if who.spots.isdisjoint(map(_spot, lines)) else _once(together)


def _once(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Each place once, with what was said of it first."""
    unique: dict[_Spot, Evidence] = {}
    for one in evidence:
        unique.setdefault(_spot(one), one)
    return tuple(unique.values())


def _spot(evidence: Evidence) -> _Spot:
    at = evidence.at
    return id(at.source), at.start, at.end


def both(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001 - three values
    """AND of three values: a gate on either side is enough."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
