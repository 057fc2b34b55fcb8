"""AR501: nobody is named who answers for the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, Role
from agentreach_checks import rating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR501",
    name="no-owner",
    title="Agent has no owner",
    severity=Severity.MEDIUM,
    remediation="Tag or label the agent with its owner (owner, team, contact).",
)
def no_owner(graph: AgentGraph) -> Iterator[Finding]:
    """Agents, and tools that no declared agent uses, without an owner tag, label or default tag."""
    for agent in graph.agents:
        if agent.owner is not None or not agent.stands_alone or agent.role is Role.UNDECLARED:
            continue
        yield no_owner.finding(
            f"{agent.key.address} names no owner in the scanned code",
            severity=Severity.LOW if agent.bounded else rating.of_absence(agent),
            confidence=agent.confidence,
            subject=agent.key,
            cause="owner",
            evidence=[Evidence(agent.agent.at, "the agent")],
            agents=(agent.key,),
        )
