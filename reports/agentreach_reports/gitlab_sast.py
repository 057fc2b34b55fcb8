"""GitLab's SAST report, for the vulnerability report and security policies; `gitlab` is Code Quality, for every tier.

Follows report schema 15.0.7 (`sast-report-format.json`), which all supported GitLab versions read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach import __version__
from agentreach.findings import Severity
from agentreach_reports.json_text import dumped
from agentreach_reports.markup import code, plain
from agentreach_reports.records import message
from agentreach_reports.relevance import is_evidence
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

VERSION = "15.0.7"
SEVERITIES = {Severity.LOW: "Low", Severity.MEDIUM: "Medium", Severity.HIGH: "High", Severity.CRITICAL: "Critical"}
TOOL = {"id": "agentreach", "name": "AgentReach", "vendor": {"name": "AgentReach"}, "version": __version__}
# Kinds of identifiers that GitLab shows beside a finding.
OWASP = "owasp-asi-2026"


def render(scan: Scan, presentation: Presentation) -> str:
    """The report of findings that count."""
    moment = presentation.dated.strftime("%Y-%m-%dT%H:%M:%S")
    return dumped(
        {
            "version": VERSION,
            "scan": {
                "analyzer": TOOL,
                "scanner": TOOL,
                "type": "sast",
                "status": "failure" if scan.is_incomplete(strict=presentation.strict) else "success",
                "start_time": moment,
                "end_time": moment,
                "messages": [_broken(one.message, str(one.at.location)) for one in scan.broken],
            },
            "vulnerabilities": [_vulnerability(finding) for finding in scan.open_findings if finding.evidence],
        }
    )


def _broken(text: str, where: str) -> dict[str, str]:
    return {"level": "warn", "value": visible(f"{where}: {text}", 1000)}


def _vulnerability(finding: Finding) -> dict[str, Any]:
    at = finding.evidence[0].at.location
    return {
        "id": finding.fingerprint,
        "name": visible(f"{finding.check_id} {finding.title}", 255),
        "description": _description(finding),
        "severity": SEVERITIES[finding.severity],
        "solution": visible(finding.remediation, 7000),
        "identifiers": _identifiers(finding),
        "location": {"file": at.path, "start_line": at.line, "end_line": max(at.line, at.end_line)},
        "flags": [],
    }


def _description(finding: Finding) -> str:
    """Markdown: the sentence and the chain of places."""
    places = ((evidence.at.location, evidence.note) for evidence in finding.evidence)
    chain = [f"- {code(f'{at.path}:{at.line}')} {plain(note)}" for at, note in places]
    return "\n".join([plain(message(finding), 4000), "", *chain])


def _identifiers(finding: Finding) -> list[dict[str, str]]:
    """The check first: GitLab tracks a finding by its first identifier."""
    own = {"type": "agentreach_check", "name": f"{finding.check_id} {finding.name}", "value": finding.check_id}
    evidence = filter(is_evidence, finding.controls)
    cited = dict.fromkeys(control.id for control in evidence if control.framework == OWASP)
    return [own, *({"type": "owasp_asi", "name": f"{entry}:2026", "value": f"{entry}:2026"} for entry in cited)]
