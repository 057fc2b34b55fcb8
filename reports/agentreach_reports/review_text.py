"""The access review for the terminal: what to review first, then per agent three questions and the privilege map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Role
from agentreach.review import review
from agentreach_reports.closing import looked_at, not_analysed, others
from agentreach_reports.lasting import lasts
from agentreach_reports.proposed import pasted
from agentreach_reports.scan_text import text_width, wrapped
from agentreach_reports.style import Style
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.graph.views import CredentialView, IdentityView, RefusedIdentity, UnknownView
    from agentreach.review import AgentReview, PrivilegeRow, Question
    from agentreach.review_proposals import Proposal
    from agentreach_reports.presentation import Presentation

ROWS_SHOWN = 20
TRUTH = {True: "yes", False: "no", None: "unknown"}


def render(scan: Scan, presentation: Presentation) -> str:
    """The review; `verbose` shows every row of the privilege map."""
    style = Style.of(presentation)
    width = text_width(presentation)
    done = review(scan)
    lines = [style.paint("Review first", "bold")] if done.review_first else []
    for number, first in enumerate(done.review_first, start=1):
        lines += _wrapped(f"{number}. {visible(first.key.address)}: {visible(first.reason)}", width, "  ")
    for one in done.agents:
        lines += ["", *_agent(one, style, width, presentation)]
    closing = (looked_at(scan), *others(scan), *not_analysed(scan, style, verbose=presentation.verbose))
    return "\n".join([*lines, "", *closing]) + "\n"


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return wrapped(text, width, indent, "  ")


def _agent(one: AgentReview, style: Style, width: int, presentation: Presentation) -> Iterator[str]:
    view = one.view
    at = view.agent.at.location
    yield f"{style.paint(visible(view.key.address), 'bold')}  {visible(at.path)}:{at.line}"
    owner = f"owner {visible(view.owner)}" if view.owner else "no owner declared in the scanned code"
    role = "" if view.role is Role.AGENT else f" ({view.role.value})"
    yield style.paint(f"  {view.agent.kind}{role}, {owner}{', bounded' if view.bounded else ''}", "dim")
    yield from _question("Which identities does it inherit?", one.identities, style, width)
    for identity in view.identities:
        yield from _identity(identity, style, width)
    for refused in view.refused:
        yield from _refused(refused, style, width)
    yield from _question("Which credentials can it retain?", one.credentials, style, width)
    for credential in one.retained:
        yield from _credential(credential, style, width)
    yield from _question("What can it reach without approval?", one.reach, style, width)
    for gap in one.unknowns:
        yield from _unknown(gap, style, width)
    yield from _map(one.privilege_map, style, len(one.privilege_map) if presentation.verbose else ROWS_SHOWN)
    for doubt in one.doubts:
        yield from _wrapped(visible(doubt.said, 2000), width, "    ")
    for proposal in one.proposals:
        yield from _proposal(proposal, style, width)


def _question(title: str, question: Question, style: Style, width: int) -> Iterator[str]:
    worst = f"  worst finding: {style.severity(question.worst)}" if question.worst else ""
    yield f"  {style.paint(title, 'bold')}{worst}"
    yield from _wrapped(visible(question.answer, 2000), width, "    ")


def _identity(view: IdentityView, style: Style, width: int) -> Iterator[str]:
    declared = "" if view.declared else ", not declared in the scanned code"
    sure = "" if view.certain else ", possibly"
    yield from _wrapped(f"- {view.relation.value}: {visible(view.key.address)}{sure}{declared}", width, "      ")
    for evidence in view.via:
        at = evidence.at.location
        yield style.paint(f"          {visible(at.path)}:{at.line}  {visible(evidence.note)}", "dim")


def _refused(view: RefusedIdentity, style: Style, width: int) -> Iterator[str]:
    yield from _wrapped(f"- not inherited: {visible(view.key.address)} ({visible(view.reason)})", width, "      ")
    for evidence in view.evidence:
        at = evidence.at.location
        yield style.paint(f"          {visible(at.path)}:{at.line}  {visible(evidence.note)}", "dim")


def _credential(view: CredentialView, style: Style, width: int) -> Iterator[str]:
    held = view.credential
    default = " (default)" if held.defaulted else ""
    rotated = "" if held.rotated is None else f", rotated: {TRUTH[held.rotated]}"
    stored = f", stored in {visible(held.stored_in)}" if held.stored_in else ""
    text = f"- {held.kind} {visible(held.key.address)}: {lasts(held)}{default}{rotated}{stored}"
    yield from _wrapped(text, width, "      ")
    at = held.at.location
    yield style.paint(f"          {visible(at.path)}:{at.line}", "dim")


def _unknown(gap: UnknownView, style: Style, width: int) -> Iterator[str]:
    what = f"- unknown: {visible(gap.address)} {visible(gap.attribute)} ({visible(gap.reason)})"
    yield from _wrapped(what, width, "      ")
    at = gap.at.location
    yield style.paint(f"          {visible(at.path)}:{at.line}", "dim")


def _map(rows: tuple[PrivilegeRow, ...], style: Style, shown: int) -> Iterator[str]:
    if not rows:
        return
    columns = ("action", "step", "standing", "gate", "needed", "resources", "line")
    cells = [_cells(row) for row in rows[:shown]]
    widths = [max(len(row[i]) for row in [columns, *cells]) for i in range(len(columns))]
    yield "    " + style.paint(_line(columns, widths), "dim")
    yield from ("    " + _line(row, widths) for row in cells)
    if len(rows) > shown:
        yield style.paint(f"    and {len(rows) - shown} more rows; --verbose shows them", "dim")


def _cells(row: PrivilegeRow) -> tuple[str, ...]:
    at = row.at.location
    return (
        visible(row.action, 48),
        row.step.label,
        TRUTH[row.standing],
        visible(", ".join(row.gates_said), 30) or "-",
        TRUTH[row.needed],
        visible(", ".join(row.resources), 48) or "-",
        f"{visible(at.path)}:{at.line}",
    )


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _proposal(proposal: Proposal, style: Style, width: int) -> Iterator[str]:
    for one in pasted(proposal):
        remark = f" ({visible(one.remark)})" if one.remark else ""
        yield from (
            style.paint(line, "bold") for line in _wrapped(f"{one.title} {visible(one.place)}{remark}", width, "    ")
        )
        yield from (f"      {line}" for line in one.text.split("\n") if one.text)
