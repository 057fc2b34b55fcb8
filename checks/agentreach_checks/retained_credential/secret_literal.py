"""AR207: a secret value in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Evidence
from agentreach_checks import rating
from agentreach_checks.own_secrets import divided
from agentreach_checks.wording import owned, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView


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
    yield from _given(graph)
    yield from _declared(graph)


def _given(graph: AgentGraph) -> Iterator[Finding]:
    for view in graph.secret_uses():
        use = view.use
        if use.literal and view.entries:
            yield secret_literal.finding(
                f"{use.variable} of {owned(view.subject, view.agents)} is a secret value in the code"
                + _doubt(placeholder=use.placeholder),
                severity=Severity.HIGH,
                confidence=Confidence.LOW if use.placeholder else view.confidence,
                subject=view.subject,
                cause=f"environment/{use.variable}",
                facet=use.variable,
                evidence=[Evidence(use.at, f"the value of {use.variable}")],
                agents=view.agents,
            )


def _declared(graph: AgentGraph) -> Iterator[Finding]:
    found = divided(graph, lambda view: view.credential.literal)
    for view in found.own:
        credential = view.credential
        yield secret_literal.finding(
            f"{credential.key.address}, held by {who(view.agents, view.holder)}, has its secret value in the code"
            + _doubt(placeholder=credential.placeholder),
            severity=_severity(view),
            confidence=_confidence(view),
            subject=credential.key,
            cause=f"literal/{credential.attribute}",
            evidence=view.evidence,
            agents=view.agents,
        )
    for swept in found.swept:
        yield secret_literal.finding(
            f"Secret values in the code are among what {who(swept.reach.agents)} may read {through(swept.reach)}: "
            f"{swept.names}",
            severity=max(map(_severity, swept.views)),
            confidence=max(map(_confidence, swept.views)),
            subject=swept.reach.identity,
            cause=f"literal/{swept.reach.cause}",
            evidence=swept.evidence,
            agents=swept.reach.agents,
        )


def _severity(view: CredentialView) -> Severity:
    return max(rating.of_credential(view, Severity.HIGH), Severity.MEDIUM)


def _confidence(view: CredentialView) -> Confidence:
    return Confidence.LOW if view.credential.placeholder else view.confidence


def _doubt(*, placeholder: bool) -> str:
    return ", or a placeholder for one" if placeholder else ""
