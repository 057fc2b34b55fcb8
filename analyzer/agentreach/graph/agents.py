"""Inventory entries with everything that hangs off them, in the order in which to review them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.bounded import is_bounded
from agentreach.graph.identities import home_of
from agentreach.graph.views import AgentView
from agentreach.identity import Role
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.graph.concern import Concern
    from agentreach.graph.options import GraphOptions
    from agentreach.graph.views import (
        CredentialView,
        IdentityView,
        LinkView,
        Reach,
        RefusedIdentity,
        SecretUseView,
        SettingView,
        ToolView,
        UnknownView,
    )
    from agentreach.graph.world import World
    from agentreach.identity import Agent, Step
    from agentreach.model import Key

_ROLES = (Role.AGENT, Role.UNDECLARED, Role.TOOL, Role.HOST)


class Weight(NamedTuple):
    """How much an entry holds, for the review order."""

    standing: int
    highest: int
    production: bool
    reaches: int


def review_order(entries: Iterable[Agent], weights: Mapping[Key, Weight]) -> tuple[Agent, ...]:
    """What holds the highest step without a gate comes first; ties by production, amount, kind of entry, key."""

    def order(agent: Agent) -> tuple[int, int, int, int, int, int, Key]:
        weight = weights[agent.key]
        return (
            -weight.standing,
            -weight.highest,
            -int(weight.production),
            _ROLES.index(agent.role),
            -weight.reaches,
            -agent.confidence,
            agent.key,
        )

    return tuple(sorted(entries, key=order))


class Findings(NamedTuple):
    """What was concluded so far, from which an entry's view is put together."""

    reach: Sequence[Reach]
    credentials: Sequence[CredentialView]
    tools: Sequence[ToolView]
    settings: Sequence[SettingView]
    links: Sequence[LinkView]
    unknowns: Sequence[UnknownView]
    identities: Mapping[Key, tuple[IdentityView, ...]]
    refused: Mapping[Key, tuple[RefusedIdentity, ...]]
    secret_uses: Sequence[SecretUseView] = ()


def agent_views(
    entries: Sequence[Agent], found: Findings, world: World, concern: Concern, options: GraphOptions
) -> Iterator[AgentView]:
    """One view per entry, in the order given."""
    held: dict[Key, list[Reach]] = {agent.key: [] for agent in entries}
    for reach in found.reach:
        for key in reach.entries:
            held[key].append(reach)
    for agent in entries:
        yield _view(agent, held[agent.key], found, world, concern, options)


def _view(
    agent: Agent, reach: list[Reach], found: Findings, world: World, concern: Concern, options: GraphOptions
) -> AgentView:
    key = agent.key
    identities = found.identities[key]
    owners = world.edges.principals_of(key)
    return AgentView(
        agent=agent,
        owner=_owner((agent.tags, *(world.principals.tags(one) for one in owners)), options.owner_tags),
        production=world.environments.is_production(key) or any(one.production for one in reach),
        bounded=is_bounded(agent, found, reach, options),
        confidence=agent.confidence,
        identities=identities,
        tools=tuple(one for one in found.tools if key in one.entries),
        gates=world.gates.of(key),
        links=tuple(one for one in found.links if one.agent == key),
        refused=found.refused.get(key, ()),
        used_by=concern.used_by[key],
        runs_on=world.edges.runs_on(key),
        highest=_highest(reach),
        highest_standing=_highest([one for one in reach if one.standing is not False]),
        environments=_environments(key, identities, world),
        account=home_of(key, world),
    )


def _highest(reach: Sequence[Reach]) -> Step | None:
    return max((one.step for one in reach), default=None)


def _owner(tags: Iterable[dict[str, str]], wanted: tuple[str, ...]) -> str | None:
    """The first owner tag that has a value, the entry's own before its identity's; keys in any letter case."""
    for one in tags:
        folded = {key.lower(): value for key, value in one.items()}
        owner = next((folded[name.lower()] for name in wanted if folded.get(name.lower())), None)
        if owner:
            return owner
    return None


def _environments(key: Key, identities: Sequence[IdentityView], world: World) -> tuple[str, ...]:
    own = world.environments.of(key)
    found = {one for view in identities for one in view.environments} | ({own} if own is not None else set())
    return tuple(sorted(found))
