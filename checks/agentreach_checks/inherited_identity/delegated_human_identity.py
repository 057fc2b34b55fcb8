"""AR104: an agent acts with a person's token, key or role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
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
    formats=("terraform", "cloudformation"),
    remediation="Give the agent its own identity, or pass the user's identity per request (on-behalf-of).",
)
def delegated_human_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Identities that belong to people, held by an agent or its tools."""
    for held in by_identity(graph, lambda view: view.human):
        yield delegated_human_identity.finding(
            f"{who(held.agents)} may act as {held.view.name}, the identity of a person",
            severity=max(rating.base(held.view.highest), Severity.MEDIUM),
            confidence=held.view.confidence,
            subject=held.view.key,
            cause="holders",
            evidence=held.evidence,
            agents=held.agents,
        )
