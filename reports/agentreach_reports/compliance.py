"""Findings and clean checks as evidence per framework entry. Evidence, never compliance.

Three states: *evidence found* (a finding of a mapped check), *nothing found* (mapped checks ran over at least one agent
and found nothing), *not assessed* (no mapped check ran, or there was no agent to look at). An entry that code cannot
show is said to be so; where code shows only what limits its effect, what is found about that stands beside it and
decides nothing. Whatever the state, people still have to attest something, and the report says what.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from agentreach.controls import Entry, Framework, check_facts, frameworks
from agentreach.findings import Relation
from agentreach.records import dataclass
from agentreach_reports.relevance import is_evidence
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.check import Check
    from agentreach.engine import Scan
    from agentreach.findings import Control, Finding

RELATIONS = tuple(Relation)
# What most readers come for stands first; the rest follows in the order of the catalogue.
FIRST = ("owasp-asi-2026", "csa-maestro-2025", "nist-ai-rmf-1.0")
ATTEST_FINDINGS = "Decide on each finding: repair it, or accept it with a name and an end date."
ATTEST_NOTHING = (
    "Confirm that what is deployed is what was scanned, and that nothing outside the scanned code grants more."
)
ATTEST_UNSEEN = "Assess this by hand: no check of this run looks at it."
ATTEST_LIMITS = "Decide on each finding about what limits its effect: it is no evidence of the risk itself."
ATTEST_BY_HAND = "Show this by other means than infrastructure code."
ATTEST_REST = {
    "partial": "Only part of this is visible in code; show the rest by other means.",
    "supporting": "The outcome is organisational: show that people do it, with dates and names.",
    "exposure": "Code shows that the technique would work, not whether anyone uses it: look in the logs.",
    "compensating_only": "Code shows only what limits the effect; judge the risk itself with those who run the agent.",
}


ONLY_LIMITS = "code shows only what limits its effect"


class State(StrEnum):
    """What a scan says about an entry."""

    EVIDENCE_FOUND = "evidence-found"
    NOTHING_FOUND = "nothing-found"
    NOT_ASSESSED = "not-assessed"


@dataclass(frozen=True, slots=True)
class Link:
    """A check that maps to an entry, with how it relates and on what basis."""

    check: Check
    control: Control
    limits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One entry with what the scan says about it, strongest relation first.

    `limiting` are findings about what would limit the entry's effect: no evidence of the entry itself.
    """

    entry: Entry
    state: State
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    limiting: tuple[Finding, ...]
    why: str

    @property
    def is_beyond_code(self) -> bool:
        """Not assessed because infrastructure code cannot show it."""
        return self.state is State.NOT_ASSESSED and self.entry.assessable == "no"

    @property
    def words(self) -> str:
        """The state as a reader sees it."""
        return "not assessable from code" if self.is_beyond_code else self.state.value.replace("-", " ")

    @property
    def explained(self) -> str:
        """Why it was not assessed, and what stands beside that; empty for other states."""
        if self.state is not State.NOT_ASSESSED:
            return ""
        beside = f"; {some(len(self.limiting), 'finding')} about that" if self.limiting else ""
        return f"{self.why}{beside}"

    @property
    def grounds(self) -> tuple[str, ...]:
        """The checks that map to it, by how they relate and on what basis: `primary (entry-text): AR101, AR102`."""
        grouped: dict[str, list[str]] = {}
        for link in self.links:
            grouped.setdefault(f"{link.control.relation} ({link.control.basis})", []).append(link.check.id)
        return tuple(f"{ground}: {', '.join(checks)}" for ground, checks in grouped.items())

    @property
    def attest(self) -> tuple[str, ...]:
        """What people still have to show."""
        return tuple(dict.fromkeys(_attest(self)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One framework with every entry of its catalogue."""

    framework: Framework
    assessments: tuple[Assessment, ...]

    def count(self, state: State) -> int:
        """How many entries are in a state."""
        return sum(assessment.state is state for assessment in self.assessments)


def tables(scan: Scan, wanted: Iterable[str] = ()) -> tuple[Table, ...]:
    """Every framework (or those wanted), watch lists aside, in the order of the catalogue."""
    chosen = set(wanted)
    known = sorted(frameworks().values(), key=lambda one: FIRST.index(one.id) if one.id in FIRST else len(FIRST))
    by_check: dict[str, list[Finding]] = {}
    for finding in scan.open_findings:
        by_check.setdefault(finding.check_id, []).append(finding)
    return tuple(
        _table(framework, scan, by_check)
        for framework in known
        if (framework.id in chosen if chosen else not framework.is_watch_list)
    )


def _table(framework: Framework, scan: Scan, by_check: Mapping[str, list[Finding]]) -> Table:
    assessments = tuple(_assess(framework, entry, scan, by_check) for entry in framework.entries)
    return Table(framework=framework, assessments=assessments)


def _assess(framework: Framework, entry: Entry, scan: Scan, by_check: Mapping[str, list[Finding]]) -> Assessment:
    links = _links(framework.id, entry.id, scan.checks)
    deciding = tuple(link for link in links if is_evidence(link.control))
    ids = dict.fromkeys(link.check.id for link in deciding)
    others = dict.fromkeys(link.check.id for link in links if link.check.id not in ids)
    found, limiting = _worst_first(ids, by_check), _worst_first(others, by_check)
    state, why = _state(entry, deciding, found, scan)
    if links and not deciding:
        why = ONLY_LIMITS
    return Assessment(entry=entry, state=state, links=links, findings=found, limiting=limiting, why=why)


def _worst_first(checks: Iterable[str], by_check: Mapping[str, list[Finding]]) -> tuple[Finding, ...]:
    """The findings of some checks; of the same severity, those that relate most closely."""
    return tuple(sorted((one for check in checks for one in by_check.get(check, ())), key=lambda one: -one.severity))


def _links(framework: str, entry: str, checks: Iterable[Check]) -> tuple[Link, ...]:
    facts = check_facts()
    found = [
        Link(check, control, facts[check.id].limits if check.id in facts else "")
        for check in checks
        for control in check.controls
        if (control.framework, control.id) == (framework, entry)
    ]
    order = {relation.value: number for number, relation in enumerate(RELATIONS)}
    return tuple(sorted(found, key=lambda link: (order.get(link.control.relation, len(order)), link.check.id)))


def _state(entry: Entry, links: tuple[Link, ...], found: tuple[Finding, ...], scan: Scan) -> tuple[State, str]:
    if found:
        return State.EVIDENCE_FOUND, "found by " + ", ".join(dict.fromkeys(finding.check_id for finding in found))
    if not links:
        cannot = "infrastructure code cannot show it" if entry.assessable == "no" else "no check maps to it"
        return State.NOT_ASSESSED, cannot
    if not scan.graph.agents:
        return State.NOT_ASSESSED, "the scanned code declares no agent"
    ids = ", ".join(dict.fromkeys(link.check.id for link in links))
    return State.NOTHING_FOUND, f"nothing found by {ids}"


def _attest(one: Assessment) -> Iterator[str]:
    if one.is_beyond_code:
        yield ATTEST_BY_HAND
    elif one.state is State.NOT_ASSESSED:
        yield ATTEST_REST[one.entry.assessable] if one.why == ONLY_LIMITS else ATTEST_UNSEEN
    else:
        yield ATTEST_FINDINGS if one.findings else ATTEST_NOTHING
        yield from ([ATTEST_REST[one.entry.assessable]] if one.entry.assessable in ATTEST_REST else [])
    if one.limiting:
        yield ATTEST_LIMITS
    if one.entry.note:
        yield f"From code: {one.entry.note.rstrip('.')}."
