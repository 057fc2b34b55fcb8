"""AR310: the agent can switch off or delete its own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import overlay
from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import listed, through, where, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR310",
    name="can-silence-audit",
    title="Agent can silence the audit trail",
    severity=Severity.CRITICAL,
    remediation="Remove the actions, or keep the trail in an account that the agent cannot reach.",
)
def can_silence_audit(graph: AgentGraph) -> Iterator[Finding]:
    """Actions that stop, change or delete logs, trails and detectors."""
    for reach in graph.reach():
        silencing = [name for name in reach.names if overlay.silences_audit(name)]
        if not silencing:
            continue
        yield can_silence_audit.finding(
            f"{who(reach.agents)} may silence the audit trail {through(reach)}: {listed(silencing)} on {where(reach)}",
            severity=max(rating.of_reach(reach), Severity.HIGH),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            facet=f"{reach.step.label}/{reach.service}",
            evidence=reach.evidence,
            agents=reach.agents,
        )
