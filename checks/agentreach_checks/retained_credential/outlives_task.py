"""AR209: sessions, memory and telemetry that outlast the task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks.lifetimes import too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


CLASSES = frozenset({"memory", "idle-session"})


@check(
    id="AR209",
    name="outlives-task",
    title="What an agent keeps outlives its task",
    severity=Severity.HIGH,
    remediation="Shorten the idle timeout, the maximum lifetime or the retention to what a task needs.",
)
def outlives_task(graph: AgentGraph) -> Iterator[Finding]:
    """Idle sessions, runtimes and memories above their thresholds."""
    yield from too_long(outlives_task, graph, CLASSES)
