"""Which secrets are an agent's own, and which it merely reaches because nothing limits what it may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach.identity import RbacStatement, Step
from agentreach.model import Key
from agentreach_checks.statements import each_place_once, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView, Reach
    from agentreach.identity import Evidence


def are_its_own(graph: AgentGraph, reach: Reach) -> bool:
    """Whether every secret reached is one that the agents' own workloads and tools are given."""
    given = {use.secret for entry in reach.entries for use in graph.secret_uses(entry)}
    held = {view.credential.key for entry in reach.entries for view in graph.credentials(entry)}
    own: set[Key | None] = {*given, *held}
    return not reach.wildcard_resource and bool(reach.systems) and all(one.key in own for one in reach.systems)


class Swept(NamedTuple):
    """Secrets that agents reach by one statement which names none of them: one cause, however many there are."""

    reach: Reach
    views: list[CredentialView]
    agents: tuple[Key, ...]
    evidence: tuple[Evidence, ...]


class Divided(NamedTuple):
    """Credentials that agents were given, or that a statement names; and those that a statement sweeps up."""

    own: list[CredentialView]
    swept: list[Swept]


def divided(graph: AgentGraph, wanted: Callable[[CredentialView], bool]) -> Divided:
    """Keep apart what an agent holds and what it could read among much else."""
    sweeping = _sweeping(graph)
    own: list[CredentialView] = []
    found: dict[tuple[Key, str], list[CredentialView]] = {}
    reaches: dict[tuple[Key, str], Reach] = {}
    for view in filter(wanted, graph.credentials()):
        reach = sweeping.get(_store(view))
        if reach is None:
            own.append(view)
        else:
            reaches[reach.identity, reach.cause] = reach
            found.setdefault((reach.identity, reach.cause), []).append(view)
    return Divided(own, [_swept(graph, reaches[cause], views) for cause, views in found.items()])


def _swept(graph: AgentGraph, reach: Reach, views: list[CredentialView]) -> Swept:
    agents = in_order(graph, (agent for view in views for agent in view.agents))
    evidence = each_place_once((*(view.evidence for view in views), reach.evidence))
    return Swept(reach, views, agents, evidence)


def _store(view: CredentialView) -> Key:
    """The secret that a value is kept in."""
    owner = view.credential.owner
    return owner if isinstance(owner, Key) else view.credential.key


def _sweeping(graph: AgentGraph) -> Mapping[Key, Reach]:
    """The statement by which each declared secret is reached that no statement names and nobody is given."""
    swept: dict[Key, Reach] = {}
    named = {use.secret for use in graph.secret_uses()}
    for reach in graph.reach(step=Step.SECRETS):
        keys = [system.key for system in reach.systems]
        if _names_none(reach):
            swept.update({key: reach for key in keys if key not in swept})
        else:
            named.update(keys)
    return {key: reach for key, reach in swept.items() if key not in named}


def _names_none(reach: Reach) -> bool:
    rule = reach.statement
    return reach.wildcard_resource or (isinstance(rule, RbacStatement) and not rule.resource_names)


def called(views: list[CredentialView]) -> Iterator[str]:
    """The credentials by their addresses."""
    return (view.credential.key.address for view in views)
