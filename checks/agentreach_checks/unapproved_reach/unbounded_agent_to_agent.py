"""AR309: no filter on agents, tools or MCP servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR309",
    name="unbounded-agent-to-agent",
    title="Agent may use any tool or agent offered",
    severity=Severity.HIGH,
    remediation="Name the tools, servers or agents that it may use.",
)
def unbounded_agent_to_agent(graph: AgentGraph) -> Iterator[Finding]:
    """Agents, tools and MCP servers without a filter."""
    yield from stated(
        unbounded_agent_to_agent,
        graph,
        Aspect.TOOL_FILTER,
        state=False,
        say=lambda view: (
            f"{who(view.agents, view.subject.address)} may use every tool that {view.subject.address} offers: {view.setting.note or 'no filter'}"
        ),
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])).raised(),
    )
