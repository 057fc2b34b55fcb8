"""AR402: no permissions boundary on an identity that may write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, IdentityRelation, Step
from agentreach_checks import rating
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


OWN = (IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS)


@check(
    id="AR402",
    name="no-boundary",
    title="Agent's identity has no permissions boundary",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Set a permissions boundary, so that a later policy cannot exceed it.",
)
def no_boundary(graph: AgentGraph) -> Iterator[Finding]:
    """AWS roles of agents that may write and that nothing bounds."""
    seen = set()
    for agent in graph.agents:
        for view in agent.identities:
            if view.boundary is not False or view.kind not in {"role", "user"} or not view.declared:
                continue
            if agent.bounded or view.relation not in OWN or (view.highest or Step.OBSERVE) < Step.WRITE_DATA:
                continue
            if view.key in seen:
                continue
            seen.add(view.key)
            agents = tuple(
                a.key for a in graph.agents if a.stands_alone and any(v.key == view.key for v in a.identities)
            )
            yield no_boundary.finding(
                f"{view.name} of {who(agents, agent.key)} has no permissions boundary declared in the scanned code",
                severity=rating.of_absence(agent),
                confidence=view.confidence,
                subject=view.key,
                cause="boundary",
                evidence=[Evidence(view.at, "the identity")],
                agents=agents,
            )
