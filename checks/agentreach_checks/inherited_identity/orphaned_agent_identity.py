"""AR112: an identity that trusts an agent service and that nothing declared uses."""

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

_ASSUMED = "can be assumed by an agent, but nothing in the scanned code uses it"
_SAID = {"possible-undeclared-agent": "may create an agent by API calls at deployment: a possible undeclared agent"}
_PLACE = {"possible-undeclared-agent": "what runs at deployment"}


@check(
    id="AR112",
    name="orphaned-agent-identity",
    title="An identity waits for an agent that is not declared",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Declare the agent that uses it in the scanned code, or remove the identity.",
)
def orphaned_agent_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Roles that only an agent service, or a coding agent's pipeline, may assume."""
    for agent in graph.agents:
        if agent.role is not Role.UNDECLARED:
            continue
        yield orphaned_agent_identity.finding(
            f"{agent.key.address} {_SAID.get(agent.agent.kind, _ASSUMED)}",
            severity=rating.base(agent.highest),
            confidence=agent.confidence,
            subject=agent.key,
            cause="undeclared",
            evidence=[*agent.agent.because, Evidence(agent.agent.at, _PLACE.get(agent.agent.kind, "the identity"))],
            agents=(agent.key,),
        )
