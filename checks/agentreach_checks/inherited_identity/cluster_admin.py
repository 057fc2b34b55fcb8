"""AR108: cluster-admin, or rights that equal it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, verb, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR108",
    name="cluster-admin",
    title="Agent's service account is cluster-admin",
    severity=Severity.CRITICAL,
    silences=("AR109", "AR303", "AR304"),
    formats=("kubernetes",),
    remediation="Bind a Role in the namespace the agent works in, with the verbs and resources its tools need.",
)
def cluster_admin(graph: AgentGraph) -> Iterator[Finding]:
    """Bindings that give an agent every verb on every resource; within one namespace that is less."""
    for reach in by_statement(graph, graph.reach(step=Step.ADMIN, standing=True)):
        if reach.provider != "kubernetes":
            continue
        place = "the whole cluster" if reach.namespace is None else f"everything in namespace {reach.namespace}"
        controls = verb(reach.agents, "controls", "control")
        everywhere = reach.namespace is None or reach.production
        severity = rating.base(reach.step) if everywhere else rating.base(reach.step).lowered()
        message = f"{who(reach.agents)} {controls} {place} {through(reach)}"
        yield claim(cluster_admin, reach, message, severity=severity)
