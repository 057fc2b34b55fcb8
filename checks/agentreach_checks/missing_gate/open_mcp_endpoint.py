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
    yield from _open(graph, Aspect.ANONYMOUS_INBOUND, "by anyone: no authenticator is declared in the scanned code")
    yield from _open(graph, Aspect.PLAINTEXT_INBOUND, "without TLS")


def _open(graph: AgentGraph, aspect: Aspect, how: str) -> Iterator[Finding]:
    def rate(view: SettingView) -> Severity:
        entry = graph.agent(view.entries[0])
        return max(rating.base(entry.highest if entry else None), Severity.MEDIUM)

    def say(view: SettingView) -> str:
        return f"{owned(view.subject, view.agents)} may be called {how}"

    yield from stated(open_mcp_endpoint, graph, aspect, state=True, say=say, rate=rate)
