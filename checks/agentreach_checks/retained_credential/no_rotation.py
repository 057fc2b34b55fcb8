"""AR203: a stored credential that nothing rotates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.own_secrets import divided
from agentreach_checks.retained_credential.static_access_key import STATIC
from agentreach_checks.wording import kind_of, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView


ELSEWHERE = STATIC | {"service-account-token"}
"""What AR201 and AR204 say: it never ends, which is worse."""


@check(
    id="AR203",
    name="no-rotation",
    title="Agent's credential is not rotated",
    severity=Severity.HIGH,
    remediation="Declare a rotation (90 days or less), or replace the secret by an identity.",
)
def no_rotation(graph: AgentGraph) -> Iterator[Finding]:
    """Secrets that agents hold and keys they use without a declared rotation; secrets they sweep up, together."""
    found = divided(graph, _is_never_rotated)
    for view in found.own:
        yield no_rotation.finding(
            f"No rotation is declared in the scanned code for the {kind_of(view.credential)} "
            f"{view.credential.key.address} of {who(view.agents, view.holder)}",
            severity=rating.of_credential(view, Severity.MEDIUM),
            confidence=view.confidence,
            subject=view.credential.key,
            cause="rotation",
            evidence=view.evidence,
            agents=view.agents,
        )
    for swept in found.swept:
        yield no_rotation.finding(
            f"No rotation is declared in the scanned code for what {who(swept.reach.agents)} may read "
            f"{through(swept.reach)}: {swept.names}",
            severity=max(rating.of_credential(view, Severity.MEDIUM) for view in swept.views),
            confidence=max(view.confidence for view in swept.views),
            subject=swept.reach.identity,
            cause=f"rotation/{swept.reach.cause}",
            evidence=swept.evidence,
            agents=swept.reach.agents,
        )
    yield from stated(
        no_rotation,
        graph,
        Aspect.KEY_ROTATION,
        state=False,
        say=lambda view: (
            f"No rotation is declared in the scanned code for the key {view.subject.address}, "
            f"which {who(view.agents, view.entries[0])} may use"
        ),
        rate=lambda _: Severity.LOW,
        remediation="Turn the rotation of the key on.",
    )


def _is_never_rotated(view: CredentialView) -> bool:
    return view.credential.rotated is False and view.credential.kind not in ELSEWHERE
