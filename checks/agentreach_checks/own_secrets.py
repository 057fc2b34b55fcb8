"""Secrets that an agent's own declarations name: reading those is what they are declared for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach
    from agentreach.model import Key


def are_its_own(graph: AgentGraph, reach: Reach) -> bool:
    """Whether every secret reached is one that the agents' own workloads and tools are given."""
    given = {use.secret for entry in reach.entries for use in graph.secret_uses(entry)}
    held = {view.credential.key for entry in reach.entries for view in graph.credentials(entry)}
    own: set[Key | None] = {*given, *held}
    return not reach.wildcard_resource and bool(reach.systems) and all(one.key in own for one in reach.systems)
