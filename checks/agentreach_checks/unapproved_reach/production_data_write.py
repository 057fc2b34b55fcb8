"""AR306: the agent can write production data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Step
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR306",
    name="production-data-write",
    title="Agent can write production data",
    severity=Severity.CRITICAL,
    silences=("AR301", "AR405"),
    remediation="Limit the resources, or require a confirmation or approval for each write.",
)
def production_data_write(graph: AgentGraph) -> Iterator[Finding]:
    """Writes to data that a name, tag, namespace or configuration marks as production."""
    for reach in by_statement(graph, graph.reach(step=Step.WRITE_DATA)):
        if not reach.production:
            continue
        message = f"{who(reach.agents)} may write production data {through(reach)}: {what(reach)}"
        confidence = min(reach.confidence, Confidence.MEDIUM)
        yield claim(production_data_write, reach, message, confidence=confidence, in_part=True)
