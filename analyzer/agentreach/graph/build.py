"""Facts in, graph out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.agent_graph import AgentGraph
from agentreach.graph.agents import Findings, Weight, agent_views, review_order
from agentreach.graph.concern import Concern
from agentreach.graph.escalation_views import escalation_views
from agentreach.graph.escalations import Escalations
from agentreach.graph.holdings import Holdings
from agentreach.graph.identities import IdentityFinder
from agentreach.graph.join import joined
from agentreach.graph.options import GraphOptions
from agentreach.graph.questions import Questions
from agentreach.graph.reach import reach_of
from agentreach.graph.recognise import inventory
from agentreach.graph.role_assignments_paths import role_escalations
from agentreach.graph.third_parties import third_party_views
from agentreach.graph.tools import tool_views
from agentreach.graph.trust_views import trust_views
from agentreach.graph.unknowns import unknown_views
from agentreach.identity import Step, System, Unmodelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.graph.views import IdentityView, Reach
    from agentreach.graph.world import World
    from agentreach.identity import Agent, Fact
    from agentreach.model import Broken, Key, Skipped


def build(
    facts: Iterable[Fact],
    *,
    skipped: Sequence[Skipped] = (),
    broken: Sequence[Broken] = (),
    options: GraphOptions | None = None,
) -> AgentGraph:
    """Join facts into a graph. The order of the facts changes nothing."""
    options = options or GraphOptions()
    world = joined(facts, options)
    found = inventory(world, options)
    finder = IdentityFinder(world)
    concern = Concern(found.entries, finder, world.edges.belongings)
    identities = {entry.key: finder.of(entry) for entry in found.entries}
    weights = _weights(found.entries, identities, world)
    entries = review_order(found.entries, weights)
    concern.ordered({entry.key: rank for rank, entry in enumerate(entries)})
    highest = {key: Step(weight.highest) for key, weight in weights.items() if weight.highest}
    by_key = {entry.key: entry for entry in entries}
    held = _held(entries, identities)
    reach = tuple(_reach(held, world, concern))
    holdings = Holdings(world, concern, by_key, highest, _readers(reach), _users(reach))
    concluded = _concluded(entries, identities, reach, finder, holdings, world, concern)
    escalations = Escalations(world, _nearest(held))
    views = tuple(agent_views(entries, concluded, world, concern, options))
    return AgentGraph(
        agents=views,
        all_reach=tuple(concluded.reach),
        all_credentials=tuple(concluded.credentials),
        all_tools=tuple(concluded.tools),
        all_trusts=tuple(trust_views(world, concern, by_key)),
        all_settings=tuple(concluded.settings),
        all_secret_uses=tuple(concluded.secret_uses),
        all_escalations=(
            *escalation_views(held, escalations, world, concern),
            *role_escalations(held, world, concern),
        ),
        all_third_parties=tuple(third_party_views(world, concern, by_key)),
        links=tuple(concluded.links),
        unknowns=tuple(concluded.unknowns),
        skipped=tuple(skipped),
        broken=tuple(broken),
        unmodelled=world.index.of(Unmodelled),
        possible_clients=found.possible,
        systems=world.index.of(System),
        facts=world.index.by_key,
        options=options,
        questions=Questions(world),
        by_key={view.key: view for view in views},
    )


def _weights(
    entries: Iterable[Agent], identities: Mapping[Key, tuple[IdentityView, ...]], world: World
) -> dict[Key, Weight]:
    return {entry.key: _weight(entry, identities[entry.key], world) for entry in entries}


def _weight(entry: Agent, views: Iterable[IdentityView], world: World) -> Weight:
    held = [(row, view) for view in views for row in world.rows(view.key)]
    standing = [row.step for row, view in held if row.standing is not False and view.standing is not False]
    return Weight(
        standing=max(standing, default=0),
        highest=max((row.step for row, _ in held), default=0),
        production=world.environments.is_production(entry.key) or any(row.rights.production for row, _ in held),
        reaches=len(held),
    )


def _concluded(
    entries: Sequence[Agent],
    identities: Mapping[Key, tuple[IdentityView, ...]],
    reach: Sequence[Reach],
    finder: IdentityFinder,
    holdings: Holdings,
    world: World,
    concern: Concern,
) -> Findings:
    return Findings(
        reach=reach,
        credentials=tuple(holdings.credentials()),
        tools=tuple(tool_views(world, finder, concern, world.rows)),
        settings=tuple(holdings.settings()),
        links=tuple(holdings.links()),
        unknowns=unknown_views(world, concern),
        identities=identities,
        refused={entry.key: finder.refused(entry) for entry in entries},
        secret_uses=tuple(holdings.secret_uses()),
    )


def _nearest(held: Mapping[Key, Sequence[tuple[Agent, IdentityView]]]) -> list[Key]:
    """Identities by the length of the shortest chain to them."""
    return sorted(held, key=lambda key: (min(len(view.hops) for _, view in held[key]), key))


def _readers(reach: Iterable[Reach]) -> dict[Key, tuple[Key, ...]]:
    """Who may read each declared secret by a policy."""
    found: dict[Key, dict[Key, None]] = {}
    for one in reach:
        if one.step is Step.SECRETS:
            for system in one.systems:
                found.setdefault(system.key, {}).update(dict.fromkeys(one.entries))
    return {key: tuple(entries) for key, entries in found.items()}


def _users(reach: Iterable[Reach]) -> dict[Key, tuple[Key, ...]]:
    """Who may use each declared encryption key by a statement that names keys."""
    found: dict[Key, dict[Key, None]] = {}
    for one in reach:
        for system in () if one.wildcard_resource else one.systems:
            if system.kind == "key":
                found.setdefault(system.key, {}).update(dict.fromkeys(one.entries))
    return {key: tuple(entries) for key, entries in found.items()}


def _held(
    entries: Sequence[Agent], identities: Mapping[Key, tuple[IdentityView, ...]]
) -> dict[Key, list[tuple[Agent, IdentityView]]]:
    """Who acts as each identity, in review order."""
    held: dict[Key, list[tuple[Agent, IdentityView]]] = {}
    for entry in entries:
        for view in identities[entry.key]:
            held.setdefault(view.key, []).append((entry, view))
    return held


def _reach(held: Mapping[Key, Sequence[tuple[Agent, IdentityView]]], world: World, concern: Concern) -> Iterator[Reach]:
    for identity in sorted(held):
        yield from reach_of(identity, world.rows(identity), held[identity], concern)
