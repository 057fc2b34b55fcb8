"""AR304: RBAC verbs that make more rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import who

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
    for path in graph.escalations():
        if path.provider != "kubernetes":
            continue
        yield rbac_escalation_verbs.finding(
            f"{who(path.agents)} can gain {path.target or path.yields.label} as {path.identity_name}: "
            f"{path.title} ({path.path})",
            severity=rating.of_escalation(path),
            confidence=path.confidence,
            subject=path.identity,
            cause=path.cause,
            evidence=path.evidence,
            agents=path.agents,
        )
