"""A comment for a pull request: what the change lets agents do first, then each finding, folded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from agentreach_reports.closing import looked_at, severities
from agentreach_reports.comparison import changes
from agentreach_reports.compliance_markdown import FINDINGS_SHOWN
from agentreach_reports.markup import code, plain
from agentreach_reports.reach_changes import reach_changes, sentences, smaller_changes
from agentreach_reports.records import message
from agentreach_reports.relevance import cited
from agentreach_reports.visible import visible
from agentreach_reports.wording import some, why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.comparison import Changes
    from agentreach_reports.presentation import Presentation
    from agentreach_reports.reach_changes import ReachChange

# A bot finds its own comment by this line and replaces it.
MARK = "<!-- agentreach -->"
# GitHub refuses comments above 65,536 characters; GitLab and Bitbucket take more.
LONGEST = 60_000
CHANGES_SHOWN, SENTENCES_SHOWN, PLACES_SHOWN = 20, 4, 8


def render(scan: Scan, presentation: Presentation) -> str:
    """The comment, never longer than a comment may be."""
    made = changes(scan.open_findings, presentation.previous)
    parts = [*_start(scan, made), *_reach(scan, presentation)]
    end = "\n".join(_end(scan))
    room = LONGEST - len(end) - sum(len(part) + 1 for part in parts)
    shown = made.new if made else scan.findings if presentation.show_suppressed else scan.open_findings
    left_out = 0
    for number, finding in enumerate(shown):
        text = "\n".join(_finding(finding, presentation))
        if number >= FINDINGS_SHOWN or len(text) + 200 > room:
            left_out = len(shown) - number
            break
        parts.append(text)
        room -= len(text) + 1
    if left_out:
        parts.append(f"{some(left_out, 'further finding')} not shown here: run `agentreach scan`.\n")
    return "\n".join([*parts, end]) + "\n"


def _start(scan: Scan, made: Changes | None) -> Iterator[str]:
    """The heading counts what is new where an earlier report or a baseline tells."""
    found = made.new if made else scan.open_findings
    known = scan.known + (len(made.unchanged) if made else 0)
    rest = [f"{known} known before"] * bool(known)
    rest += [f"{len(made.gone)} gone"] if made and made.gone else []
    told = "; ".join([f"{some(len(found), 'new finding' if rest else 'finding')} ({severities(found)})", *rest])
    nothing = f"nothing new found; {'; '.join(rest)}" if rest else "nothing found"
    yield from (MARK, f"### AgentReach: {told if found else nothing}", "")
    if scan.weakens:
        yield "**This change weakens the scan:**\n"
        yield from (f"- {plain(phrase, 500)}" for phrase in scan.weakens[:CHANGES_SHOWN])
        yield f"- and {len(scan.weakens) - CHANGES_SHOWN} more\n" if len(scan.weakens) > CHANGES_SHOWN else ""


def _reach(scan: Scan, presentation: Presentation) -> Iterator[str]:
    found = reach_changes(scan, presentation)
    if found is None:
        return
    if not found:
        yield "What agents can reach is the same as before.\n"
        return
    for change in found[:CHANGES_SHOWN]:
        yield from _gained(change)
    yield "\n| agent | reach before | reach after |\n| --- | --- | --- |"
    for change in found[:CHANGES_SHOWN]:
        before, after = _steps(change.before, "not there"), _steps(change.after, "gone", change.before or ())
        after = "the same steps" if change.before == change.after else after
        named = code(change.address) if change.name == change.address else f"{code(change.name)} {code(change.address)}"
        yield f"| {named} | {before} | {after} |"
    if len(found) > CHANGES_SHOWN:
        yield f"\nand {some(len(found) - CHANGES_SHOWN, 'more agent')}"
    yield ""


def _steps(steps: tuple[str, ...] | None, absent: str, known: tuple[str, ...] | None = None) -> str:
    """The steps of one side of the table; those that the other side lacks stand out."""
    if not steps:
        return absent if steps is None else "nothing"
    return ", ".join(one if known is None or one in known else f"**{one}**" for one in steps)


def _gained(change: ReachChange) -> Iterator[str]:
    told = sentences(change.gained, code)
    for text in told[:SENTENCES_SHOWN]:
        yield f"- This change lets {code(change.name)} {text}."
    if len(told) > SENTENCES_SHOWN:
        yield f"- {code(change.name)} gains {some(len(told) - SENTENCES_SHOWN, 'other kind')} of access."
    if change.lost and not change.gained and change.after:
        yield f"- {code(change.name)} can no longer {sentences(change.lost, code)[0]}."
    yield from (f"- {text}." for text in smaller_changes(change, code(change.name), code))


def _finding(finding: Finding, presentation: Presentation) -> Iterator[str]:
    mark = " (suppressed)" if finding.suppressed else ""
    at = finding.evidence[0].at.location if finding.evidence else None
    where = f" · <code>{_html(f'{at.path}:{at.line}')}</code>" if at else ""
    named = f"<b>{finding.severity.label}</b> {finding.check_id} {_html(finding.title)}{mark}"
    yield f"<details><summary>{named}{where}</summary>"
    yield from ("", plain(message(finding), 2000), "")
    for evidence in finding.evidence[:PLACES_SHOWN]:
        place = evidence.at.location
        yield f"- {code(f'{place.path}:{place.line}')} {plain(evidence.note)}"
    if finding.suppressed:
        by = finding.suppressed
        yield f"- {code(f'{by.path}:{by.line}')} suppresses it: {plain(why(by))}"
    more = len(finding.evidence) - PLACES_SHOWN
    yield from [f"- and {some(more, 'more place')}"] * (more > 0)
    if finding.remediation:
        yield from ("", f"**Do:** {plain(finding.remediation, 2000)}")
    entries = cited(finding, presentation)
    confidence = f"Confidence {finding.confidence.label}."
    yield from ("", f"{confidence}{f' Evidence relevant to {entries}.' if entries else ''}", "", "</details>", "")


def _html(text: str) -> str:
    """Scanned text inside an HTML tag of the comment: no markup, no mention."""
    return escape(visible(text, 300)).replace("@", "@\u2060")


def _end(scan: Scan) -> Iterator[str]:
    yield plain(looked_at(scan)) + "."
    rows = [f"- {code(str(one.at.location))}: {plain(one.message)}" for one in scan.broken]
    rows += [f"- {code(skip.path)}: {plain(skip.reason)}" for skip in scan.skipped]
    rows += [f"- {code(one.address)} {plain(one.attribute)}: {plain(one.reason)}" for one in scan.graph.unknowns]
    if rows:
        summary = f"Not analysed: {some(len(rows), 'place')}"
        yield from ("", f"<details><summary>{summary}</summary>", "", *rows[:FINDINGS_SHOWN])
        yield from [f"- and {len(rows) - FINDINGS_SHOWN} more"] * (len(rows) > FINDINGS_SHOWN)
        yield from ("", "</details>")
