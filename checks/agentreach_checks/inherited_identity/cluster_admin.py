"""AR108: cluster-admin, or rights that equal it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import RbacStatement, Step
from agentreach_checks import rating
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, verb, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach


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
    for reach in by_statement(graph, graph.reach(minimum=Step.IDENTITY, standing=True)):
        if reach.provider != "kubernetes" or not _is_everything(reach):
            continue
        place = "the whole cluster" if reach.namespace is None else f"everything in namespace {reach.namespace}"
        controls = verb(reach.agents, "controls", "control")
        severity = rating.of_step(reach.step, raised=reach.production)
        message = f"{who(reach.agents)} {controls} {place} {through(reach)}"
        yield claim(cluster_admin, reach, message, severity=severity)


def _is_everything(reach: Reach) -> bool:
    """Every verb on every resource of every API group. In one namespace that is not the admin step."""
    rule = reach.statement
    everything = isinstance(rule, RbacStatement) and all(
        "*" in one for one in (rule.verbs, rule.api_groups, rule.resources)
    )
    return reach.step is Step.ADMIN or everything
