"""AR101: administrator rights held all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks.statements import by_statement, claim
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
    remediation="Replace the administrator policy by statements that name the actions and resources the tools need.",
)
def standing_admin(graph: AgentGraph) -> Iterator[Finding]:
    """Every statement that gives an agent administrator rights outside Kubernetes."""
    for reach in by_statement(graph, graph.reach(step=Step.ADMIN, standing=True)):
        if reach.provider == "kubernetes":
            continue
        holds = verb(reach.agents, "holds", "hold")
        message = f"{who(reach.agents)} {holds} administrator rights {through(reach)}: {what(reach)}"
        yield claim(standing_admin, reach, message)
