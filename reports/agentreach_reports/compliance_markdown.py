"""The compliance mapping report as Markdown: per framework what was found, what was not, and what code cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports import compliance
from agentreach_reports.compliance import State
from agentreach_reports.markup import code, plain
from agentreach_reports.records import counted, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.compliance import Assessment, Table
    from agentreach_reports.presentation import Presentation

PREAMBLE = (
    "This report maps what a static analysis found in infrastructure code to entries of published frameworks. "
    "A finding is evidence relevant to an entry; it does not decide whether anyone meets it. "
    '"Nothing found" means that the named checks found nothing in the scanned code. '
    '"Not assessed" means that no check looked, or that code cannot show it. '
    'What is absent is "not declared in the scanned code" and may exist elsewhere.'
)
WORDS = {
    State.EVIDENCE_FOUND: "evidence found",
    State.NOTHING_FOUND: "nothing found",
    State.NOT_ASSESSED: "not assessed",
}
FINDINGS_SHOWN = 50


def render(scan: Scan, presentation: Presentation) -> str:
    """The report, a section per framework."""
    tables = compliance.tables(scan, presentation.frameworks)
    return (
        "\n".join(line for part in (_start(scan, tables), *map(_section, tables), _end(scan)) for line in part) + "\n"
    )


def _start(scan: Scan, tables: tuple[Table, ...]) -> Iterator[str]:
    yield from ("# Agent access: evidence by framework", "", PREAMBLE, "")
    yield f"Scanned: {scan.files} files, {scan.resources} resources, {counted(scan.graph)} agents; "
    yield f"{len(scan.open_findings)} findings, {len(scan.skipped)} skips, {len(scan.graph.unknowns)} values unknown."
    yield from ("", "| framework | evidence found | nothing found | not assessed |", "| --- | --- | --- | --- |")
    for table in tables:
        counts = " | ".join(str(table.count(state)) for state in State)
        yield f"| {plain(table.framework.name)} ({plain(table.framework.version)}) | {counts} |"
    yield ""


def _section(table: Table) -> Iterator[str]:
    framework = table.framework
    yield from (f"## {plain(framework.name)}", "")
    published = f"Version {plain(framework.version)}, {plain(framework.publisher)}, <{framework.url}>."
    yield f"{published} {plain(framework.status)}."
    yield from ("", "| entry | title | state | checks (relation, basis) |", "| --- | --- | --- | --- |")
    for assessment in table.assessments:
        yield _row(assessment)
    yield ""
    for assessment in table.assessments:
        if assessment.findings:
            yield from _evidence(assessment)


def _row(assessment: Assessment) -> str:
    links = "; ".join(f"{link.check.id} ({link.control.relation}, {link.control.basis})" for link in assessment.links)
    entry = assessment.entry
    state = WORDS[assessment.state]
    count = f": {len(assessment.findings)}" if assessment.findings else ""
    why = f" — {plain(assessment.why)}" if assessment.state is State.NOT_ASSESSED else ""
    return f"| {plain(entry.cite_as)} | {plain(entry.title)} | {state}{count}{why} | {links or '–'} |"


def _evidence(assessment: Assessment) -> Iterator[str]:
    yield from (f"### Evidence relevant to {plain(assessment.entry.cite_as)} {plain(assessment.entry.title)}", "")
    for finding in assessment.findings[:FINDINGS_SHOWN]:
        named = f"- **{finding.severity.label}** {finding.check_id} {finding.name}"
        yield f"{named}: {plain(message(finding))} ({_place(finding)})"
    more = len(assessment.findings) - FINDINGS_SHOWN
    if more > 0:
        yield f"- and {more} more"
    limits = dict.fromkeys(
        link.limits for link in assessment.links if link.limits and _applies(link.check.id, assessment)
    )
    yield from (
        ("", "What this must not be read as: " + " ".join(plain(limit) for limit in limits), "") if limits else ("",)
    )


def _applies(check_id: str, assessment: Assessment) -> bool:
    return any(finding.check_id == check_id for finding in assessment.findings)


def _place(finding: Finding) -> str:
    at = finding.evidence[0].at.location if finding.evidence else None
    return code(f"{at.path}:{at.line}") if at else "no place"


def _end(scan: Scan) -> Iterator[str]:
    yield from ("## What was not analysed", "")
    rows = [f"- {code(str(b.at.location))}: {plain(b.message)}" for b in scan.broken]
    rows += [f"- {code(skip.path)}: {plain(skip.reason)}" for skip in scan.skipped]
    rows += [f"- {code(u.address)} {plain(u.attribute)}: {plain(u.reason)}" for u in scan.graph.unknowns]
    yield from rows or ["Everything that was recognised was analysed."]
