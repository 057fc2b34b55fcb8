"""AR109: a wildcard verb, resource or API group in an agent's RBAC rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import RbacStatement, Step
from agentreach_checks import rating
from agentreach_checks.wording import listed, through, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


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
    """Rules with `*` as verb, or as resource with more than reading verbs."""
    for reach in graph.reach(minimum=Step.READ_DATA):
        wild = _wildcards(reach.statement)
        if not wild:
            continue
        yield rbac_wildcard.finding(
            f"{who(reach.agents)} may use {listed(wild)} {through(reach)}: not limited to what its tools need",
            severity=rating.of_reach(reach),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            evidence=reach.evidence,
            agents=reach.agents,
        )


def _wildcards(rule: object) -> list[str]:
    if not isinstance(rule, RbacStatement):
        return []
    parts = (("every verb", rule.verbs), ("every resource", rule.resources), ("every API group", rule.api_groups))
    return [name for name, values in parts if "*" in values]
