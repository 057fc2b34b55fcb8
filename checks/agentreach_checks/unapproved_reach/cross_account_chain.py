"""AR311: the agent's chain leaves its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import IdentityRelation
from agentreach_checks import rating
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR311",
    name="cross-account-chain",
    title="Agent's identity chain crosses into another account",
    severity=Severity.CRITICAL,
    remediation="Limit sts:AssumeRole to the named role, and require an external id or a session tag there.",
)
def cross_account_chain(graph: AgentGraph) -> Iterator[Finding]:
    """Identities of another account that an agent can become."""
    for agent in graph.agents:
        for view in agent.identities:
            if view.foreign is not True or view.relation is not IdentityRelation.ASSUMES:
                continue
            agents = (agent.key,) if agent.stands_alone else agent.used_by
            yield cross_account_chain.finding(
                f"{who(agents, agent.key)} may become {view.name} in another account ({view.account or 'unknown'})",
                severity=max(rating.base(view.highest), Severity.MEDIUM),
                confidence=view.confidence,
                subject=view.key,
                cause="foreign-account",
                evidence=view.via,
                agents=agents,
            )
