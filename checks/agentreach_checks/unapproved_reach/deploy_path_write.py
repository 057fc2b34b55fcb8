"""AR305: the agent can change what is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR305",
    name="deploy-path-write",
    title="Agent can change what is deployed",
    severity=Severity.CRITICAL,
    silences=("AR301", "AR405"),
    remediation="Let the agent propose the change and a pipeline with an approval deploy it.",
)
def deploy_path_write(graph: AgentGraph) -> Iterator[Finding]:
    """Images, functions' code, pipelines, and the state of infrastructure code."""
    for reach in by_statement(graph, graph.reach(step=Step.DEPLOY)):
        message = f"{who(reach.agents)} may change what is deployed {through(reach)}: {what(reach)}"
        yield claim(deploy_path_write, reach, message, in_part=True)
