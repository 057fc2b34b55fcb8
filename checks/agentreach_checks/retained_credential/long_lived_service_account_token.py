"""AR204: a token Secret of a service account, which never expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import verb, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR204",
    name="long-lived-service-account-token",
    title="Agent's service account has a token that never expires",
    severity=Severity.HIGH,
    silences=("AR205",),
    formats=("kubernetes",),
    remediation="Remove the Secret; mount a projected token with expirationSeconds, or use TokenRequest.",
)
def long_lived_service_account_token(graph: AgentGraph) -> Iterator[Finding]:
    """Secrets of type kubernetes.io/service-account-token for accounts that agents run as."""
    for view in graph.credentials():
        credential = view.credential
        if credential.kind != "service-account-token" or not credential.never_expires:
            continue
        yield long_lived_service_account_token.finding(
            f"{credential.key.address} holds a token of {view.holder_name} that never expires; "
            f"{who(view.agents, view.holder)} {verb(view.agents, 'acts', 'act')} through this account",
            severity=rating.of_credential(view, Severity.HIGH),
            confidence=view.confidence,
            subject=credential.key,
            cause="token-secret",
            evidence=view.evidence,
            agents=view.agents,
        )
