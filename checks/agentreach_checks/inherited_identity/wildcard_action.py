"""AR102: `*` or `service:*` instead of the actions a task needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from agentreach_checks.wording import listed, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR102",
    name="wildcard-action",
    title="Agent's policy grants a wildcard action",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Name the actions that the agent's tools call.",
)
def wildcard_action(graph: AgentGraph) -> Iterator[Finding]:
    """Wildcards over whole services that include more than reading; a tight, conditional one is silent."""
    for reach in graph.reach(minimum=Step.WRITE_DATA):
        narrow = reach.conditional and not reach.wildcard_resource
        if not reach.wildcard_action or reach.provider == "kubernetes" or narrow:
            continue
        yield wildcard_action.finding(
            f"{who(reach.agents)} may do {listed(reach.actions)} {through(reach)}: the actions are not limited",
            severity=rating.of_reach(reach),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            evidence=reach.evidence,
            agents=reach.agents,
        )
