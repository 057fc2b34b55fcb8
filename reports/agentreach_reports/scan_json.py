"""`agentreach.scan/1`: everything a scan concluded, and everything it did not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from agentreach import __version__
from agentreach.access import actions
from agentreach.findings import Severity
from agentreach_reports import records
from agentreach_reports.comparison import changes
from agentreach_reports.json_text import dumped

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The scan as JSON, keys in the order of the contract."""
    return dumped(document(scan, presentation))


def document(scan: Scan, presentation: Presentation) -> dict[str, Any]:
    """The whole document."""
    return {
        "schema": "agentreach.scan/1",
        "tool": tool(),
        "configuration": {
            "file": scan.configuration.file,
            "weakened": list(scan.configuration.weakened()),
            "weakened_by_change": list(scan.weakens),
            "refused": list(scan.configuration.refused),
        },
        "summary": summary(scan, presentation),
        "changes": changed(scan, presentation),
        "agents": [records.agent(scan.graph, view) for view in scan.graph.agents],
        "findings": [records.finding(one, presentation.frameworks, scan.sources) for one in scan.findings],
        "skipped": [records.skipped(one) for one in scan.skipped],
        "unknown": [records.unknown(one) for one in scan.graph.unknowns],
        "unmodelled": [records.unmodelled(one) for one in scan.graph.unmodelled],
    }


def tool() -> dict[str, str]:
    """What produced the document."""
    return {"name": "agentreach", "version": __version__, "action_catalogue": actions.version()}


def changed(scan: Scan, presentation: Presentation) -> dict[str, Any] | None:
    """What differs from the earlier report; None when nothing is compared."""
    made = changes(scan.open_findings, presentation.previous)
    return made.record if made else None


def summary(scan: Scan, presentation: Presentation) -> dict[str, Any]:
    """The counts; suppressed and known findings are counted apart.

    `seconds` is 0.0 unless `verbose` asks for it: the same code gives the same bytes.
    """
    severities = Counter(finding.severity for finding in scan.open_findings)
    return {
        "files": scan.files,
        "resources": scan.resources,
        "agents": records.counted(scan.graph),
        "findings": {severity.label: severities[severity] for severity in sorted(Severity, reverse=True)},
        "suppressed": sum(finding.suppressed is not None for finding in scan.findings),
        "known": scan.known,
        "skipped": len(scan.skipped),
        "unknown": len(scan.graph.unknowns),
        "unmodelled": len(scan.graph.unmodelled),
        "seconds": round(scan.seconds, 3) if presentation.verbose and presentation.timestamp is None else 0.0,
    }
