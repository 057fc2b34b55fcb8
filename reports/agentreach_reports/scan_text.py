"""A scan for the terminal: by agent, worst first, each finding understandable alone."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from agentreach.controls import frameworks
from agentreach.findings import Severity
from agentreach.identity import Role
from agentreach_reports.excerpt import excerpt, is_masked
from agentreach_reports.records import counted, message
from agentreach_reports.style import Style
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph.views import AgentView
    from agentreach.identity import Evidence
    from agentreach.model import Key
    from agentreach_reports.presentation import Presentation

CITED = ("owasp-asi-2026",)
NARROWEST, WIDEST = 60, 120
EVIDENCE_SHOWN = 8


def render(scan: Scan, presentation: Presentation) -> str:
    """Findings grouped by agent, then what was looked at and what was not analysed."""
    style = Style(presentation.color)
    shown = scan.findings if presentation.show_suppressed else scan.open_findings
    lines = list(_groups(scan, shown, style, presentation))
    if not presentation.quiet:
        lines += _summary(scan, style, presentation)
    return "\n".join(lines) + "\n"


def _groups(scan: Scan, findings: Iterable[Finding], style: Style, presentation: Presentation) -> Iterator[str]:
    by_agent: dict[Key | None, list[Finding]] = {}
    for finding in findings:
        by_agent.setdefault(finding.agents[0] if finding.agents else None, []).append(finding)
    order = [view.key for view in scan.graph.agents]
    for key in sorted(by_agent, key=lambda k: order.index(k) if k in order else len(order)):
        view = scan.graph.agent(key)
        yield _heading(view, key, style)
        for finding in by_agent[key]:
            yield ""
            yield from _finding(finding, style, presentation)
        yield ""


def _heading(view: AgentView | None, key: Key | None, style: Style) -> str:
    if key is None:
        return style.paint("The analysis itself", "bold")
    if view is None:
        return style.paint(visible(key.address), "bold")
    at = view.agent.at.location
    owner = f"owner {visible(view.owner)}" if view.owner else "no owner declared"
    bounded = ", bounded" if view.bounded else ""
    step = f", up to {view.highest.label}" if view.highest else ""
    facts = f"{view.agent.kind} ({view.role.value}), {view.confidence.label} confidence, {owner}{step}{bounded}"
    return f"{style.paint(visible(key.address), 'bold')}  {at.path}:{at.line}\n{style.paint(facts, 'dim')}"


def _finding(finding: Finding, style: Style, presentation: Presentation) -> Iterator[str]:
    width = max(min(presentation.width, WIDEST), NARROWEST)
    mark = style.paint(" suppressed", "dim") if finding.suppressed else ""
    sure = style.paint(f"{finding.confidence.label} confidence", "dim")
    yield f"  {style.severity(finding.severity)} {style.paint(finding.check_id, 'bold')} {finding.name}  {sure}{mark}"
    yield from _wrapped(visible(message(finding), 2000), width, "    ")
    yield from _evidence(finding, style)
    if finding.suppressed:
        why = visible(finding.suppressed.reason)
        yield from _wrapped(f"Suppressed at {finding.suppressed.path}:{finding.suppressed.line}: {why}", width, "    ")
    if finding.remediation:
        yield from _wrapped(f"Do: {visible(finding.remediation, 2000)}", width, "    ")
    cited = _cited(finding, presentation)
    if cited:
        yield style.paint(f"    Evidence relevant to {cited}", "dim")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _evidence(finding: Finding, style: Style) -> Iterator[str]:
    masked = is_masked(finding)
    for number, evidence in enumerate(finding.evidence[:EVIDENCE_SHOWN]):
        yield from _code(evidence, style, masked=masked, primary=number == 0)
    more = len(finding.evidence) - EVIDENCE_SHOWN
    if more > 0:
        yield style.paint(f"      and {more} more places", "dim")


def _code(evidence: Evidence, style: Style, *, masked: bool, primary: bool) -> Iterator[str]:
    at = evidence.at.location
    where = style.paint(f"{visible(at.path)}:{at.line}:{at.column}", "blue")
    yield f"      {where}  {visible(evidence.note)}"
    if not primary:
        return
    line = excerpt(evidence.at, masked=masked)
    gutter = " " * len(str(line.number))
    indent = len(line.text) - len(line.text.lstrip())
    start, end = max(line.start - indent, 0), max(line.end - indent, line.start - indent + 1)
    yield f"        {style.paint(f'{line.number} |', 'dim')} {line.text.strip()}"
    yield f"        {style.paint(f'{gutter} |', 'dim')} {' ' * start}{style.paint('^' * max(end - start, 1), 'red')}"


def _cited(finding: Finding, presentation: Presentation) -> str:
    wanted = presentation.frameworks or CITED
    catalogue = frameworks()
    names = {
        f"{framework}/{entry.id}": entry.cite_as
        for framework in wanted
        if framework in catalogue
        for entry in catalogue[framework].entries
    }
    found = [names[f"{c.framework}/{c.id}"] for c in finding.controls if f"{c.framework}/{c.id}" in names]
    return ", ".join(dict.fromkeys(found))


def _summary(scan: Scan, style: Style, presentation: Presentation) -> Iterator[str]:
    counts = Counter(finding.severity for finding in scan.open_findings)
    parts = [f"{counts[severity]} {severity.label}" for severity in sorted(Severity, reverse=True) if counts[severity]]
    found = f"{len(scan.open_findings)} findings ({', '.join(parts)})" if parts else "0 findings"
    suppressed = sum(finding.suppressed is not None for finding in scan.findings)
    extra = [f"{suppressed} suppressed"] * bool(suppressed) + [f"{scan.known} known from the baseline"] * bool(
        scan.known
    )
    yield style.paint("; ".join([found, *extra]), "bold")
    yield looked_at(scan)
    yield from _others(scan)
    yield from _not_analysed(scan, style, verbose=presentation.verbose)
    yield from (f"configuration weakens the scan: {visible(phrase)}" for phrase in scan.configuration.weakened())
    yield from (f"configuration key {key!r} is ignored: only --config may set it" for key in scan.configuration.refused)


def looked_at(scan: Scan) -> str:
    """What the scan saw, so that silence is never mistaken for clean."""
    clients = len(scan.graph.possible_clients)
    parts = [f"{counted(scan.graph)} agents in {scan.files} files, {scan.resources} resources"]
    if clients:
        parts.append(f"{clients} possible LLM client{'s' if clients > 1 else ''} (one signal only)")
    bounded = sum(view.role is Role.AGENT and view.bounded is True for view in scan.graph.agents)
    if bounded:
        parts.append(f"{bounded} bounded")
    return "; ".join(parts)


def _others(scan: Scan) -> Iterator[str]:
    roles = Counter(view.role for view in scan.graph.agents if view.role is not Role.AGENT)
    words = {
        Role.TOOL: "tools",
        Role.HOST: "hosts whose agents are not in the code",
        Role.UNDECLARED: "identities of possible undeclared agents",
    }
    if roles:
        yield "beside them: " + ", ".join(f"{count} {words[role]}" for role, count in sorted(roles.items()))


def _not_analysed(scan: Scan, style: Style, *, verbose: bool) -> Iterator[str]:
    failed = [skip for skip in scan.skipped if not skip.by_design]
    by_design = [skip for skip in scan.skipped if skip.by_design]
    for broken in scan.broken:
        yield style.paint(f"not analysed: {broken.at.location}: {visible(broken.message)}", "red")
    for skip in failed:
        yield style.paint(f"not analysed: {_place(skip.path, skip.line)}: {visible(skip.reason)}", "red")
    if by_design and not verbose:
        reasons = Counter(visible(skip.reason, 120) for skip in by_design)
        listed = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common(3))
        yield f"skipped by design: {len(by_design)} ({listed})"
    for skip in by_design if verbose else ():
        yield f"skipped by design: {_place(skip.path, skip.line)}: {visible(skip.reason)}"
    if scan.graph.unknowns:
        yield f"known only at deploy time: {len(scan.graph.unknowns)} values"
    for unknown in scan.graph.unknowns if verbose else ():
        at = unknown.at.location
        yield f"  {at.path}:{at.line}  {visible(unknown.address)} {unknown.attribute}: {visible(unknown.reason)}"


def _place(path: str, line: int | None) -> str:
    return visible(path) if line is None else f"{visible(path)}:{line}"
