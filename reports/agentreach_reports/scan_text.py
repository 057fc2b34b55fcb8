"""A scan for the terminal: by agent, worst first, each finding understandable alone; `quiet` is one line a finding."""

from __future__ import annotations

import textwrap
from itertools import islice
from typing import TYPE_CHECKING

from agentreach_reports.closing import severities, since, summary
from agentreach_reports.comparison import changes
from agentreach_reports.excerpt import Excerpts, Line, is_masked, written_code
from agentreach_reports.pasted import Pages
from agentreach_reports.records import message
from agentreach_reports.relevance import cited
from agentreach_reports.style import Style
from agentreach_reports.visible import columns, visible
from agentreach_reports.wording import why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph.views import AgentView
    from agentreach.identity import Evidence
    from agentreach.model import Key
    from agentreach_reports.presentation import Presentation

OURS = "agentreach"
NARROWEST, WIDEST = 60, 120
EVIDENCE_SHOWN = 8
SUGGESTIONS_SHOWN, SUGGESTED_LINES = 3, 16
COLORS = {"-": "red", "+": "cyan"}
# A place that spans more lines than this is a whole block, of which the first line says enough.
LARGEST_SPAN, LINES_SHOWN = 12, 5


def render(scan: Scan, presentation: Presentation) -> str:
    """Findings grouped by agent, then what was looked at and what was not analysed."""
    style = Style.of(presentation)
    shown = scan.findings if presentation.show_suppressed else scan.open_findings
    if presentation.quiet:
        return "".join(f"{_one_line(finding, style)}\n" for finding in shown)
    made = changes(scan.open_findings, presentation.previous)
    lines = [
        *_Findings(scan, style, presentation, made.words if made else {}).groups(shown),
        *since(scan, style, presentation, made),
        *summary(scan, style, presentation),
    ]
    return "\n".join(lines) + "\n"


def text_width(presentation: Presentation) -> int:
    """The columns to wrap at: that of the terminal within what reads well."""
    return max(min(presentation.width, WIDEST), NARROWEST)


def wrapped(text: str, width: int, indent: str, hanging: str = "") -> list[str]:
    """A paragraph; words are never broken."""
    if len(indent) + len(text) <= width and text.isprintable() and text.strip() == text != "":
        return [indent + text]
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _one_line(finding: Finding, style: Style) -> str:
    """`path:line:column: HIGH AR303 secret-store-reach: message`."""
    at = finding.evidence[0].at.location if finding.evidence else None
    where = f"{style.place(at.path, f'{visible(at.path)}:{at.line}:{at.column}')}: " if at else ""
    marks = [f"({visible(finding.origin, 80)})"] if finding.origin != OURS else []
    marks += ["(suppressed)"] if finding.suppressed else []
    named = (
        f"{style.severity(finding.severity)} {style.paint(finding.check_id, 'bold')} {' '.join((finding.name, *marks))}"
    )
    return f"{where}{named}: {visible(message(finding), 1000)}"


