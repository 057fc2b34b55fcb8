"""AR103: one identity, several agents or an agent and another workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence
from agentreach_checks import rating
from agentreach_checks.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR103",
    name="shared-identity",
    title="One identity serves several agents or workloads",
    severity=Severity.CRITICAL,
    remediation="Give each agent an identity of its own, so that its actions can be told apart and revoked alone.",
)
def shared_identity(graph: AgentGraph) -> Iterator[Finding]:
    """An identity that an agent and anything else act as directly: who acted cannot be told."""
    views = {view.key: view for agent in graph.agents for view in agent.identities if len(view.shared_by) > 1}
    for key, view in views.items():
        users = [agent for agent in graph.agents if agent.key in view.shared_by]
        agents = tuple(agent.key for agent in users if agent.stands_alone)
        if not agents:
            continue
        uses = [hop for agent in users for own in agent.identities if own.key == key for hop in own.via[:1]]
        yield shared_identity.finding(
            f"{view.name} is shared by {listed(user.address for user in view.shared_by)}: who acted cannot be told",
            severity=rating.base(view.highest),
            confidence=min([view.confidence, *(agent.confidence for agent in users)]),
            subject=key,
            cause="shared",
            evidence=[Evidence(view.at, "the identity they share"), *uses],
            agents=agents,
        )
