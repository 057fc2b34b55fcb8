"""AR302: a known path from the agent's rights to more rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks.escalation_paths import raising

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
    remediation="Remove the action, limit its target to named resources, or require an approval out of its reach.",
)
def privilege_escalation(graph: AgentGraph) -> Iterator[Finding]:
    """Every path of the catalogue that fires outside Kubernetes."""
    paths = (path for path in graph.escalations() if path.provider != "kubernetes")
    yield from raising(privilege_escalation, graph, paths)
