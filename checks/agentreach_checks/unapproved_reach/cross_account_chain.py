"""AR311: the agent's chain leaves its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import IdentityRelation, Step
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
from agentreach_checks.smaller import smaller
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView


@check(
    id="AR311",
    name="cross-account-chain",
    title="Agent's identity chain crosses into another account",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Limit what may be assumed to the named identity, and require an external id or a session tag there.",
)
def cross_account_chain(graph: AgentGraph) -> Iterator[Finding]:
    """Identities of another account that an agent can become."""
    said = {reach.evidence[0].at: reach for reach in graph.reach(minimum=Step.IDENTITY)}
    for held in by_identity(graph, lambda view: _is_elsewhere(graph, view)):
        view = held.view
        account = view.account or ""
        kind = "account" if account.isdigit() or not account else "project"
        yield cross_account_chain.finding(
            f"{who(held.agents)} may become {view.name} in another {kind} {account}".rstrip(),
            severity=max(rating.base(view.highest), Severity.MEDIUM),
            confidence=view.confidence,
            subject=view.key,
            cause="foreign-account",
            evidence=held.evidence,
            agents=held.agents,
            remedies=smaller(said[at]) if (at := held.evidence[0].at) in said else (),
        )


def _is_elsewhere(graph: AgentGraph, view: IdentityView) -> bool:
    """A cluster is in no account; what it is federated with is elsewhere only where its own account is known."""
    if view.foreign is not True:
        return False
    if view.relation is IdentityRelation.FEDERATED:
        agent = graph.agent(view.agent)
        return agent is not None and agent.account is not None
    return view.relation is IdentityRelation.ASSUMES
