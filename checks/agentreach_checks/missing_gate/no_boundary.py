"""AR402: no permissions boundary on an identity that may write, no condition on one that may assign roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, IdentityRelation, Step
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
from agentreach_checks.statements import by_statement
from agentreach_checks.wording import what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView, Reach


OWN = (IdentityRelation.RUNS_AS, IdentityRelation.TOOL_ACTS_AS, IdentityRelation.FEDERATED)
ASSIGNING = frozenset(
    {
        "Microsoft.Authorization/roleAssignments/write",
        "Role Based Access Control Administrator",
        "User Access Administrator",
        "resourcemanager.folders.setIamPolicy",
        "resourcemanager.organizations.setIamPolicy",
        "resourcemanager.projects.setIamPolicy",
        "roles/iam.securityAdmin",
        "roles/resourcemanager.folderIamAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectIamAdmin",
    }
)
"""What lets its holder assign roles on Google Cloud and Azure, where a condition of its own grant can bound which."""


@check(
    id="AR402",
    name="no-boundary",
    title="Agent's identity has no permissions boundary",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Set a permissions boundary, so that a later policy cannot exceed it.",
)
def no_boundary(graph: AgentGraph) -> Iterator[Finding]:
    """AWS roles of agents that may write, unbounded; on other clouds standing rights to assign any role."""
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
    for reach in by_statement(graph, graph.reach(minimum=Step.IDENTITY, standing=True)):
        if not reach.conditional and ASSIGNING & {*reach.actions, *reach.names}:
            yield _unlimited(graph, reach)


def _unlimited(graph: AgentGraph, reach: Reach) -> Finding:
    return no_boundary.finding(
        f"{reach.identity_name} of {who(reach.agents)} may assign roles, and no condition declared in the scanned code "
        f"bounds which: {what(reach)}",
        severity=rating.of_absence(graph.agent(reach.entries[0])),
        confidence=reach.confidence,
        subject=reach.identity,
        cause=reach.cause,
        evidence=reach.evidence,
        agents=reach.agents,
        remediation="Add a condition that names the roles it may assign.",
    )


def _is_unbounded(view: IdentityView) -> bool:
    if view.boundary is not False or view.kind not in {"role", "user"} or not view.declared:
        return False
    return view.relation in OWN and (view.highest or Step.OBSERVE) >= Step.WRITE_DATA
