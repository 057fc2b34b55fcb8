"""`agentreach.compliance/1`: every entry of every framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach_reports import compliance, records
from agentreach_reports.comparison import changes
from agentreach_reports.scan_json import dumped, summary, tool

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.comparison import Changes
    from agentreach_reports.compliance import Assessment, Table
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The compliance mapping as JSON, with the findings it refers to."""
    return dumped(
        {
            "schema": "agentreach.compliance/1",
            "tool": tool(),
            "summary": summary(scan, presentation),
            "revision": presentation.revision,
            "frameworks": [_framework(table) for table in compliance.tables(scan, presentation.frameworks)],
            "findings": [records.finding(one, presentation.frameworks) for one in scan.open_findings],
            "changes": _changes(changes(scan.open_findings, presentation.previous)),
        }
    )


def _changes(made: Changes | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {
        "new": [finding.fingerprint for finding in made.new],
        "unchanged": [finding.fingerprint for finding in made.unchanged],
        "gone": list(made.gone),
    }


def _framework(table: Table) -> dict[str, Any]:
    framework = table.framework
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "url": framework.url,
        "entries": [_entry(assessment) for assessment in table.assessments],
    }


def _entry(assessment: Assessment) -> dict[str, Any]:
    entry = assessment.entry
    return {
        "id": entry.id,
        "title": entry.title,
        "cite_as": entry.cite_as,
        "assessable": entry.assessable,
        "state": assessment.state.value,
        "why": assessment.why,
        "attest": list(assessment.attest),
        "checks": list(dict.fromkeys(link.check.id for link in assessment.links)),
        "relations": [
            {"check": link.check.id, "relation": link.control.relation, "basis": link.control.basis}
            for link in assessment.links
        ],
        "findings": [finding.fingerprint for finding in assessment.findings],
    }
