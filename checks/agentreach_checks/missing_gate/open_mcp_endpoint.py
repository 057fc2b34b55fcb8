"""AR404: an inbound endpoint that is anonymous, or public without an authenticator, or plaintext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView


@check(
    id="AR404",
    name="open-mcp-endpoint",
    title="Agent's or tool's endpoint is open",
    severity=Severity.CRITICAL,
    remediation="Declare an authenticator (JWT, IAM, mTLS) and TLS on the endpoint.",
)
def open_mcp_endpoint(graph: AgentGraph) -> Iterator[Finding]:
    """Agents, tools, gateways and servers that anyone may call, or that are called without TLS."""
    yield from stated(
        open_mcp_endpoint,
        graph,
        Aspect.ANONYMOUS_INBOUND,
        state=True,
        say=lambda view: (
            f"{owned(view.subject, view.agents)} may be called by anyone: "
            "no authenticator is declared in the scanned code"
        ),
        rate=lambda view: _severity(graph, view),
    )
    yield from stated(
        open_mcp_endpoint,
        graph,
        Aspect.PLAINTEXT_INBOUND,
        state=True,
        say=lambda view: f"{owned(view.subject, view.agents)} may be called without TLS",
        rate=lambda view: max(_severity(graph, view).lowered(), Severity.MEDIUM),
    )


def _severity(graph: AgentGraph, view: SettingView) -> Severity:
    """By what whoever calls makes the agent do; who only listens does less."""
    entry = graph.agent(view.entries[0])
    return max(rating.base(entry.highest if entry else None), Severity.MEDIUM)
