"""The compliance mapping report as Markdown: per framework what was found, what was not, and what code cannot show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.comparison import changes
from agentreach_reports.compliance import State
from agentreach_reports.markup import code, plain
from agentreach_reports.records import counted, message
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.comparison import Changes
    from agentreach_reports.compliance import Assessment, Table
    from agentreach_reports.presentation import Presentation

PREAMBLE = (
    "This report maps what a static analysis found in infrastructure code to entries of published frameworks. "
    "A finding is evidence relevant to an entry; it does not decide whether anyone meets it. "
    '"Nothing found" means that the named checks found nothing in the scanned code. '
    '"Not assessed" means that no check looked, or that there was no agent to look at. '
    'What is absent is "not declared in the scanned code" and may exist elsewhere. '
    "Where code shows only what limits the effect of an entry, what was found about that decides nothing."
)
FINDINGS_SHOWN = 50


def render(scan: Scan, presentation: Presentation) -> str:
    """The report: what it rests on, what changed, then a section per framework."""
    tables = compliance.tables(scan, presentation.frameworks)
    made = changes(scan.open_findings, presentation.previous)
    parts = (
        _start(scan, presentation, tables),
        _changes(made) if made else (),
        *(_section(scan, table) for table in tables),
        _end(scan),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def scanned(scan: Scan, presentation: Presentation) -> str:
    """What the report rests on, in one sentence."""
    counts = f"{some(scan.files, 'file')}, {some(scan.resources, 'resource')}, {some(counted(scan.graph), 'agent')}"
    open_, skips = some(len(scan.open_findings), "finding"), some(len(scan.skipped), "skip")
    unknown = some(len(scan.graph.unknowns), "value")
    revision = f" revision {presentation.revision}" if presentation.revision else ""
    return f"Scanned{revision}: {counts}; {open_}, {skips}, {unknown} known only at deploy time.{_dated(presentation)}"


def _dated(presentation: Presentation) -> str:
    if presentation.timestamp is None:
        return ""
    return f" Dated {datetime.fromtimestamp(presentation.timestamp, UTC):%Y-%m-%d}."


def _start(scan: Scan, presentation: Presentation, tables: tuple[Table, ...]) -> Iterator[str]:
    yield from ("# Agent access: evidence by framework", "", PREAMBLE, "", plain(scanned(scan, presentation)))
    yield from ("", "| framework | evidence found | nothing found | not assessed | of these not assessable from code |")
    yield "| --- | ---: | ---: | ---: | ---: |"
    for table in tables:
        counts = " | ".join(str(table.count(state)) for state in State)
        beyond = sum(one.is_beyond_code for one in table.assessments)
        yield f"| {plain(table.framework.name)} ({plain(table.framework.version)}) | {counts} | {beyond} |"
    yield ""


def _changes(made: Changes) -> Iterator[str]:
    yield from ("## Since the earlier report", "", f"Findings: {made.counts}.", "")
    for finding in made.new[:FINDINGS_SHOWN]:
        yield f"- new: **{finding.severity.label}** {finding.check_id} {plain(message(finding))} ({_place(finding)})"
    yield from _more(len(made.new))
    for record in made.gone[:FINDINGS_SHOWN]:
        yield f"- gone: **{record['severity']}** {plain(record['check'])} {plain(record['message'])}"
    yield from _more(len(made.gone))
    yield ""


def _more(count: int) -> Iterator[str]:
    if count > FINDINGS_SHOWN:
        yield f"- and {count - FINDINGS_SHOWN} more"


def _section(scan: Scan, table: Table) -> Iterator[str]:
    framework = table.framework
    yield from (f"## {plain(framework.name)}", "")
    published = f"Version {plain(framework.version)}, {plain(framework.publisher)}, <{framework.url}>."
    yield f"{published} {plain(framework.status)}."
    yield from ("", "| entry | title | state | checks by relation (basis) |", "| --- | --- | --- | --- |")
    for assessment in table.assessments:
        yield _row(assessment)
    yield ""
    for assessment in table.assessments:
        named = f"{plain(assessment.entry.cite_as)} {plain(assessment.entry.title)}"
        yield from _listed(scan, f"Evidence relevant to {named}", assessment.findings)
        yield from _listed(scan, f"What limits {named}: no evidence of the entry itself", assessment.limiting)
    yield from _attestations(table)


def _row(assessment: Assessment) -> str:
    entry = assessment.entry
    count = f": {len(assessment.findings)}" if assessment.findings else ""
    why = f" — {plain(assessment.explained)}" if assessment.explained else ""
    grounds = "; ".join(assessment.grounds) or "–"
    return f"| {plain(entry.cite_as)} | {plain(entry.title)} | {assessment.words}{count}{why} | {grounds} |"


def _listed(scan: Scan, title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield from (f"### {title}", "")
    for finding in findings[:FINDINGS_SHOWN]:
        named = f"- **{finding.severity.label}** {finding.check_id} {finding.name}"
        yield f"{named}: {plain(message(finding))} ({_place(finding)}{_owner(scan, finding)})"
    yield from _more(len(findings))
    yield ""


def _owner(scan: Scan, finding: Finding) -> str:
    view = scan.graph.agent(finding.agents[0]) if finding.agents else None
    if view is None:
        return ""
    return f", owner {plain(view.owner, 80)}" if view.owner else ", no owner declared in the scanned code"


def _place(finding: Finding) -> str:
    at = finding.evidence[0].at.location if finding.evidence else None
    return code(f"{at.path}:{at.line}") if at else "no place"


def _attestations(table: Table) -> Iterator[str]:
    """What people still have to show; entries that need the same stand together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for assessment in table.assessments:
        grouped.setdefault(assessment.attest, []).append(plain(assessment.entry.cite_as))
    yield from ("### What people still have to attest", "")
    yield from (f"- {', '.join(entries)}: {plain(' '.join(texts), 2000)}" for texts, entries in grouped.items())
    yield ""


def _end(scan: Scan) -> Iterator[str]:
    yield from ("## What was not analysed", "")
    rows = [f"- {code(str(b.at.location))}: {plain(b.message)}" for b in scan.broken]
    rows += [f"- {code(skip.path)}: {plain(skip.reason)}" for skip in scan.skipped]
    rows += [f"- {code(u.address)} {plain(u.attribute)}: {plain(u.reason)}" for u in scan.graph.unknowns]
    yield from rows or ["Everything that was recognised was analysed."]
