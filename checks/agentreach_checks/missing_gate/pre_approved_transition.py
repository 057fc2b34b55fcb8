"""AR405: a privileged step with no decision at request time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect, Evidence, Step
from agentreach_checks import rating
from agentreach_checks.own_secrets import are_its_own
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import owned, serving, through, verb, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView


@check(
    id="AR405",
    name="pre-approved-transition",
    title="Agent takes a privileged step that nobody decides at request time",
    severity=Severity.CRITICAL,
    remediation="Require a confirmation, approval or policy decision for this step, or grant it per task.",
)
def pre_approved_transition(graph: AgentGraph) -> Iterator[Finding]:
    """Deploy, secrets and identity steps that stand open, unattended agents that write, agents that may pay."""
    yield from _standing(graph)
    for view in graph.settings(aspect=Aspect.UNATTENDED):
        yield from _unattended(graph, view)
    for view in graph.settings(aspect=Aspect.SPENDS_MONEY):
        yield from _paying(graph, view)


def _standing(graph: AgentGraph) -> Iterator[Finding]:
    for reach in by_statement(graph, graph.reach(minimum=Step.DEPLOY, standing=True)):
        if reach.step is Step.ADMIN or (reach.step is Step.SECRETS and are_its_own(graph, reach)):
            continue
        message = (
            f"{who(reach.agents)} may take the {reach.step.label} step {through(reach)} with no decision "
            f"at request time declared in the scanned code: {what(reach)}"
        )
        yield claim(pre_approved_transition, reach, message, in_part=True)


def _unattended(graph: AgentGraph, view: SettingView) -> Iterator[Finding]:
    entry = graph.agent(view.entries[0])
    step = entry.highest_standing if entry else None
    if view.setting.state is not True or entry is None or step is None or step < Step.WRITE_DATA:
        return
    runs = verb(view.agents, "runs", "run")
    yield pre_approved_transition.finding(
        f"{who(view.agents, view.subject)} {runs} unattended and may take the {step.label} step "
        "with no decision declared in the scanned code",
        severity=rating.base(step),
        confidence=view.confidence,
        subject=entry.key,
        cause="unattended",
        evidence=[Evidence(view.setting.at, view.setting.note or "runs without a person")],
        agents=view.agents,
    )


def _paying(graph: AgentGraph, view: SettingView) -> Iterator[Finding]:
    gates = (gate for key in (view.subject, *view.entries) if (entry := graph.agent(key)) for gate in entry.gates)
    if view.setting.state is not True or any(gate.holds for gate in gates):
        return
    yield pre_approved_transition.finding(
        f"{serving(view.subject, view.agents)} may spend money with no decision declared in the scanned code",
        severity=Severity.HIGH,
        confidence=view.confidence,
        subject=view.subject,
        cause="payment",
        evidence=[Evidence(view.setting.at, view.setting.note or f"{owned(view.subject, view.agents)} pays")],
        agents=view.agents,
    )
