"""The compliance mapping report as one self-contained page without a script: to keep, to print, to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.comparison import changes
from agentreach_reports.compliance_markdown import FINDINGS_SHOWN, PREAMBLE, scanned
from agentreach_reports.pages import page
from agentreach_reports.records import message
from agentreach_reports.scan_json import tool
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterable

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.compliance import Table
    from agentreach_reports.presentation import Presentation

PLACES_SHOWN = 6
STATE_WORDS = ("evidence found", "nothing found", "not assessed", "not assessable from code")


def render(scan: Scan, presentation: Presentation) -> str:
    """The page."""
    about = tool()
    tables = compliance.tables(scan, presentation.frameworks)
    cited = _cited(tables)
    has_date = presentation.timestamp is not None
    return page(
        "compliance.html.j2",
        scan=scan,
        failed=[skip for skip in scan.skipped if not skip.by_design],
        scanned=visible(scanned(scan, presentation)),
        changes=changes(scan.open_findings, presentation.previous),
        tables=tables,
        cited=cited,
        numbers={finding.fingerprint: number for number, finding in enumerate(cited, 1)},
        left=len(scan.open_findings) - len(cited),
        state_words=STATE_WORDS,
        attestations=_attestations,
        owner=lambda finding: _owner(scan, finding),
        preamble=PREAMBLE,
        message=message,
        shown=FINDINGS_SHOWN,
        places=PLACES_SHOWN,
        version=about["version"],
        catalogue=about["action_catalogue"],
        dated=presentation.dated.strftime("%Y-%m-%dT%H:%M:%SZ") if has_date else "",
    )


def _cited(tables: Iterable[Table]) -> list[Finding]:
    """What the lists of the entries show, each once, the gravest first."""
    entries = (one for table in tables for one in table.assessments)
    shown = (one for entry in entries for some in (entry.findings, entry.limiting) for one in some[:FINDINGS_SHOWN])
    return sorted({one.fingerprint: one for one in shown}.values(), key=lambda one: -one.severity)


def _attestations(table: Table) -> ItemsView[tuple[str, ...], list[str]]:
    """Entries that need the same stand together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for one in table.assessments:
        grouped.setdefault(one.attest, []).append(one.entry.cite_as)
    return grouped.items()


def _owner(scan: Scan, finding: Finding) -> str:
    view = scan.graph.agent(finding.agents[0]) if finding.agents else None
    if view is None:
        return ""
    return f" · owner {visible(view.owner, 80)}" if view.owner else " · no owner declared in the scanned code"
