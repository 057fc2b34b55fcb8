"""AR504: the code an agent runs can change without a change here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Aspect
from agentreach_checks import rating
from agentreach_checks.controls_declared import stated
from agentreach_checks.wording import owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR504",
    name="unpinned-agent-artifact",
    title="Agent's artifact is not pinned",
    severity=Severity.MEDIUM,
    remediation="Name the image by digest, the package or skill by version and hash.",
)
def unpinned_agent_artifact(graph: AgentGraph) -> Iterator[Finding]:
    """Images, packages and skills named by something that can move."""
    yield from stated(
        unpinned_agent_artifact,
        graph,
        Aspect.PINNED_ARTIFACT,
        state=False,
        say=lambda view: (
            f"{owned(view.subject, view.agents)} runs an artifact that can change: {view.setting.note or 'no digest'}"
        ),
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
    )
