"""AR101: administrator rights held all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from agentreach_checks.wording import through, verb, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR101",
    name="standing-admin",
    title="Agent's identity holds administrator access",
    severity=Severity.CRITICAL,
    silences=("AR102", "AR301", "AR303", "AR304", "AR305", "AR306", "AR310", "AR405"),
    formats=("terraform", "cloudformation"),
    remediation="Replace the administrator policy by statements that name the actions and resources the agent's tools need.",
)
def standing_admin(graph: AgentGraph) -> Iterator[Finding]:
    """Every statement that gives an agent administrator rights outside Kubernetes."""
    for reach in graph.reach(step=Step.ADMIN, standing=True):
        if reach.provider == "kubernetes":
            continue
        yield standing_admin.finding(
            f"{who(reach.agents)} {verb(reach.agents, 'holds', 'hold')} administrator rights {through(reach)}: {what(reach)}",
            severity=rating.of_reach(reach),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            evidence=reach.evidence,
            agents=reach.agents,
        )
