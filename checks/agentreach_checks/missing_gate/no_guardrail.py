"""AR403: no content guardrail is declared."""

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
    id="AR403",
    name="no-guardrail",
    title="Agent has no guardrail",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Attach a guardrail to the agent.",
)
def no_guardrail(graph: AgentGraph) -> Iterator[Finding]:
    """Agents whose type can name a guardrail and that name none."""
    yield from stated(
        no_guardrail,
        graph,
        Aspect.GUARDRAIL,
        state=False,
        say=lambda view: f"{owned(view.subject, view.agents)} has no guardrail declared in the scanned code",
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
    )
