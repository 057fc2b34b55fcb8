"""The compliance mapping report as one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.comparison import changes
from agentreach_reports.compliance import State
from agentreach_reports.compliance_markdown import FINDINGS_SHOWN, PREAMBLE, scanned
from agentreach_reports.pages import page
from agentreach_reports.records import message
from agentreach_reports.scan_json import tool

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The page."""
    about = tool()
    return page(
        "compliance.html.j2",
        scan=scan,
        tables=compliance.tables(scan, presentation.frameworks),
        states=tuple(State),
        scanned=scanned(scan, presentation),
        changes=changes(scan.open_findings, presentation.previous),
        preamble=PREAMBLE,
        message=message,
        shown=FINDINGS_SHOWN,
        version=about["version"],
        catalogue=about["action_catalogue"],
    )
