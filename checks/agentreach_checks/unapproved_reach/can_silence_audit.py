"""AR310: the agent can switch off or delete its own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import actions, audit_silencing
from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import listed, through, where, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach


@check(
    id="AR310",
    name="can-silence-audit",
    title="Agent can silence the audit trail",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Remove the actions, or keep the trail in an account that the agent cannot reach.",
)
def can_silence_audit(graph: AgentGraph) -> Iterator[Finding]:
    """Actions that stop, change or delete logs, trails and detectors."""
    for reach in by_statement(graph, graph.reach()):
        silencing = _silencing(reach)
        if silencing:
            done = f"{listed(silencing)} on {where(reach)}"
            message = f"{who(reach.agents)} may silence the audit trail {through(reach)}: {done}"
            severity = max(rating.of_reach(reach), Severity.HIGH)
            yield claim(can_silence_audit, reach, message, severity=severity, in_part=True)


def _silencing(reach: Reach) -> list[str]:
    """The audit-silencing actions among those a statement gives for this service and step."""
    if reach.step is Step.ADMIN:
        return []
    if reach.provider != "aws":
        return list(audit_silencing.among(reach.provider, reach.actions, reach.service))
    silencing = actions.mask("audit-silencing") & actions.mask(reach.step.label)
    found = {name for pattern in reach.actions for name in actions.names(actions.expand(pattern) & silencing)}
    return sorted(name for name in found if name.partition(":")[0] == reach.service)
