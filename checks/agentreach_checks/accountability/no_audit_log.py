"""AR502: recording is off or kept too short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView


SHORT = "is kept for"


@check(
    id="AR502",
    name="no-audit-log",
    title="Agent's actions are not recorded",
    severity=Severity.MEDIUM,
    remediation="Turn on tracing or invocation logs, and keep them for a year.",
)
def no_audit_log(graph: AgentGraph) -> Iterator[Finding]:
    """Recording, tracing or invocation log off or kept too short."""
    yield from stated(
        no_audit_log,
        graph,
        Aspect.AUDIT_LOG,
        state=False,
        say=_unrecorded,
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
        spares_bounded=True,
    )


def _unrecorded(view: SettingView) -> str:
    note = view.setting.note or "no log is declared"
    where = " in the scanned code" if note.endswith("declared") else ""
    does = f"{view.subject.address} does"
    served = "" if view.subject in view.agents or not view.agents else f" for {who(view.agents)}"
    how = "recorded for a short time only" if SHORT in note else "not recorded"
    return f"What {does}{served} is {how}: {note}{where}"
