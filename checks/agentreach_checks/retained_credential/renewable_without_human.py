"""AR208: a credential that renews itself without a person."""

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


# A role session, a projected token and a rotated secret are renewed by the platform under its own rules.
PLATFORM = frozenset({"role-session", "service-account-token", "session", "memory", "secret", "certificate"})


@check(
    id="AR208",
    name="renewable-without-human",
    title="Agent can renew its credential without a person",
    severity=Severity.HIGH,
    remediation="Bound the renewals (maximum lifetime, refresh token rotation), or ask a person for the next grant.",
)
def renewable_without_human(graph: AgentGraph) -> Iterator[Finding]:
    """Refresh tokens, periodic tokens and credentials that mint their successors."""
    for view in graph.credentials():
        credential = view.credential
        if credential.renewable_without_human is not True or credential.kind in PLATFORM:
            continue
        yield renewable_without_human.finding(
            f"{who(view.agents, view.holder.address)} may renew {credential.kind} {credential.key.address} "
            "without a person",
            severity=rating.of_credential(view, Severity.MEDIUM),
            confidence=view.confidence,
            subject=credential.key,
            cause=f"renewable/{credential.attribute}",
            evidence=view.evidence,
            agents=view.agents,
        )
