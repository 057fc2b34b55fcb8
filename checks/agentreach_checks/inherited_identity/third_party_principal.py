"""AR111: someone else can rewrite, drive or become the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import who

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
            f"{view.principal_name} {view.how}, and so acts with the rights of {_whose(view)}",
            severity=rating.base(view.yields),
            confidence=view.confidence,
            subject=view.principal,
            cause=view.cause,
            evidence=view.evidence,
            agents=view.agents,
        )


def _whose(view: ThirdPartyView) -> str:
    """The agent itself, or one of its tools or identities."""
    agent = who(view.agents, view.target)
    return agent if view.target in view.agents else f"what {agent} relies on"
