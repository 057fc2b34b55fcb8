"""What a scan looked at and what it did not: the end of the terminal reports."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach.identity import Role
from agentreach_reports.reach_changes import reach_changes, sentences, smaller_changes
from agentreach_reports.records import counted
from agentreach_reports.visible import visible
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.comparison import Changes
    from agentreach_reports.presentation import Presentation
    from agentreach_reports.style import Style

OTHERS = {
    Role.TOOL: ("tool", "tools"),
    Role.HOST: ("host whose agents are not in the code", "hosts whose agents are not in the code"),
    Role.UNDECLARED: ("identity of a possible undeclared agent", "identities of possible undeclared agents"),
}
REASONS_SHOWN = 3


def severities(findings: Iterable[Finding]) -> str:
    """`2 critical, 1 high`; empty when there is nothing."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[one]} {one.label}" for one in sorted(Severity, reverse=True) if counts[one])


def summary(scan: Scan, style: Style, presentation: Presentation) -> Iterator[str]:
    """Counts, what was looked at, and everything that was not analysed."""
    yield style.paint("; ".join(_counts(scan)), "bold")
    yield looked_at(scan)
    yield from others(scan)
    yield from not_analysed(scan, style, verbose=presentation.verbose)
    yield from (f"this change weakens the scan: {visible(phrase)}" for phrase in scan.weakens)
    yield from (f"configuration weakens the scan: {visible(phrase)}" for phrase in scan.configuration.weakened())
    yield from (f"configuration key {key!r} is ignored: only --config may set it" for key in scan.configuration.refused)


def since(scan: Scan, style: Style, presentation: Presentation, made: Changes | None) -> Iterator[str]:
    """What differs from an earlier report or revision: findings that are gone, and what agents may newly do."""
    reached = reach_changes(scan, presentation)
    if made is None and reached is None:
        return
    yield style.paint(f"since before: {made.counts}" if made else "since before", "bold")
    for one in made.gone if made else ():
        yield f"  gone: {one['severity'].upper()} {visible(one['check'])} {visible(one['message'], 1000)}"
    for change in reached or ():
        name = visible(change.name)
        yield from (f"  {name} can now {text}" for text in sentences(change.gained, visible))
        yield from (f"  {name} can no longer {text}" for text in sentences(change.lost, visible))
        yield from (f"  {text}" for text in smaller_changes(change, name, visible))
        yield from [f"  {name} is gone"] * (change.after is None)
    if reached == ():
        yield "  what agents can reach is the same"
    yield ""


def _counts(scan: Scan) -> Iterator[str]:
    listed = severities(scan.open_findings)
    yield some(len(scan.open_findings), "finding") + (f" ({listed})" if listed else "")
    suppressed = sum(finding.suppressed is not None for finding in scan.findings)
    if suppressed:
        yield f"{suppressed} suppressed"
    if scan.known:
        yield f"{scan.known} known {'before' if scan.before else 'from the baseline'}"


def looked_at(scan: Scan) -> str:
    """What the scan saw, so that silence is never mistaken for clean."""
    clients = len(scan.graph.possible_clients)
    agents, files = some(counted(scan.graph), "agent"), some(scan.files, "file")
    parts = [f"{agents} in {files}, {some(scan.resources, 'resource')}"]
    if clients:
        parts.append(f"{some(clients, 'possible LLM client')} (one signal only)")
    bounded = sum(view.role is Role.AGENT and view.bounded is True for view in scan.graph.agents)
    if bounded:
        parts.append(f"{bounded} bounded")
    if scan.graph.unmodelled:
        parts.append(_unmodelled(scan))
    return "; ".join(parts)


def _unmodelled(scan: Scan) -> str:
    """Agent-related by family, described by nobody yet: `2 agent-related resources, unmodelled (aws_x, aws_y)`."""
    types = sorted({one.type for one in scan.graph.unmodelled})
    more = len(types) - REASONS_SHOWN
    listed = ", ".join(visible(one, 120) for one in types[:REASONS_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{some(len(scan.graph.unmodelled), 'agent-related resource')}, unmodelled ({listed})"


def others(scan: Scan) -> Iterator[str]:
    """Tools, hosts and identities beside the agents."""
    roles = Counter(view.role for view in scan.graph.agents if view.role is not Role.AGENT)
    if roles:
        yield "beside them: " + ", ".join(some(count, *OTHERS[role]) for role, count in sorted(roles.items()))


def not_analysed(scan: Scan, style: Style, *, verbose: bool) -> Iterator[str]:
    """Every failure; skips by design and unknown values counted, or listed when `verbose`."""
    for broken in scan.broken:
        at = broken.at.location
        where = f"{visible(at.path)}:{at.line}:{at.column}"
        yield style.paint(f"not analysed: {where}: {visible(broken.message)}", "red")
    for skip in scan.skipped:
        if not skip.by_design:
            yield style.paint(f"not analysed: {_place(skip.path, skip.line)}: {visible(skip.reason)}", "red")
    yield from _by_design(scan, verbose=verbose)
    yield from _unknown(scan, verbose=verbose)
    for one in scan.graph.unmodelled if verbose else ():
        yield f"agent-related, unmodelled: {_place(one.at.location.path, one.at.location.line)}: {visible(one.type)}"


def _by_design(scan: Scan, *, verbose: bool) -> Iterator[str]:
    skips = [skip for skip in scan.skipped if skip.by_design]
    if skips and not verbose:
        reasons = Counter(visible(skip.reason, 120) for skip in skips)
        listed = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common(REASONS_SHOWN))
        more = len(reasons) - REASONS_SHOWN
        rest = f"; {some(more, 'other reason')}" if more > 0 else ""
        yield f"skipped by design: {len(skips)} ({listed}{rest})"
    for skip in skips if verbose else ():
        yield f"skipped by design: {_place(skip.path, skip.line)}: {visible(skip.reason)}"


def _unknown(scan: Scan, *, verbose: bool) -> Iterator[str]:
    unknowns = scan.graph.unknowns
    if unknowns:
        yield f"known only at deploy time: {some(len(unknowns), 'value')}{'' if verbose else ' (--verbose lists them)'}"
    for unknown in unknowns if verbose else ():
        at = unknown.at.location
        what = f"{visible(unknown.address)} {visible(unknown.attribute)}"
        yield f"  {visible(at.path)}:{at.line}  {what}: {visible(unknown.reason)}"


def _place(path: str, line: int | None) -> str:
    return visible(path) if line is None else f"{visible(path)}:{line}"
