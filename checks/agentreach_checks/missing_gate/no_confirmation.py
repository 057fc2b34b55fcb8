"""AR401: a mutating tool without required confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Move, Remedy, Severity
from agentreach.identity import Evidence, Step
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import ToolView


INSTEAD = {
    "agentcore-gateway": "put a policy engine in ENFORCE mode, or an interceptor that asks, in front of the gateway",
    "agentcore-harness": "add a hook before tool calls that denies when it fails",
    "bedrock-agent": "use awscc_bedrock_agent, x-requireConfirmation in an OpenAPI schema, or return of control",
    "ces-app": "decide in a callback before the tool (before_tool_callbacks)",
    "ces-agent": "decide in a callback before the tool (before_tool_callbacks)",
    "dialogflow-cx-agent": "let the service that answers the webhook ask before it changes something",
    "sre-agent": "set actionConfiguration.mode to Review",
    "k8sgpt": "switch spec.ai.autoRemediation off and let a pipeline with an approval apply what it proposes",
    "mcp-server": "let authzConfig decide on each call, or put an elicitation step before it in a VirtualMCPServer",
    "mcp-gateway": "put a policy in front of it that denies the tool to whoever was not approved",
    "cortex-agent": "let the procedure behind the tool ask before it changes something",
}
"""What can ask where a tool's type cannot: nearest to the tool first."""

MENDED = {
    "policy-engine": "set the policy engine that only logs to enforce",
    "hook": "let its hook deny when it fails",
    "approval": "let its approval hold: it can be passed by",
}
"""What to do with a gate that stands there already and does not hold."""

OTHERWISE = "put something that decides in front of it: a policy engine, an interceptor, an approval step"


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
        if tool.confirmation is not False or tool.mutating is not True or _is_told_by_its_parts(graph, tool):
            continue
        yield no_confirmation.finding(
            f"{who(tool.agents, tool.key)} may {_does(tool)} without confirmation{_instead(graph, tool)}",
            severity=_severity(graph, tool),
            confidence=tool.confidence,
            subject=tool.key,
            cause="confirmation",
            evidence=[*_operations(tool), Evidence(tool.tool.at, f"tool {tool.tool.name}"), *tool.because],
            agents=tool.agents,
            remedies=_asking(tool),
        )


def _is_told_by_its_parts(graph: AgentGraph, tool: ToolView) -> bool:
    """A way to a gateway is no tool of its own: what the gateway offers is told one by one."""
    return tool.target is not None and any(
        tool.target in other.entries for other in graph.tools() if other.key != tool.key
    )


def _severity(graph: AgentGraph, tool: ToolView) -> Severity:
    """By the worst that the tool may do as what it acts as; one that only says so may write."""
    acting = {view.key for view in tool.acts_as}
    reach = (one for one in graph.reach(minimum=Step.WRITE_DATA) if one.identity in acting and one.entries)
    gated = any(gate.holds for gate in tool.gates)
    return max((*map(rating.of_reach, reach), rating.of_step(Step.WRITE_DATA, gated=gated)))


def _does(tool: ToolView) -> str:
    names = listed(one.name for one in tool.operations if one.mutating and one.confirmation is False)
    return f"call {names} of {tool.tool.name}" if names else f"use {tool.tool.name} to change something"


def _instead(graph: AgentGraph, tool: ToolView) -> str:
    """What to do where the type cannot declare a confirmation."""
    if tool.tool.confirmable:
        return ""
    kinds = {entry.agent.kind for key in tool.entries if (entry := graph.agent(key))}
    mend = next((MENDED[gate.kind] for gate in tool.gates if gate.holds is False and gate.kind in MENDED), None)
    advice = mend or next((INSTEAD[kind] for kind in INSTEAD if kind in kinds), OTHERWISE)
    return f"; its type cannot declare one: {advice}"


def _asking(tool: ToolView) -> list[Remedy]:
    """One for each operation that has to ask, or for the tool that declares none."""
    if not tool.tool.confirmable:
        return []
    asking = [one for one in tool.operations if one.mutating and one.confirmation is False]
    names = [one.name for one in asking]
    return [
        Remedy(move=Move.CONFIRM, at=at, attribute="confirmation", value=names, safe=True)
        for at in [one.at for one in asking] or [tool.tool.at]
    ]


def _operations(tool: ToolView) -> list[Evidence]:
    return [
        Evidence(one.at, f"{one.name} asks for no confirmation")
        for one in tool.operations
        if one.mutating and one.confirmation is False
    ]