class _Findings:
    """Writes findings for one terminal."""

    def __init__(self, scan: Scan, style: Style, presentation: Presentation, states: dict[str, str]) -> None:
        self.scan, self.style, self.presentation, self.states = scan, style, presentation, states
        self.excerpts = Excerpts(scan.graph)
        self.pages = Pages(scan.checks)
        self.width = text_width(presentation)

    def groups(self, findings: Iterable[Finding]) -> Iterator[str]:
        """By agent, in review order; what concerns no agent comes last."""
        by_agent: dict[Key | None, list[Finding]] = {}
        for finding in findings:
            by_agent.setdefault(finding.agents[0] if finding.agents else None, []).append(finding)
        order = {view.key: number for number, view in enumerate(self.scan.graph.agents)}
        for key in sorted(by_agent, key=lambda one: order.get(one, len(order)) if one else len(order)):
            yield from self._heading(self.scan.graph.agent(key), key, by_agent[key])
            for finding in by_agent[key]:
                yield ""
                yield from self._finding(finding)
            yield ""

    def _heading(self, view: AgentView | None, key: Key | None, findings: list[Finding]) -> Iterator[str]:
        title = self.style.paint("The analysis itself" if key is None else visible(key.address), "bold")
        if view is None:
            yield title
            return
        at = view.agent.at.location
        where = f"{visible(at.path)}:{at.line}"
        apart = "  " if columns(visible(view.key.address)) + 2 + columns(where) <= self.width else "\n  "
        yield f"{title}{apart}{self.style.place(at.path, where)}"
        owner = f"owner {visible(view.owner, 80)}" if view.owner else "no owner declared"
        facts = [f"{view.agent.kind} ({view.role.value})", f"{view.confidence.label} confidence", owner]
        facts += [f"up to {view.highest.label}"] if view.highest else []
        facts += ["bounded"] if view.bounded else []
        listed = severities(one for one in findings if one.suppressed is None)
        yield from self._dim(", ".join(facts) + (f": {listed}" if listed else ""), "")

    def _dim(self, text: str, indent: str) -> Iterator[str]:
        return (self.style.paint(line, "dim") for line in wrapped(text, self.width, indent, "  "))

    def _finding(self, finding: Finding) -> Iterator[str]:
        style = self.style
        facts = [f"{finding.confidence.label} confidence"]
        facts += [f"found by {visible(finding.origin, 80)}"] if finding.origin != OURS else []
        facts += ["suppressed"] if finding.suppressed else []
        check = style.paint(finding.check_id, "bold")
        new = f"  {style.paint('new', 'bold')}" if self.states.get(finding.fingerprint) == "new" else ""
        about = style.paint(", ".join(facts), "dim")
        yield f"  {style.severity(finding.severity)} {check} {finding.name}{new}  {about}"
        yield from wrapped(visible(message(finding), 2000), self.width, "    ")
        yield from self._evidence(finding)
        if finding.suppressed:
            at, reason = finding.suppressed, visible(why(finding.suppressed))
            yield from wrapped(f"Suppressed at {visible(at.path)}:{at.line}: {reason}", self.width, "    ")
        if finding.remediation:
            yield from wrapped(f"Do: {visible(finding.remediation, 2000)}", self.width, "    ")
        if not finding.suppressed:
            yield from self._suggestions(finding)
        entries = cited(finding, self.presentation)
        if entries:
            yield from self._dim(f"Evidence relevant to {entries}", "    ")

    def _suggestions(self, finding: Finding) -> Iterator[str]:
        """What to write instead, ready to be pasted: at the first few of many places, else as the check's page does."""
        from agentreach.remedies import suggested  # noqa: PLC0415 - a scan without findings needs none

        for one in (found := list(islice(suggested(finding, self.scan.sources), SUGGESTIONS_SHOWN))):
            at = one.remedy.at.location
            by = "  agentreach fix" if one.fixed else ""
            yield f"      {self.style.place(at.path, f'{visible(at.path)}:{at.line}')}{self.style.paint(by, 'dim')}"
            for line in one.lines[:SUGGESTED_LINES]:
                yield f"        {self.style.paint(written_code(line), COLORS.get(line[:1], 'cyan'))}"
        example = [] if found else self.pages.lines(finding)
        if example:
            yield self.style.paint(f"      for example (agentreach explain {finding.check_id})", "dim")
            yield from (f"        {self.style.paint(line, 'cyan')}" for line in example)

    def _evidence(self, finding: Finding) -> Iterator[str]:
        for number, evidence in enumerate(finding.evidence[:EVIDENCE_SHOWN]):
            yield from self._place(evidence)
            if number == 0:
                yield from self._code(evidence, masked=is_masked(finding))
        more = len(finding.evidence) - EVIDENCE_SHOWN
        if more > 0:
            yield self.style.paint(f"      and {more} more place{'s' if more > 1 else ''}", "dim")

    def _place(self, evidence: Evidence) -> Iterator[str]:
        at = evidence.at.location
        where = f"{visible(at.path)}:{at.line}:{at.column}"
        first, *rest = wrapped(f"{where}  {visible(evidence.note)}", self.width, "      ", "  ") or [where]
        yield first.replace(where, self.style.place(at.path, where), 1)
        yield from rest

    def _code(self, evidence: Evidence, *, masked: bool) -> Iterator[str]:
        at = evidence.at.location
        span = at.end_line - at.line + 1
        lines = self.excerpts.of(evidence.at, most=LINES_SHOWN if span <= LARGEST_SPAN else 1, masked=masked)
        if not lines:
            return
        gutter = len(str(lines[-1].number))
        indent = min((len(one.text) - len(one.text.lstrip()) for one in lines if one.text.strip()), default=0)
        room = self.width - gutter - 11
        if len(lines) == 1:
            lines, indent = (_around_mark(lines[0], indent, room),), 0
        for line in lines:
            text = visible(line.text[indent:], room)
            yield f"{self._gutter(str(line.number), gutter)} {text}".rstrip()
        if len(lines) == 1:
            yield self._carets(lines[0], gutter)
        elif span > len(lines):
            yield f"{self._gutter('', gutter)} {self.style.paint(f'… to line {at.end_line}', 'dim')}"

    def _gutter(self, number: str, width: int) -> str:
        return "        " + self.style.paint(f"{number:>{width}} |", "dim")

    def _carets(self, line: Line, gutter: int) -> str:
        marks = self.style.paint("^" * max(line.end - line.start, 1), "red")
        return f"{self._gutter('', gutter)} {' ' * line.start}{marks}"


def _around_mark(line: Line, indent: int, room: int) -> Line:
    """The part of a line that fits, with the start of its mark in it."""
    text, start = line.text[indent:], max(line.start - indent, 0)
    skip = max(0, min(start - room // 3, len(text) - room)) if line.end - indent > room else 0
    shown = text[skip : skip + room]
    if skip:
        shown = f"…{shown[1:]}"
    if skip + room < len(text):
        shown = f"{shown[:-1]}…"
    start -= skip
    return Line(line.number, shown, start, min(start + line.end - line.start, max(room, start + 1)))
