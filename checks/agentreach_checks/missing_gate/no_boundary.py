"""AR402: no permissions boundary on an identity that may write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, IdentityRelation, Step
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView


OWN = (IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS, IdentityRelation.FEDERATED)


@check(
    id="AR402",
    name="no-boundary",
    title="Agent's identity has no permissions boundary",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Set a permissions boundary, so that a later policy cannot exceed it.",
)
def no_boundary(graph: AgentGraph) -> Iterator[Finding]:
    """AWS roles of agents that may write and that neither a boundary nor a service control policy bounds."""
    for held in by_identity(graph, _is_unbounded):
        view = held.view
        if graph.layers(view.key).service_control:
            continue
        yield no_boundary.finding(
            f"{view.name} of {who(held.agents)} has no permissions boundary declared in the scanned code",
            severity=rating.of_absence(graph.agent(view.agent)),
            confidence=view.confidence,
            subject=view.key,
            cause="boundary",
            evidence=[Evidence(view.at, "the identity")],
            agents=held.agents,
        )


def _is_unbounded(view: IdentityView) -> bool:
    if view.boundary is not False or view.kind not in {"role", "user"} or not view.declared:
        return False
    return view.relation in OWN and (view.highest or Step.OBSERVE) >= Step.WRITE_DATA
