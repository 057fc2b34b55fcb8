"""AR308: a code or browser tool on a public network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect, Evidence
from agentreach_checks import rating
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


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
    for view in graph.settings(aspect=Aspect.CODE_EXECUTION):
        if view.setting.state is not True:
            continue
        open_network = [
            one
            for one in graph.settings(view.subject, Aspect.PUBLIC_NETWORK)
            if one.setting.state and one.subject == view.subject
        ]
        for network in open_network[:1]:
            entry = graph.agent(view.subject) or graph.agent(view.entries[0] if view.entries else None)
            yield open_code_tool.finding(
                f"{view.subject.address} runs code or drives a browser for {who(view.agents, view.subject.address)} "
                "on a public network",
                severity=max(rating.base(entry.highest if entry else None), Severity.MEDIUM),
                confidence=min(view.confidence, network.confidence),
                subject=view.subject,
                cause="public-network",
                evidence=[
                    Evidence(network.setting.at, network.setting.note or "public network"),
                    Evidence(view.setting.at, view.setting.note or "runs code"),
                ],
                agents=view.agents,
            )
