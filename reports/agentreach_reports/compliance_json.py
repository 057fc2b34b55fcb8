"""`agentreach.compliance/1`: every entry of every framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach_reports import compliance, records
from agentreach_reports.json_text import dumped
from agentreach_reports.scan_json import changed, summary, tool

if TYPE_CHECKING:
    from agentreach.engine import Scan
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
            "findings": [records.finding(one, presentation.frameworks, scan.sources) for one in scan.open_findings],
            "changes": changed(scan, presentation),
        }
    )


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
        "compensating": [finding.fingerprint for finding in assessment.limiting],
    }
