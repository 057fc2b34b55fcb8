"""AR001: infrastructure code that could not be parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Evidence
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


@check(
    id="AR001",
    name="broken-source",
    title="Infrastructure code could not be parsed",
    severity=Severity.MEDIUM,
    remediation="Correct the syntax at the place shown; until then nothing declared there is analysed.",
)
def broken_source(graph: AgentGraph) -> Iterator[Finding]:
    """One finding for each place where a source recognised as infrastructure code could not be read."""
    for broken in graph.broken:
        path = broken.at.source.path
        yield broken_source.finding(
            f"{path} could not be parsed: {broken.message}",
            severity=Severity.MEDIUM,
            confidence=Confidence.HIGH,
            subject=Key(".", path),
            cause=broken.message,
            evidence=[Evidence(broken.at, broken.message)],
        )
