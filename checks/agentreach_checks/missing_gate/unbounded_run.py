"""AR406: no limit on iterations, time or budget is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR406",
    name="unbounded-run",
    title="Agent's run has no bound",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Set a limit on iterations, time or tokens.",
)
def unbounded_run(graph: AgentGraph) -> Iterator[Finding]:
    """Agents without a limit on iterations or time."""
    yield from stated(
        unbounded_run,
        graph,
        Aspect.BOUNDED_RUN,
        state=False,
        say=lambda view: f"{owned(view.subject, view.agents)} has no bound on its run declared in the scanned code",
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
        spares_bounded=True,
    )
