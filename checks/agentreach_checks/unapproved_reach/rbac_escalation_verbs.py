"""AR304: RBAC verbs that make more rights."""

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
    id="AR304",
    name="rbac-escalation-verbs",
    title="Agent's RBAC rules let it gain more rights",
    severity=Severity.CRITICAL,
    silences=("AR405",),
    formats=("kubernetes",),
    remediation="Remove the verb, or bind it for named objects in a namespace without privileged service accounts.",
)
def rbac_escalation_verbs(graph: AgentGraph) -> Iterator[Finding]:
    """escalate, bind, impersonate, creating workloads or tokens, exec, and the other known paths."""
    paths = (path for path in graph.escalations() if path.provider == "kubernetes")
    yield from raising(rbac_escalation_verbs, graph, paths)
