"""AR201: a long-lived key exists and an agent, or a tool it acts through, holds it."""

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


STATIC = frozenset({"access-key", "account-key", "api-key", "service-account-key", "bedrock-api-key", "hmac-key"})


@check(
    id="AR201",
    name="static-access-key",
    title="Agent holds a key that does not expire",
    severity=Severity.HIGH,
    formats=("terraform", "cloudformation"),
    remediation="Use a role, workload identity or a key that expires; remove the key.",
)
def static_access_key(graph: AgentGraph) -> Iterator[Finding]:
    """Keys without an expiry, and key authentication left on."""
    for view in graph.credentials():
        credential = view.credential
        if credential.kind not in STATIC or not credential.never_expires:
            continue
        yield static_access_key.finding(
            f"{who(view.agents, view.holder.address)} may use {credential.kind} {credential.key.address}, "
            "which never expires",
            severity=rating.of_credential(view, Severity.HIGH),
            confidence=view.confidence,
            subject=credential.key,
            cause=credential.kind,
            evidence=view.evidence,
            agents=view.agents,
        )
