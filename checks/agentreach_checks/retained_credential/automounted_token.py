"""AR205: a service account token mounted although nothing needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Move, Remedy, Severity
from agentreach.identity import Aspect, Evidence, IdentityRelation
from agentreach_checks.wording import owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView


@check(
    id="AR205",
    name="automounted-token",
    title="Service account token is mounted although nothing needs it",
    severity=Severity.LOW,
    formats=("kubernetes",),
    remediation="Set automountServiceAccountToken: false on the pod.",
)
def automounted_token(graph: AgentGraph) -> Iterator[Finding]:
    """Pods whose account has no rights in the scanned code and still receive its token."""
    for view in graph.settings(aspect=Aspect.AUTOMOUNT_TOKEN):
        if view.setting.state is not True or _needed(graph, view):
            continue
        yield automounted_token.finding(
            f"{owned(view.subject, view.agents)} receives a service account token that nothing declared needs",
            severity=Severity.LOW,
            confidence=view.confidence,
            subject=view.subject,
            cause="automount",
            evidence=[Evidence(view.setting.at, view.setting.note or "the token is mounted")],
            agents=view.agents,
            remedies=[_off(view)],
        )


def _off(view: SettingView) -> Remedy:
    return Remedy(move=Move.SET, at=view.setting.at, attribute="automountServiceAccountToken", value=False, safe=True)


def _needed(graph: AgentGraph, view: SettingView) -> bool:
    """Whether any identity of the pod holds rights or reaches further by its token."""
    return any(
        identity.relation is IdentityRelation.RUNS_AS and (identity.highest is not None or identity.unknown)
        for entry in view.entries
        for identity in graph.identities(entry)
    )
