"""AR302: a known path from the agent's rights to more rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR302",
    name="privilege-escalation",
    title="Agent can raise its own privileges",
    severity=Severity.CRITICAL,
    silences=("AR405",),
    formats=("terraform", "cloudformation"),
    remediation="Remove the action, limit its target to named resources, or require an approval outside the agent's reach.",
)
def privilege_escalation(graph: AgentGraph) -> Iterator[Finding]:
    """Every path of the catalogue that fires outside Kubernetes."""
    for path in graph.escalations():
        if path.provider == "kubernetes":
            continue
        gained = listed(key.address for key in path.gains) or path.target or path.yields.label
        for cause in path.causes or (path.cause,):
            yield privilege_escalation.finding(
                f"{who(path.agents)} can gain {gained} as {path.identity_name}: {path.title} ({path.path})",
                severity=rating.of_escalation(path),
                confidence=path.confidence,
                subject=path.identity,
                cause=cause,
                evidence=path.evidence,
                agents=path.agents,
            )
