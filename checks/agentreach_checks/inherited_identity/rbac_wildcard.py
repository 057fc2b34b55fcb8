"""AR109: a wildcard verb, resource or API group in an agent's RBAC rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import RbacStatement, Step
from agentreach_checks import rating
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import listed, scope, through, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach


@check(
    id="AR109",
    name="rbac-wildcard",
    title="Agent's RBAC rule has a wildcard",
    severity=Severity.CRITICAL,
    silences=("AR301",),
    formats=("kubernetes",),
    remediation="Name the API groups, resources and verbs that the agent's tools use.",
)
def rbac_wildcard(graph: AgentGraph) -> Iterator[Finding]:
    """Rules with `*` as verb, resource or API group; not those about the agent's own kinds of objects only."""
    for reach in _highest(by_statement(graph, graph.reach(minimum=Step.READ_DATA))):
        standing = reach.standing is not False
        everywhere = reach.namespace is None or reach.production
        message = (
            f"{who(reach.agents)} may use {listed(_wildcards(reach))} {scope(reach.namespace)} {through(reach)}: "
            "not limited to what its tools need"
        )
        severity = rating.of_step(reach.step, raised=standing and everywhere, gated=not standing)
        yield claim(rbac_wildcard, reach, message, severity=severity)


def _highest(reaches: Iterable[Reach]) -> Iterable[Reach]:
    """Of each rule with a wildcard, the highest step it gives."""
    found: dict[tuple[object, ...], Reach] = {}
    for reach in reaches:
        if _wildcards(reach) and not _is_about_its_own(reach):
            place = (reach.identity, reach.cause)
            found[place] = max(found.get(place, reach), reach, key=lambda one: one.step)
    return found.values()


def _wildcards(reach: Reach) -> list[str]:
    rule = reach.statement
    if not isinstance(rule, RbacStatement):
        return []
    parts = (("every verb", rule.verbs), ("every resource", rule.resources), ("every API group", rule.api_groups))
    return [name for name, values in parts if "*" in values]


def _is_about_its_own(reach: Reach) -> bool:
    """`kagent.dev/*` in a rule of a kagent agent: the objects it is made of."""
    rule = reach.statement
    own = {entry.address.partition("/")[0].partition(".")[2] for entry in reach.entries} - {""}
    return isinstance(rule, RbacStatement) and bool(rule.api_groups) and set(rule.api_groups) <= own
