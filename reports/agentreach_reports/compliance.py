"""Findings and clean checks as evidence per framework entry. Evidence, never compliance.

Three states: *evidence found* (a finding of a mapped check), *nothing found* (mapped checks ran over at least one agent
and found nothing), *not assessed* (no mapped check ran, or there was no agent to look at). An entry that code cannot
show is said to be so.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from agentreach.controls import Entry, Framework, check_facts, frameworks
from agentreach.findings import Relation
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.check import Check
    from agentreach.engine import Scan
    from agentreach.findings import Control, Finding

RELATIONS = tuple(Relation)


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
    """One entry with what the scan says about it, strongest relation first."""

    entry: Entry
    state: State
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    why: str


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
    return tuple(
        _table(framework, scan)
        for framework in frameworks().values()
        if (framework.id in chosen if chosen else not framework.is_watch_list)
    )


def _table(framework: Framework, scan: Scan) -> Table:
    return Table(framework=framework, assessments=tuple(_assess(framework, entry, scan) for entry in framework.entries))


def _assess(framework: Framework, entry: Entry, scan: Scan) -> Assessment:
    links = _links(framework.id, entry.id, scan.checks)
    ids = {link.check.id for link in links}
    found = tuple(finding for finding in scan.open_findings if finding.check_id in ids)
    state, why = _state(entry, links, found, scan)
    return Assessment(entry=entry, state=state, links=links, findings=found, why=why)


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
        return State.EVIDENCE_FOUND, ""
    if not links:
        cannot = "infrastructure code cannot show it" if entry.assessable == "no" else "no check maps to it"
        return State.NOT_ASSESSED, entry.note or cannot
    if not scan.graph.agents:
        return State.NOT_ASSESSED, "the scanned code declares no agent"
    ids = ", ".join(dict.fromkeys(link.check.id for link in links))
    return State.NOTHING_FOUND, f"nothing found by {ids}"
