"""AR207: a secret value in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Evidence
from agentreach_checks import rating
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR207",
    name="secret-literal",
    title="A secret value of an agent stands in the code",
    severity=Severity.HIGH,
    silences=("AR206",),
    remediation="Revoke the value, keep the new one in a secret store, and refer to it.",
)
def secret_literal(graph: AgentGraph) -> Iterator[Finding]:
    """Literal keys, tokens and passwords, wherever an agent's declaration holds them. The value is never shown."""
    for view in graph.secret_uses():
        if view.use.literal and view.entries:
            yield secret_literal.finding(
                f"{view.use.variable} of {who(view.agents, view.subject.address)} holds a secret value in the code",
                severity=Severity.HIGH,
                confidence=min(view.confidence, Confidence.HIGH),
                subject=view.subject,
                cause=f"environment/{view.use.variable}",
                facet=view.use.variable,
                evidence=[Evidence(view.use.at, f"the value of {view.use.variable}")],
                agents=view.agents,
            )
    for held in graph.credentials():
        if held.credential.literal:
            yield secret_literal.finding(
                f"{held.credential.key.address} of {who(held.agents, held.holder.address)} holds a secret value in the code",
                severity=max(rating.of_credential(held, Severity.HIGH), Severity.MEDIUM),
                confidence=held.confidence,
                subject=held.credential.key,
                cause=f"literal/{held.credential.attribute}",
                evidence=held.evidence,
                agents=held.agents,
            )
