"""AR110: one identity in two environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView


@check(
    id="AR110",
    name="cross-environment-identity",
    title="Agent's identity spans environments",
    severity=Severity.CRITICAL,
    remediation="Give each environment an identity of its own.",
)
def cross_environment_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Identities whose users or systems belong to more than one environment, as names and tags say."""
    for held in by_identity(graph, _spans):
        view = held.view
        yield cross_environment_identity.finding(
            f"{view.name}, used by {who(held.agents)}, reaches {listed(view.environments)}, "
            "as the names and tags of what it may use say",
            severity=rating.base(view.highest),
            confidence=min(view.confidence, Confidence.MEDIUM),
            subject=view.key,
            cause="environments",
            evidence=held.evidence,
            agents=held.agents,
        )


def _spans(view: IdentityView) -> bool:
    return len(view.environments) > 1
