"""AR203: a stored credential that nothing rotates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import kind_of, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


ELSEWHERE = frozenset({"access-key", "service-account-token"})


@check(
    id="AR203",
    name="no-rotation",
    title="Agent's credential is not rotated",
    severity=Severity.HIGH,
    remediation="Declare a rotation (90 days or less), or replace the secret by an identity.",
)
def no_rotation(graph: AgentGraph) -> Iterator[Finding]:
    """Static secrets that agents hold and for which no rotation is declared."""
    for view in graph.credentials():
        credential = view.credential
        if credential.rotated is not False or credential.kind in ELSEWHERE:
            continue
        yield no_rotation.finding(
            f"No rotation is declared in the scanned code for the {kind_of(credential)} {credential.key.address} "
            f"of {who(view.agents, view.holder)}",
            severity=rating.of_credential(view, Severity.MEDIUM),
            confidence=view.confidence,
            subject=credential.key,
            cause="rotation",
            evidence=view.evidence,
            agents=view.agents,
        )
