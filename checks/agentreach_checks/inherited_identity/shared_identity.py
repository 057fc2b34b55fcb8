"""AR103: one identity, several agents or an agent and another workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, IdentityRelation
from agentreach_checks import rating
from agentreach_checks.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import AgentView, IdentityView
    from agentreach.model import Key


OWN = (IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS)


@check(
    id="AR103",
    name="shared-identity",
    title="One identity serves several agents or workloads",
    severity=Severity.CRITICAL,
    remediation="Give each agent an identity of its own, so that its actions can be told apart and revoked alone.",
)
def shared_identity(graph: AgentGraph) -> Iterator[Finding]:
    """An identity that an agent and anything else act as, themselves or by one tool: who acted cannot be told."""
    users: dict[Key, list[tuple[AgentView, IdentityView]]] = {}
    for agent in graph.agents:
        for view in agent.identities:
            if agent.stands_alone and view.relation in OWN:
                users.setdefault(view.key, []).append((agent, view))
    for several in users.values():
        agents = [agent.key for agent, _ in several]
        sharing = list(dict.fromkeys((*agents, *(other for use in several for other in _others(graph, *use)))))
        if len(sharing) > 1:
            yield _finding(several, sharing)


def _others(graph: AgentGraph, agent: AgentView, view: IdentityView) -> Iterator[Key]:
    """What acts as the identity beside the agent. Its tools are part of it, unless it runs as the identity itself."""
    part: set[Key | None] = {*agent.runs_on, *(tool.key for tool in agent.tools), *(hop.target for hop in view.hops)}
    itself = view.relation is IdentityRelation.RUNS_AS
    if not itself:
        part |= {tool.target for tool in agent.tools}
    for user in view.shared_by:
        entry = graph.agent(user)
        serves = entry is not None and agent.key in entry.used_by
        if user not in part and (itself or not serves):
            yield user


def _finding(several: list[tuple[AgentView, IdentityView]], sharing: list[Key]) -> Finding:
    view = several[0][1]
    return shared_identity.finding(
        f"{view.name} is shared by {listed(user.address for user in sharing)}: who acted cannot be told",
        severity=rating.base(view.highest),
        confidence=min(min(view.confidence, agent.confidence) for agent, view in several),
        subject=view.key,
        cause="holders",
        evidence=[Evidence(view.at, "the identity they share"), *(one for _, view in several for one in view.via)],
        agents=[agent.key for agent, _ in several],
    )
