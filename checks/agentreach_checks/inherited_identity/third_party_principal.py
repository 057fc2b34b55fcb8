"""AR111: someone else can rewrite, drive or become the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import verb, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import ThirdPartyView


@check(
    id="AR111",
    name="third-party-principal",
    title="Another principal can rewrite, drive or become the agent",
    severity=Severity.HIGH,
    formats=("terraform", "cloudformation"),
    remediation="Limit who may change the agent's code, invoke it, or assume its identity.",
)
def third_party_principal(graph: AgentGraph) -> Iterator[Finding]:
    """Principals that are no part of an agent and hold a path into it or its tools."""
    for view in graph.third_parties():
        yield third_party_principal.finding(
            f"{view.principal_name} {view.how}{_used(view)} and so act with its rights",
            severity=rating.base(view.yields),
            confidence=view.confidence,
            subject=view.principal,
            cause=view.cause,
            evidence=view.evidence,
            agents=view.agents,
        )


def _used(view: ThirdPartyView) -> str:
    """Who relies on it, when it is not the agent itself."""
    if set(view.targets or (view.target,)) <= set(view.agents) or not view.agents:
        return ""
    return f", which {who(view.agents)} {verb(view.agents, 'uses', 'use')},"
