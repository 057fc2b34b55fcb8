"""AR102: `*` or `service:*` instead of the actions a task needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import may_do, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach


@check(
    id="AR102",
    name="wildcard-action",
    title="Agent's policy grants a wildcard action",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Name the actions that the agent's tools call.",
)
def wildcard_action(graph: AgentGraph) -> Iterator[Finding]:
    """Wildcards over whole services that include more than reading; a tight, conditional one is silent."""
    for reach in _highest(by_statement(graph, graph.reach(minimum=Step.WRITE_DATA))):
        message = (
            f"{who(reach.agents)} may {may_do(reach)} {through(reach)}: "
            "the actions are not limited to what its tools need"
        )
        yield claim(wildcard_action, reach, message)


def _highest(reaches: Iterator[Reach]) -> Iterator[Reach]:
    """Of each statement with a wildcard, the highest step it gives."""
    found: dict[tuple[object, ...], Reach] = {}
    for reach in reaches:
        narrow = reach.conditional and not reach.wildcard_resource
        if reach.wildcard_action and reach.provider != "kubernetes" and not narrow:
            place = (reach.identity, reach.cause, reach.actions)
            found[place] = max(found.get(place, reach), reach, key=lambda one: one.step)
    return iter(found.values())
