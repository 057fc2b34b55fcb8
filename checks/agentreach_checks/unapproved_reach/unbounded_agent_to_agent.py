"""AR309: no filter on agents, tools or MCP servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect, Step
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach, SettingView


INVOKING = ("bedrock:invokeagent", "bedrock:invokeinlineagent", "bedrock-agentcore:invoke")


@check(
    id="AR309",
    name="unbounded-agent-to-agent",
    title="Agent may use any tool or agent offered",
    severity=Severity.HIGH,
    remediation="Name the tools, servers or agents that it may use.",
)
def unbounded_agent_to_agent(graph: AgentGraph) -> Iterator[Finding]:
    """Agents, tools and MCP servers without a filter, and statements that let an agent call any other."""
    yield from stated(
        unbounded_agent_to_agent,
        graph,
        Aspect.TOOL_FILTER,
        state=False,
        say=lambda view: _unfiltered(graph, view),
        rate=lambda view: _severity(graph, view),
    )
    yield from _any_agent(graph)


def _unfiltered(graph: AgentGraph, view: SettingView) -> str:
    note = f" ({view.setting.note})" if view.setting.note else ""
    name = next((tool.tool.name for tool in graph.tools() if tool.key == view.subject), view.subject.address)
    by = "" if view.subject in view.agents else f" through {name}"
    return f"Nothing limits which tools {who(view.agents, view.subject)} may use{by}{note}"


def _severity(graph: AgentGraph, view: SettingView) -> Severity:
    """By what the tool is known to act as; else as an absent control of the agent."""
    own = [tool.highest for tool in graph.tools(view.entries[0]) if tool.key == view.subject and tool.highest]
    return max((rating.base(max(own, default=None)), rating.of_absence(graph.agent(view.entries[0]))))


def _any_agent(graph: AgentGraph) -> Iterator[Finding]:
    for reach in by_statement(graph, graph.reach(step=Step.EXECUTE)):
        if reach.wildcard_resource and reach.scopable and not reach.wildcard_action and _invokes(reach):
            message = f"{who(reach.agents)} may call any agent or tool {through(reach)}: {what(reach)}"
            yield claim(unbounded_agent_to_agent, reach, message, in_part=True)


def _invokes(reach: Reach) -> bool:
    return any(name.lower().startswith(INVOKING) for name in reach.names)
