"""AR405: a privileged step with no decision at request time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect, Evidence, Step
from agentreach_checks import rating
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR405",
    name="pre-approved-transition",
    title="Agent takes a privileged step that nobody decides at request time",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Require a confirmation, approval or policy decision for this step, or grant it per task.",
)
def pre_approved_transition(graph: AgentGraph) -> Iterator[Finding]:
    """Deploy, secrets and identity steps that stand open, and unattended agents with tools that write."""
    for reach in graph.reach(minimum=Step.DEPLOY, standing=True):
        if reach.step is Step.ADMIN:
            continue
        yield pre_approved_transition.finding(
            f"{who(reach.agents)} may take the {reach.step.label} step {through(reach)} "
            f"with no decision at request time: {what(reach)}",
            severity=rating.of_reach(reach),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            facet=f"{reach.step.label}/{reach.service}",
            evidence=reach.evidence,
            agents=reach.agents,
        )
    yield from _unattended(graph)


def _unattended(graph: AgentGraph) -> Iterator[Finding]:
    for view in graph.settings(aspect=Aspect.UNATTENDED):
        entry = graph.agent(view.entries[0] if view.entries else None)
        writes = entry is not None and (entry.highest_standing or Step.OBSERVE) >= Step.WRITE_DATA
        if view.setting.state is not True or not writes or entry is None:
            continue
        yield pre_approved_transition.finding(
            f"{who(view.agents, view.subject.address)} runs unattended and may take the "
            f"{(entry.highest_standing or Step.OBSERVE).label} step without a decision",
            severity=rating.base(entry.highest_standing),
            confidence=view.confidence,
            subject=entry.key,
            cause="unattended",
            evidence=[Evidence(view.setting.at, view.setting.note or "runs without a person")],
            agents=view.agents,
        )
