"""AR210: one secret that several agents or workloads read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence
from agentreach_checks.statements import in_order
from agentreach_checks.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SecretUseView
    from agentreach.model import Key


@check(
    id="AR210",
    name="shared-secret",
    title="One secret serves several agents or workloads",
    severity=Severity.MEDIUM,
    remediation="Give each reader a secret of its own, so that one can be revoked alone.",
)
def shared_secret(graph: AgentGraph) -> Iterator[Finding]:
    """Secrets that an agent receives and another agent or workload receives too; the tools of one agent are one."""
    uses: dict[Key, list[SecretUseView]] = {}
    for view in graph.secret_uses():
        if view.secret is not None and len(view.readers) > 1:
            uses.setdefault(view.secret, []).append(view)
    for secret, views in sorted(uses.items()):
        agents = in_order(graph, (agent for view in views for agent in view.agents))
        of_agents = {view.subject for view in views}
        others = [reader for reader in views[0].readers if reader not in of_agents]
        if not agents or len(agents) + len(others) <= 1:
            continue
        readers = listed(key.address for key in (*agents, *others))
        yield shared_secret.finding(
            f"{views[0].secret_name} is received by {readers}: it cannot be revoked for one alone",
            severity=Severity.MEDIUM,
            confidence=min(view.confidence for view in views),
            subject=secret,
            cause="readers",
            evidence=[Evidence(view.use.at, f"received by {view.subject.address}") for view in views],
            agents=agents,
        )
