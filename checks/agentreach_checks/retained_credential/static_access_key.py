"""AR201: a long-lived key exists and an agent, or a tool it acts through, holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import thresholds
from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import duration, kind_of, owned, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView


ACCOUNT_KEY = "account-key"

STATIC = frozenset(
    {
        "access-key",
        ACCOUNT_KEY,
        "api-key",
        "bedrock-api-key",
        "deploy-key",
        "deploy-token",
        "hmac-key",
        "personal-access-token",
        "service-account-key",
        "ssh-key",
    }
)
"""What stands for an identity by itself for as long as nobody withdraws it."""


@check(
    id="AR201",
    name="static-access-key",
    title="Agent holds a long-lived key",
    severity=Severity.HIGH,
    formats=("terraform", "cloudformation"),
    remediation="Use a role, workload identity or a key that expires soon; remove the key.",
)
def static_access_key(graph: AgentGraph) -> Iterator[Finding]:
    """Keys without an expiry, or with one far away, and key authentication left on. A rotated key is none of these."""
    for view in graph.credentials():
        credential = view.credential
        level = _level(graph, view)
        if credential.kind not in STATIC or credential.rotated is True or level is None:
            continue
        yield static_access_key.finding(
            _may_use(view),
            severity=rating.of_credential(view, level),
            confidence=view.confidence,
            subject=credential.key,
            cause=credential.kind,
            evidence=view.evidence,
            agents=view.agents,
        )


def _level(graph: AgentGraph, view: CredentialView) -> Severity | None:
    """High without an expiry; above the class's warning as the thresholds say."""
    if view.credential.never_expires:
        return Severity.HIGH
    level = thresholds.level(view.credential, graph.options.lifetimes)
    return level if level is not None and level >= Severity.MEDIUM else None


def _may_use(view: CredentialView) -> str:
    """A key of somebody, or keys that a service takes instead of an identity."""
    kind = kind_of(view.credential)
    if view.credential.kind == ACCOUNT_KEY and view.credential.key == view.holder:
        return f"{owned(view.holder, view.agents)} accepts {kind}s beside identities, and such a key {_ends(view)}"
    return f"{who(view.agents, view.holder)} may use the {kind} {view.credential.key.address}, which {_ends(view)}"


def _ends(view: CredentialView) -> str:
    seconds = thresholds.seconds_of(view.credential)
    return "never expires" if view.credential.never_expires or seconds is None else f"lives for {duration(seconds)}"
