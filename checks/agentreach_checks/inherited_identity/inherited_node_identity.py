"""AR107: an identity nobody chose: node role, default service account."""

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
    id="AR107",
    name="inherited-node-identity",
    title="Agent inherits an identity that nobody chose for it",
    severity=Severity.CRITICAL,
    remediation="Name an identity of its own for the agent, and keep it from the node's (hop limit 1, no host network).",
)
def inherited_node_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Node roles within reach, default service accounts, default compute identities."""
    for agent in graph.agents:
        for view in agent.identities:
            fallback = view.relation is IdentityRelation.NODE_FALLBACK
            if not fallback and not view.inherited_default:
                continue
            agents = (agent.key,) if agent.stands_alone else agent.used_by
            how = "can fall back to" if fallback else "runs by default as"
            yield inherited_node_identity.finding(
                f"{who(agents, agent.key)} {how} {view.name}: the code names no identity of its own",
                severity=rating.base(view.highest),
                confidence=view.confidence,
                subject=view.key,
                cause=view.relation.value,
                evidence=view.via,
                agents=agents,
            )
