"""AR401: a mutating tool without required confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import ToolView


CANNOT = "this resource type cannot declare a confirmation: use awscc_bedrock_agent, x-requireConfirmation in an OpenAPI schema, or return of control"


@check(
    id="AR401",
    name="no-confirmation",
    title="Agent's mutating tool asks for no confirmation",
    severity=Severity.CRITICAL,
    remediation="Require confirmation for every function that changes something.",
)
def no_confirmation(graph: AgentGraph) -> Iterator[Finding]:
    """Tools that change something, by what they act as or by their declared operations, and ask nobody."""
    for tool in graph.tools():
        if tool.confirmation is not False or tool.mutating is not True:
            continue
        yield no_confirmation.finding(
            f"{who(tool.agents, tool.key.address)} may use {tool.key.address} to {_does(tool)} without confirmation"
            + ("" if tool.tool.confirmable else f"; {CANNOT}"),
            severity=rating.of_step(tool.highest, gated=any(gate.holds for gate in tool.gates)),
            confidence=tool.confidence,
            subject=tool.key,
            cause="confirmation",
            evidence=[*_operations(tool), Evidence(tool.tool.at, "the tool"), *tool.because],
            agents=tool.agents,
            fixable=tool.tool.confirmable,
        )


def _does(tool: ToolView) -> str:
    names = listed(one.name for one in tool.operations if one.mutating and one.confirmation is False)
    return f"call {names}" if names else "change something"


def _operations(tool: ToolView) -> list[Evidence]:
    return [
        Evidence(one.at, f"{one.name} asks for no confirmation")
        for one in tool.operations
        if one.mutating and one.confirmation is False
    ]
