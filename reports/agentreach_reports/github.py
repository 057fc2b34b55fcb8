"""GitHub workflow commands: annotations on the changed files. Scanned text cannot start a command of its own.

A step shows at most ten annotations of each type; the most severe ones are shown, the rest follow as plain log lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach_reports.closing import severities
from agentreach_reports.records import message
from agentreach_reports.visible import visible
from agentreach_reports.wording import some, why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding, Suppression
    from agentreach_reports.presentation import Presentation

COMMANDS = {Severity.LOW: "notice", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
# github.com/orgs/community/discussions/26680: of each type, for each step. One notice is kept for the summary, one
# warning for what the change weakens.
MOST = {"error": 10, "warning": 9, "notice": 9}


def render(scan: Scan, presentation: Presentation) -> str:
    """Annotations, then whatever had no room, then as plain lines what is suppressed, where that is asked for."""
    shown, rest = _split(scan.open_findings)
    lines = [*_weakens(scan), *(_annotation(finding) for finding in shown), *_rest(scan, rest)]
    if presentation.show_suppressed:
        lines += [_suppressed(finding, finding.suppressed) for finding in scan.findings if finding.suppressed]
    return "".join(f"{_inert(line)}\n" for line in lines)


def _weakens(scan: Scan) -> Iterator[str]:
    if scan.weakens:
        told = "; ".join(scan.weakens)
        yield f"::warning title=AgentReach::{_data(f'This change weakens the scan: {told}')}"


def _split(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """As many as a step shows, the most severe first, in their order; and the others."""
    left, shown = dict(MOST), set()
    for number, finding in sorted(enumerate(findings), key=lambda one: (-one[1].severity, one[0])):
        command = COMMANDS[finding.severity]
        if left[command]:
            left[command] -= 1
            shown.add(number)
    chosen = [finding for number, finding in enumerate(findings) if number in shown]
    return chosen, [finding for number, finding in enumerate(findings) if number not in shown]


def _rest(scan: Scan, rest: Sequence[Finding]) -> Iterator[str]:
    if not rest:
        return
    found = some(len(scan.open_findings), "finding")
    text = f"{found} ({severities(scan.open_findings)}); {len(rest)} of them only in the log of this step"
    yield f"::notice title=AgentReach::{_data(text)}"
    yield from map(_listed, rest)


def _listed(finding: Finding) -> str:
    at = finding.evidence[0].at.location if finding.evidence else None
    where = f"{visible(at.path)}:{at.line}: " if at else ""
    return f"- {where}{finding.severity.label} {finding.check_id} {visible(message(finding), 1000)}"


def _suppressed(finding: Finding, by: Suppression) -> str:
    return f"{_listed(finding)} (suppressed by {visible(by.path)}:{by.line}: {visible(why(by))})"


def _annotation(finding: Finding) -> str:
    at = finding.evidence[0].at.location if finding.evidence else None
    place = f"file={_property(at.path)},line={at.line},col={at.column},endLine={at.end_line}," if at else ""
    title = _property(f"{finding.check_id} {finding.title} ({finding.severity.label})")
    return f"::{COMMANDS[finding.severity]} {place}title={title}::{_data(f'{message(finding)}. {finding.remediation}')}"


def _inert(line: str) -> str:
    """Commands of the older form (`##[group]`) are obeyed anywhere in a line, so none may stand in one."""
    return line.replace("##[", "# #[")


def _data(text: str) -> str:
    """The escapes of the workflow command protocol."""
    return visible(text, 4000).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
