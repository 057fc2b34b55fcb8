"""AR110: one identity in two environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR110",
    name="cross-environment-identity",
    title="Agent's identity spans environments",
    severity=Severity.CRITICAL,
    remediation="Give each environment an identity of its own.",
)
def cross_environment_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Identities whose users or systems belong to more than one environment."""
    views = {view.key: (view, agent) for agent in reversed(graph.agents) for view in agent.identities}
    for key, (view, agent) in sorted(views.items()):
        if len(view.environments) < 2:  # noqa: PLR2004 - two environments are the pattern
            continue
        agents = tuple(a.key for a in graph.agents if a.stands_alone and any(v.key == key for v in a.identities))
        yield cross_environment_identity.finding(
            f"{view.name}, used by {who(agents, agent.key)}, spans {listed(view.environments)}",
            severity=rating.base(view.highest),
            confidence=view.confidence,
            subject=key,
            cause="environments",
            evidence=view.via,
            agents=agents,
        )
