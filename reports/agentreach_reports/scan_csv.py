"""Findings as CSV, one row each, safe against formula injection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports.comparison import changes
from agentreach_reports.records import message
from agentreach_reports.rows import written
from agentreach_reports.wording import why

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

HEADER = (
    "severity",
    "confidence",
    "check",
    "name",
    "agents",
    "subject",
    "root",
    "message",
    "path",
    "line",
    "remediation",
    "suppressed",
    "fingerprint",
    "origin",
    "change",
)


def render(scan: Scan, presentation: Presentation) -> str:
    """The rows, suppressed findings included when asked for."""
    shown = scan.findings if presentation.show_suppressed else scan.open_findings
    made = changes(scan.open_findings, presentation.previous)
    words = made.words if made else {}
    return written(HEADER, ((*_row(finding), words.get(finding.fingerprint, "")) for finding in shown))


def _row(finding: Finding) -> tuple[object, ...]:
    at = finding.evidence[0].at.location if finding.evidence else None
    return (
        finding.severity.label,
        finding.confidence.label,
        finding.check_id,
        finding.name,
        " ".join(key.address for key in finding.agents),
        finding.subject.address,
        finding.subject.root,
        message(finding),
        at.path if at else "",
        at.line if at else "",
        finding.remediation,
        why(finding.suppressed) if finding.suppressed else "",
        finding.fingerprint,
        finding.origin,
    )
