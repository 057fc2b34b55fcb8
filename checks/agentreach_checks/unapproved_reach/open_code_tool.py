"""AR308: a code or browser tool on a public network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect, Evidence
from agentreach_checks import rating
from agentreach_checks.wording import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView
    from agentreach.identity import Step


BROWSES = "browser"


@check(
    id="AR308",
    name="open-code-tool",
    title="Agent's code or browser tool is on a public network",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Run it in SANDBOX or VPC mode with egress limited to what the task needs.",
)
def open_code_tool(graph: AgentGraph) -> Iterator[Finding]:
    """Tools that run code or drive a browser and may reach the internet."""
    for tool in graph.settings(aspect=Aspect.CODE_EXECUTION):
        networks = (one for one in graph.settings(tool.subject, Aspect.PUBLIC_NETWORK) if one.subject == tool.subject)
        network = next((one for one in networks if one.setting.state is True), None)
        if tool.setting.state is True and network is not None and not _only_browses(graph, tool):
            yield _finding(graph, tool, network)


def _finding(graph: AgentGraph, tool: SettingView, network: SettingView) -> Finding:
    note = tool.setting.note
    doing = note if note.startswith(("runs ", "drives ")) else f"runs code ({note})" if note else "runs code"
    return open_code_tool.finding(
        f"{serving(tool.subject, tool.agents)} {doing} on a public network",
        severity=_severity(graph, tool),
        confidence=min(tool.confidence, network.confidence),
        subject=tool.subject,
        cause="public-network",
        evidence=[
            Evidence(network.setting.at, network.setting.note or "public network"),
            Evidence(tool.setting.at, doing),
        ],
        agents=tool.agents,
    )


def _only_browses(graph: AgentGraph, tool: SettingView) -> bool:
    """A browser whose role gives it nothing is on the web for its task."""
    return BROWSES in tool.setting.note and _highest(graph, tool) is None


def _severity(graph: AgentGraph, tool: SettingView) -> Severity:
    """By what the tool acts as."""
    return max(rating.base(_highest(graph, tool)), Severity.MEDIUM)


def _highest(graph: AgentGraph, tool: SettingView) -> Step | None:
    entry = graph.agent(tool.subject) or graph.agent(tool.entries[0])
    return entry.highest if entry else None
