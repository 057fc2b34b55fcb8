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
    from agentreach.graph.views import Reach


STATE = "state"


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
    for reach in by_statement(graph, filter(_deploys, graph.reach(minimum=Step.WRITE_DATA))):
        message = f"{who(reach.agents)} may change what is deployed {through(reach)}: {what(reach)}"
        yield claim(deploy_path_write, reach, message, in_part=True)


def _deploys(reach: Reach) -> bool:
    """The deploy step, or a write to where infrastructure code keeps its state."""
    keeps_state = any(system.kind == STATE for system in reach.systems)
    return reach.step is Step.DEPLOY or (reach.step is Step.WRITE_DATA and keeps_state)
