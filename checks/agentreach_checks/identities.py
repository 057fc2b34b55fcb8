"""Identities with all the agents that act as them: shared by the checks that look at identities one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach_checks.statements import each_place_once, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView
    from agentreach.identity import Evidence
    from agentreach.model import Key


class Held(NamedTuple):
    """One identity, seen from the first entry that holds it, and the agents that a finding names."""

    view: IdentityView
    agents: tuple[Key, ...]
    evidence: tuple[Evidence, ...]


def by_identity(graph: AgentGraph, wanted: Callable[[IdentityView], bool]) -> Iterator[Held]:
    """Each identity once, in review order. A tool or host that agents use is named by them."""
    found: dict[Key, list[IdentityView]] = {}
    for agent in graph.agents:
        for view in agent.identities:
            if wanted(view):
                found.setdefault(view.key, []).append(view)
    for views in found.values():
        entries = {view.agent for view in views}
        named = (user for key in entries if (entry := graph.agent(key)) for user in entry.used_by)
        alone = (key for key in entries if (entry := graph.agent(key)) and entry.stands_alone)
        yield Held(views[0], in_order(graph, (*alone, *named)), each_place_once(map(_back, views)))


def _back(view: IdentityView) -> tuple[Evidence, ...]:
    """The chain from the identity back to who holds it: what gives it away comes first."""
    return tuple(one for hop in reversed(view.hops) for one in hop.evidence) or view.via
