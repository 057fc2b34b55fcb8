"""AR002: an identity or policy of an agent is only known at deploy time."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Evidence
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import UnknownView

RETURNED = "return-control"
WHOLE = "identity"
OUTSIDE_THE_CODE = frozenset({"agents", "user_id"})
"""What no declaration says, however much of it is known."""
OUTSIDE = "Review it where it is kept: no infrastructure code declares it."


@check(
    id="AR002",
    name="unknown-policy",
    title="An agent's identity or policy is known only at deploy time",
    severity=Severity.LOW,
    remediation="Give the value with --var, --var-file or --parameter, scan the plan in JSON, or scan the code that "
    "declares it too.",
)
def unknown_policy(graph: AgentGraph) -> Iterator[Finding]:
    """One finding for each identity, listing every unknown that hides reach."""
    yield from _hidden(graph)
    yield from _schemas_elsewhere(graph)


def _hidden(graph: AgentGraph) -> Iterator[Finding]:
    concerning = sorted((one for one in graph.unknowns if one.entries), key=lambda one: one.key)
    for key, group in groupby(concerning, key=lambda one: one.key):
        unknowns = sorted(group, key=lambda one: (one.at.source.path, one.at.start, one.attribute))
        agents = tuple(dict.fromkeys(agent for one in unknowns for agent in one.agents))
        by = "" if key in agents else f" through {key.address}"
        yield unknown_policy.finding(
            f"What {who(agents)} may do{by} is not known from the code: {_reasons(unknowns)}",
            severity=Severity.LOW,
            confidence=Confidence.HIGH,
            subject=key,
            cause=",".join(sorted({one.attribute for one in unknowns})),
            evidence=[Evidence(one.at, f"{one.attribute}: {one.reason}") for one in unknowns],
            agents=agents,
            remediation=OUTSIDE if all(one.attribute in OUTSIDE_THE_CODE for one in unknowns) else "",
        )


def _reasons(unknowns: list[UnknownView]) -> str:
    """`policy (var.policy has no value)`, or the reason alone where it says what is missing."""
    return listed(one.reason if one.attribute == WHOLE else f"{one.attribute} ({one.reason})" for one in unknowns)


def _schemas_elsewhere(graph: AgentGraph) -> Iterator[Finding]:
    """A mutating tool whose confirmation is declared where the scan cannot look, unless that was said already."""
    hidden = {one.key for one in graph.unknowns if one.entries}
    for tool in graph.tools():
        if tool.key in hidden or tool.confirmation is not None:
            continue
        if tool.mutating is not True or tool.executor == RETURNED:
            continue
        yield unknown_policy.finding(
            f"Whether tool {tool.key.address} of {who(tool.agents)} asks for confirmation is not known from the code",
            severity=Severity.LOW,
            confidence=tool.confidence,
            subject=tool.key,
            cause="confirmation",
            evidence=[Evidence(tool.tool.at, "the schema of this tool is elsewhere"), *tool.because],
            agents=tool.agents,
        )
