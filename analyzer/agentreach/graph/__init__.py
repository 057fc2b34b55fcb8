"""Facts joined into chains: agent, identity, assumed identity, grant, system."""

from __future__ import annotations

from agentreach.graph.agent_graph import AgentGraph
from agentreach.graph.build import build
from agentreach.graph.options import AgentOverride, EnvironmentPattern, GraphOptions

__all__ = ["AgentGraph", "AgentOverride", "EnvironmentPattern", "GraphOptions", "build"]
