"""How bad a combination is: the ladder's step, whether it is standing, how wide it is, what stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach.identity import Step

if TYPE_CHECKING:
    from agentreach.graph.views import AgentView, CredentialView, EscalationView, Reach

BASE = {
    Step.OBSERVE: Severity.LOW,
    Step.READ_DATA: Severity.LOW,
    Step.WRITE_DATA: Severity.MEDIUM,
    Step.EXECUTE: Severity.MEDIUM,
    Step.DEPLOY: Severity.HIGH,
    Step.SECRETS: Severity.HIGH,
    Step.IDENTITY: Severity.HIGH,
    Step.ADMIN: Severity.CRITICAL,
}


def base(step: Step | None) -> Severity:
    """The severity of a privilege step alone; low when nothing is known to be held."""
    return Severity.LOW if step is None else BASE[step]


def of_step(step: Step | None, *, raised: bool = False, gated: bool = False) -> Severity:
    """One up when standing and wide or production, one down when a gate that fails closed covers it."""
    severity = base(step)
    if raised:
        severity = severity.raised()
    return severity.lowered() if gated else severity


def of_reach(reach: Reach) -> Severity:
    """The severity of what one statement gives."""
    standing = reach.standing is not False
    return of_step(reach.step, raised=standing and (reach.wildcard_resource or reach.production), gated=not standing)


def of_escalation(path: EscalationView) -> Severity:
    """The severity of an escalation path by what it yields."""
    standing = path.standing is not False
    return of_step(path.yields, raised=standing and (path.wildcard_resource or path.production), gated=not standing)


def of_credential(view: CredentialView, level: Severity) -> Severity:
    """A credential is at most as bad as what its owner may do."""
    return max(min(level, base(view.highest)), Severity.LOW)


def of_absence(agent: AgentView | None) -> Severity:
    """A control that is not declared: medium where the agent may write ungated, else low."""
    writes = agent is not None and (agent.highest_standing or Step.OBSERVE) >= Step.WRITE_DATA
    return Severity.MEDIUM if writes else Severity.LOW
