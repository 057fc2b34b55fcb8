"""AR307: nothing limits where the agent may send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR307",
    name="unrestricted-egress",
    title="Agent can reach any network destination",
    severity=Severity.HIGH,
    remediation="Limit egress to the destinations that the agent's tools need.",
)
def unrestricted_egress(graph: AgentGraph) -> Iterator[Finding]:
    """Workloads and tools of agents without a limit on egress."""
    yield from stated(
        unrestricted_egress,
        graph,
        Aspect.UNRESTRICTED_EGRESS,
        state=True,
        say=lambda view: f"{serving(view.subject, view.agents)} may send to any network destination",
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
    )
