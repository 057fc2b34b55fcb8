"""GitLab Code Quality: an array of issues, read by merge request widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.findings import Severity
from agentreach_reports.json_text import dumped
from agentreach_reports.records import message
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

SEVERITIES = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def render(scan: Scan, presentation: Presentation) -> str:  # noqa: ARG001 - every renderer takes both
    """The issues of findings that count."""
    return dumped([_issue(finding) for finding in scan.open_findings if finding.evidence])


def _issue(finding: Finding) -> dict[str, Any]:
    at = finding.evidence[0].at.location
    return {
        "description": visible(f"{finding.check_id} {message(finding)}", 2000),
        "check_name": f"{finding.check_id} {finding.name}",
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": at.path, "lines": {"begin": at.line, "end": max(at.line, at.end_line)}},
    }
