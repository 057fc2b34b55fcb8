"""AR301: sensitive actions on any resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import may_do, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


TELEMETRY = frozenset({"logs", "xray", "cloudwatch", "aps"})
"""Writing one's own logs, metrics and traces: resources named by the service, nothing to be reached by them."""


@check(
    id="AR301",
    name="wildcard-resource",
    title="Agent may act on any resource",
    severity=Severity.CRITICAL,
    remediation="Name the resources that the agent's tools work on.",
)
def wildcard_resource(graph: AgentGraph) -> Iterator[Finding]:
    """Actions that could be limited to named resources and are not."""
    for reach in by_statement(graph, graph.reach(minimum=Step.READ_DATA)):
        if not (reach.wildcard_resource and reach.scopable) or reach.step is Step.ADMIN:
            continue
        if reach.service in TELEMETRY and reach.step is Step.WRITE_DATA:
            continue
        message = f"{who(reach.agents)} may {may_do(reach, counted=False)} {through(reach)}"
        yield claim(wildcard_resource, reach, message, in_part=True)
