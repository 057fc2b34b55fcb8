"""The compliance mapping as CSV, safe against formula injection: one row per entry, check and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.comparison import changes
from agentreach_reports.records import message
from agentreach_reports.rows import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

HEADER = (
    "framework",
    "version",
    "entry",
    "title",
    "assessable",
    "state",
    "why",
    "attest",
    "check",
    "relation",
    "basis",
    "severity",
    "agent",
    "owner",
    "subject",
    "message",
    "path",
    "line",
    "fingerprint",
    "revision",
    "change",
)


def render(scan: Scan, presentation: Presentation) -> str:
    """The rows."""
    return written(HEADER, _rows(scan, presentation))


def _rows(scan: Scan, presentation: Presentation) -> Iterator[tuple[object, ...]]:
    made = changes(scan.open_findings, presentation.previous)
    words = made.words if made else {}
    revision = presentation.revision or ""
    for table in compliance.tables(scan, presentation.frameworks):
        for assessment in table.assessments:
            entry = assessment.entry
            start = (table.framework.id, table.framework.version, entry.id, entry.title, entry.assessable)
            state = (*start, assessment.state.value, assessment.why, " ".join(assessment.attest))
            for link in assessment.links:
                relation = (link.check.id, link.control.relation, link.control.basis)
                found = [one for one in (*assessment.findings, *assessment.limiting) if one.check_id == link.check.id]
                for finding in found:
                    change = words.get(finding.fingerprint, "")
                    yield (*state, *relation, *_finding(scan, finding), revision, change)
                if not found:
                    yield (*state, *relation, *[""] * 8, revision, "")
            if not assessment.links:
                yield (*state, *[""] * 11, revision, "")


def _finding(scan: Scan, finding: Finding) -> tuple[object, ...]:
    at = finding.evidence[0].at.location if finding.evidence else None
    agent = finding.agents[0].address if finding.agents else ""
    view = scan.graph.agent(finding.agents[0]) if finding.agents else None
    about = (finding.severity.label, agent, (view and view.owner) or "", finding.subject.address, message(finding))
    return (*about, at.path if at else "", at.line if at else "", finding.fingerprint)
