"""AR503: memory without a key of its own."""

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
    from agentreach.graph.views import SettingView


@check(
    id="AR503",
    name="unencrypted-memory",
    title="Agent's memory is not encrypted with a key of its own",
    severity=Severity.MEDIUM,
    formats=("terraform", "cloudformation"),
    remediation="Name a customer managed key.",
)
def unencrypted_memory(graph: AgentGraph) -> Iterator[Finding]:
    """Memories and stores of agents without a customer managed key."""
    yield from stated(
        unencrypted_memory,
        graph,
        Aspect.MEMORY_ENCRYPTION,
        state=False,
        say=_unencrypted,
        rate=lambda view: rating.of_absence(graph.agent(view.entries[0])),
        spares_bounded=True,
    )


def _unencrypted(view: SettingView) -> str:
    what = f"What {view.subject.address} remembers" if view.subject in view.agents else owned(view.subject, view.agents)
    return f"{what} is not encrypted with a key named in the scanned code"
