"""`agentreach.agents/1`: the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import records
from agentreach_reports.json_text import dumped
from agentreach_reports.scan_json import summary, tool

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The agents as JSON."""
    return dumped(
        {
            "schema": "agentreach.agents/1",
            "tool": tool(),
            "summary": summary(scan, presentation),
            "agents": [records.agent(scan.graph, view) for view in scan.graph.agents],
            "unmodelled": [records.unmodelled(one) for one in scan.graph.unmodelled],
            "not_analysed": records.not_analysed(scan),
        }
    )
