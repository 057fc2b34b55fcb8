"""GitHub workflow commands: an annotation per finding. Scanned text cannot start a command of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach_reports.records import message
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

COMMANDS = {Severity.LOW: "notice", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}


def render(scan: Scan, presentation: Presentation) -> str:  # noqa: ARG001 - every renderer takes both
    """One line per finding."""
    lines = [_annotation(finding) for finding in scan.open_findings]
    return "\n".join(lines) + ("\n" if lines else "")


def _annotation(finding: Finding) -> str:
    at = finding.evidence[0].at.location if finding.evidence else None
    place = f"file={_property(at.path)},line={at.line},col={at.column},endLine={at.end_line}," if at else ""
    title = _property(f"{finding.check_id} {finding.title} ({finding.severity.label})")
    return f"::{COMMANDS[finding.severity]} {place}title={title}::{_data(f'{message(finding)}. {finding.remediation}')}"


def _data(text: str) -> str:
    """The escapes of the workflow command protocol."""
    return visible(text, 4000).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
