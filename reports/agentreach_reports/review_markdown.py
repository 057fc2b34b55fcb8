"""The access review as Markdown, for a ticket or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Role
from agentreach.review import review
from agentreach_reports.closing import looked_at, not_analysed, others
from agentreach_reports.lasting import lasts
from agentreach_reports.markup import code, fenced, plain
from agentreach_reports.proposed import pasted
from agentreach_reports.review_text import TRUTH
from agentreach_reports.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.review import AgentReview, Question
    from agentreach.review_proposals import Proposal
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The review, a section per agent."""
    done = review(scan)
    beside = (*others(scan), *not_analysed(scan, Style(color=False), verbose=presentation.verbose))
    lines = ["# Agent access review", "", plain(looked_at(scan)) + ".", ""]
    lines += [*(f"- {plain(line)}" for line in beside), *[""] * bool(beside)]
    if done.review_first:
        lines += ["## Review first", ""]
        lines += [f"{n}. {code(one.key.address)}: {plain(one.reason)}" for n, one in enumerate(done.review_first, 1)]
        lines.append("")
    return "\n".join([*lines, *(line for one in done.agents for line in _agent(one))]) + "\n"


def _agent(one: AgentReview) -> Iterator[str]:
    view = one.view
    at = view.agent.at.location
    owner = plain(view.owner) if view.owner else "not declared in the scanned code"
    yield from (f"## {plain(view.key.address)}", "")
    role = "" if view.role is Role.AGENT else f" ({view.role.value})"
    bounded = ", bounded" if view.bounded else ""
    yield f"{view.agent.kind}{role} at {code(f'{at.path}:{at.line}')}, owner: {owner}{bounded}."
    yield from ("", *_question("Which identities does it inherit?", one.identities))
    for identity in view.identities:
        chain = " → ".join(code(f"{e.at.location.path}:{e.at.location.line}") for e in identity.via)
        sure = "" if identity.certain else ", possibly"
        declared = "" if identity.declared else ", not declared in the scanned code"
        yield f"- {identity.relation.value} {code(identity.key.address)}{sure}{declared} {chain}"
    for refused in view.refused:
        yield f"- not inherited: {code(refused.key.address)} ({plain(refused.reason)})"
    yield from ("", *_question("Which credentials can it retain?", one.credentials))
    for retained in one.retained:
        held, where = retained.credential, retained.credential.at.location
        stored = f", stored in {plain(held.stored_in)}" if held.stored_in else ""
        told = f"{lasts(held)}{' (default)' * held.defaulted}{stored}"
        yield f"- {held.kind} {code(held.key.address)}: {told} {code(f'{where.path}:{where.line}')}"
    yield from ("", *_question("What can it reach without approval?", one.reach))
    for gap in one.unknowns:
        where = gap.at.location
        what = f"{code(gap.address)} {plain(gap.attribute)} ({plain(gap.reason)})"
        yield f"- unknown: {what} {code(f'{where.path}:{where.line}')}"
    yield from (*[""] * bool(one.unknowns), *_map(one))
    yield from (f"- {plain(doubt.said, 2000)}" for doubt in one.doubts)
    yield from [""] * bool(one.doubts)
    for proposal in one.proposals:
        yield from _proposal(proposal)


def _question(title: str, question: Question) -> Iterator[str]:
    worst = f" Worst finding: **{question.worst.label}**." if question.worst else ""
    yield from (f"### {title}", "", plain(question.answer, 2000) + worst, "")


def _map(one: AgentReview) -> Iterator[str]:
    if one.privilege_map:
        yield "| action | privilege step | standing | gate | needed | resources | line |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in one.privilege_map:
        at = row.at.location
        gates, resources = (
            plain(", ".join(row.gates_said)) or "–",
            code(", ".join(row.resources)) if row.resources else "–",
        )
        cells = (code(row.action), row.step.label, TRUTH[row.standing], gates, TRUTH[row.needed], resources)
        yield f"| {' | '.join(cells)} | {code(f'{at.path}:{at.line}')} |"
    yield ""


def _proposal(proposal: Proposal) -> Iterator[str]:
    for one in pasted(proposal):
        remark = f" ({plain(one.remark)})" if one.remark else ""
        yield f"{one.title} {code(one.place)}{remark}{':' if one.text else '.'}"
        yield from ("", *fenced(one.text, one.language), "") if one.text else ("",)
