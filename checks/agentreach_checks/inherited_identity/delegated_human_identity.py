"""AR104: an agent acts with a person's token, key or role."""

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


@check(
    id="AR104",
    name="delegated-human-identity",
    title="Agent acts with a person's identity",
    severity=Severity.CRITICAL,
    silences=("AR103",),
    remediation="Give the agent its own identity, or pass the user's identity per request (on-behalf-of).",
)
def delegated_human_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Identities that belong to people, held by an agent or its tools."""
    for agent in graph.agents:
        for view in agent.identities:
            if not view.human:
                continue
            agents = (agent.key,) if agent.stands_alone else agent.used_by
            yield delegated_human_identity.finding(
                f"{who(agents, agent.key)} may act as {view.name}, the identity of a person",
                severity=max(rating.base(view.highest), Severity.MEDIUM),
                confidence=view.confidence,
                subject=view.key,
                cause="human",
                evidence=view.via,
                agents=agents,
            )
