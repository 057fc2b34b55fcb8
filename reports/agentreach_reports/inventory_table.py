"""The inventory as a table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports.closing import looked_at, not_analysed, others
from agentreach_reports.style import Style
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.graph.views import AgentView
    from agentreach_reports.presentation import Presentation

HEADER = ("agent", "role", "kind", "confidence", "owner", "acts as", "highest step", "declared at")


def render(scan: Scan, presentation: Presentation) -> str:
    """A row per entry, in review order."""
    style = Style.of(presentation)
    rows = [_row(view) for view in scan.graph.agents]
    widths = [max(len(row[column]) for row in [HEADER, *rows]) for column in range(len(HEADER))]
    lines = [style.paint(_line(HEADER, widths), "bold"), *(_line(row, widths) for row in rows)] if rows else []
    closing = (looked_at(scan), *others(scan), *not_analysed(scan, style, verbose=presentation.verbose))
    return "\n".join([*lines, "", *closing]).lstrip("\n") + "\n"


def _row(view: AgentView) -> tuple[str, ...]:
    at = view.agent.at.location
    direct = [identity for identity in view.identities if len(identity.hops) <= 1] or list(view.identities[:1])
    return (
        visible(view.key.address, 60),
        view.role.value,
        view.agent.kind,
        view.confidence.label,
        visible(view.owner or "-", 30),
        visible(", ".join(identity.key.address for identity in direct) or "-", 60),
        view.highest.label if view.highest else "-",
        f"{visible(at.path)}:{at.line}",
    )


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
