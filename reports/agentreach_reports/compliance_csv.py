"""The compliance mapping as CSV, safe against formula injection: one row per entry, check and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.records import message
from agentreach_reports.rows import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

HEADER = (
    "framework",
    "version",
    "entry",
    "title",
    "assessable",
    "state",
    "check",
    "relation",
    "basis",
    "severity",
    "agent",
    "subject",
    "message",
    "path",
    "line",
    "fingerprint",
)


def render(scan: Scan, presentation: Presentation) -> str:
    """The rows."""
    return written(HEADER, _rows(scan, presentation))


def _rows(scan: Scan, presentation: Presentation) -> Iterator[tuple[object, ...]]:
    for table in compliance.tables(scan, presentation.frameworks):
        for assessment in table.assessments:
            entry = assessment.entry
            start = (table.framework.id, table.framework.version, entry.id, entry.title, entry.assessable)
            state = assessment.state.value
            for link in assessment.links:
                relation = (link.check.id, link.control.relation, link.control.basis)
                found = [finding for finding in assessment.findings if finding.check_id == link.check.id]
                for finding in found:
                    at = finding.evidence[0].at.location if finding.evidence else None
                    agent = finding.agents[0].address if finding.agents else ""
                    place = (at.path, at.line) if at else ("", "")
                    about = (finding.severity.label, agent, finding.subject.address, message(finding))
                    yield (*start, state, *relation, *about, *place, finding.fingerprint)
                if not found:
                    yield (*start, state, *relation, *[""] * 7)
            if not assessment.links:
                yield (*start, state, *[""] * 10)
