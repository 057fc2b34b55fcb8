"""Escalation paths of agents' identities, as checks read them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access import actions
from agentreach.access.verdict import Verdict
from agentreach.graph.moments import gates_of
from agentreach.graph.rbac import evidence_of
from agentreach.graph.reach import both, chain_evidence
from agentreach.graph.views import EscalationView
from agentreach.identity import Evidence, Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agentreach.access.escalation import Path
    from agentreach.access.escalation_kubernetes import KubernetesPath
    from agentreach.graph.concern import Concern
    from agentreach.graph.escalations import Escalations
    from agentreach.graph.views import IdentityView
    from agentreach.graph.world import World
    from agentreach.identity import Agent, Statement
    from agentreach.model import Key

_LONGEST = 6
"""A chain of gained identities is shown up to this length."""


class _Way(NamedTuple):
    standing: bool | None
    certain: bool


class _Held(NamedTuple):
    """Who comes to an identity in one way."""

    way: _Way
    agents: tuple[Key, ...]
    entries: tuple[Key, ...]
    agent: Agent
    view: IdentityView


def escalation_views(
    held: Mapping[Key, Sequence[tuple[Agent, IdentityView]]], found: Escalations, world: World, concern: Concern
) -> Iterator[EscalationView]:
    """One view per identity, path and way in which entries come to the identity."""
    for identity in sorted(held):
        paths, rbac = found.of(identity), found.kubernetes(identity)
        if not paths and not rbac:
            continue
        for one in _ways(held[identity], concern):
            yield from (_aws(identity, path, one, found, world) for path in paths)
            yield from (_kubernetes(identity, path, one, world) for path in rbac)


def _ways(views: Sequence[tuple[Agent, IdentityView]], concern: Concern) -> Iterator[_Held]:
    grouped: defaultdict[_Way, list[tuple[Agent, IdentityView]]] = defaultdict(list)
    for agent, view in views:
        grouped[_Way(view.standing, view.certain)].append((agent, view))
    for way, several in grouped.items():
        entries = tuple(sorted((agent.key for agent, _ in several), key=concern.position))
        agents = concern.named(entries)
        first = next(one for one in several if one[0].key == (agents or entries)[0])
        yield _Held(way, agents, entries, *first)


def _aws(identity: Key, path: Path, held: _Held, found: Escalations, world: World) -> EscalationView:
    beyond = found.beyond(path)
    certain = path.verdict is Verdict.ALLOWED and held.way.certain
    lines = (*_statements(identity, path.because, world), *_gained(path, found, world, _LONGEST))
    causes = tuple(dict.fromkeys(_cause(identity, one, world) for one in path.because))
    return EscalationView(
        path=path.entry.id,
        title=path.entry.title,
        identity=identity,
        identity_name=held.view.name,
        agents=held.agents,
        entries=held.entries,
        yields=beyond.step if beyond else path.step,
        evidence=chain_evidence(lines, held.agent, held.view),
        cause=causes[0] if causes else path.entry.id,
        causes=causes,
        gains=tuple(target.key for target in path.targets if target.key != identity),
        target=path.outside,
        certain=certain and (beyond is None or beyond.certain),
        standing=both(_standing(path, identity, world), held.way.standing),
        confidence=min(path.confidence, held.view.confidence),
        references=path.entry.references,
        production=any(world.environments.is_production(target.key) for target in path.targets),
        wildcard_resource=path.wildcard,
    )


def _statements(holder: Key, because: Sequence[Statement], world: World) -> Iterator[Evidence]:
    for statement in because:
        granted = world.layers.origin(holder, statement)
        if granted is not None and granted.attached.managed:
            first, *rest = granted.attached.evidence
            yield Evidence(first.at, f"attaches {granted.attached.managed.rpartition('/')[2]}")
            yield from rest
        else:
            what = ", ".join(world.sentences.of(statement).texts)
            yield Evidence(statement.at, f"allows {what}")
            yield from granted.attached.evidence if granted else ()


def _gained(path: Path, found: Escalations, world: World, depth: int) -> Iterator[Evidence]:
    """The identity gained that leads farthest, and over which of its own paths it does."""
    beyond = found.beyond(path)
    target = beyond.target if beyond else next((one.key for one in path.targets), None)
    if target is None:
        return
    principal = world.principals.get(target)
    if principal is not None:
        yield Evidence(principal.at, f"gains {target.address}")
    lead = found.lead(target)
    if beyond is not None and lead.path is not None and depth:
        yield from _statements(target, lead.path.because, world)
        yield from _gained(lead.path, found, world, depth - 1)


def _cause(holder: Key, statement: Statement, world: World) -> str:
    granted = world.layers.origin(holder, statement)
    return f"{granted.attached.cause}:{statement.spot}" if granted else statement.spot


def _standing(path: Path, identity: Key, world: World) -> bool:
    """False when one of the needs is met by gated statements only."""
    tags = world.principals.tags(identity)
    for need in path.entry.needs:
        bits = actions.expand_all(action.name for action in need)
        meeting = [one for one in path.because if world.sentences.of(one).reach & bits]
        if meeting and all(gates_of(one, identity, tags) for one in meeting):
            return False
    return True


def _kubernetes(identity: Key, path: KubernetesPath, held: _Held, world: World) -> EscalationView:
    strongest = _strongest(identity, path, world)
    lines = [evidence for bound in path.because for evidence in evidence_of(bound)]
    causes = tuple(
        f"{bound.role.key.address}:{bound.statement.spot}@{bound.binding.key.address}" for bound in path.because
    )
    higher = strongest is not None and strongest[1] > path.step
    return EscalationView(
        path=path.entry.id,
        title=path.entry.title,
        identity=identity,
        identity_name=held.view.name,
        agents=held.agents,
        entries=held.entries,
        yields=strongest[1] if strongest is not None and higher else path.step,
        evidence=chain_evidence(tuple(lines), held.agent, held.view),
        cause=causes[0],
        causes=causes,
        gains=(strongest[0],) if strongest is not None and higher else (),
        target=path.target if not path.names else f"{', '.join(path.names)}: {path.target}",
        certain=held.way.certain,
        standing=held.way.standing,
        confidence=held.view.confidence,
        provider="kubernetes",
        references=path.entry.references,
        production=world.environments.says_production(path.namespace or ""),
        wildcard_resource=not path.names and path.namespace is None,
    )


def _strongest(identity: Key, path: KubernetesPath, world: World) -> tuple[Key, Step] | None:
    """The service account of the namespace that may do most, where the path yields the accounts of one."""
    if path.namespace is None or path.step is not Step.IDENTITY or path.names:
        return None
    near = world.rbac.accounts_of(identity.root, path.namespace)
    accounts = ((key, world.highest_of_account(key)) for key in near if key != identity)
    return max(accounts, key=lambda one: (one[1], one[0]), default=None)
