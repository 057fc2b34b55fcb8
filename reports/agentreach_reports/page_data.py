"""What the access review page knows: one JSON value, built from the views. Its texts are safe to show as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentreach.controls import frameworks
from agentreach.review import review
from agentreach.thresholds import DEFAULT, seconds_of
from agentreach_reports import compliance
from agentreach_reports.closing import looked_at
from agentreach_reports.comparison import changes
from agentreach_reports.compliance_markdown import PREAMBLE, scanned
from agentreach_reports.excerpt import Excerpts, is_masked
from agentreach_reports.lasting import lasts
from agentreach_reports.page_frameworks import framework_record
from agentreach_reports.picture import picture
from agentreach_reports.proposed import pasted
from agentreach_reports.records import message, suggestion, suggestions
from agentreach_reports.relevance import is_evidence
from agentreach_reports.scan_json import tool
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph.views import CredentialView, IdentityView, ToolView, UnknownView
    from agentreach.identity import Evidence
    from agentreach.model import Key, Span
    from agentreach.remedies import Suggestion
    from agentreach.review import AccessReview, AgentReview, PrivilegeRow, Question
    from agentreach.review_proposals import Proposal
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
# A name longer than this is cut in the middle: nobody reads it, and every page would carry it.
LONGEST = 600
AROUND, LINES = 2, 8
PLACES_SHOWN = 12


def page_data(scan: Scan, presentation: Presentation) -> Record:
    """Everything the page shows."""
    return _Page(scan, presentation).document()


class _Page:
    """Collects files, excerpts and remediations once, so that thousands of findings stay small."""

    def __init__(self, scan: Scan, presentation: Presentation) -> None:
        self.scan, self.presentation = scan, presentation
        self.review: AccessReview = review(scan)
        self.excerpts = Excerpts(scan.graph)
        self.files: dict[str, int] = {}
        self.shown: dict[tuple[object, ...], int] = {}
        self.lines: list[list[list[Any]]] = []
        self.agents: dict[Key, int] = {one.view.key: number for number, one in enumerate(self.review.agents)}
        self.findings: dict[str, int] = {}

    def document(self) -> Record:
        findings = [self._finding(finding) for finding in self.scan.findings]
        self.findings = {one.fingerprint: number for number, one in enumerate(self.scan.findings)}
        agents = [self._agent(one) for one in self.review.agents]
        gaps = self._gaps()
        return {
            "about": self._about(),
            "changes": self._changes(),
            "agents": agents,
            "findings": findings,
            "first": [[self.agents[one.key], text(one.reason)] for one in self.review.review_first],
            "checks": {check: self._check(finding) for check, finding in self._examples().items()},
            "frameworks": [
                framework_record(table) for table in compliance.tables(self.scan, self.presentation.frameworks)
            ],
            "gaps": gaps,
            "files": [text(path) for path in self.files],
            "excerpts": self.lines,
        }

    def _about(self) -> Record:
        short = self.presentation.revision and self.presentation.revision[:12]
        return {
            **tool(),
            "looked_at": text(looked_at(self.scan)),
            "scanned": text(scanned(self.scan, replace(self.presentation, revision=short))),
            "preamble": PREAMBLE,
            "weakened": [text(phrase) for phrase in self.scan.configuration.weakened()],
            "known": self.scan.known,
        }

    def _changes(self) -> Record | None:
        """Since an earlier report: numbers of new findings, and what is gone."""
        made = changes(self.scan.open_findings, self.presentation.previous)
        if made is None:
            return None
        return {
            "new": [self.findings[finding.fingerprint] for finding in made.new],
            "gone": [[one["severity"], text(one["check"]), text(one["message"], 2000)] for one in made.gone],
            "unchanged": len(made.unchanged),
        }

    def place(self, at: Span) -> list[int]:
        """File number, line, column."""
        location = at.location
        return [self.files.setdefault(location.path, len(self.files)), location.line, location.column]

    def places(self, evidence: Iterable[Evidence]) -> list[Any]:
        """Places with notes and, where the code is short enough to show, the number of its excerpt."""
        return [[*self.place(one.at), text(one.note), self.excerpt(one.at)] for one in evidence]

    def excerpt(self, at: Span, *, masked: bool = False) -> int:
        """The number of the lines around a place, shared by all that point at it."""
        key = (at.source.path, at.start, at.end, masked)
        if key not in self.shown:
            self.shown[key] = len(self.lines)
            found = self.excerpts.of(at, most=LINES, around=AROUND, masked=masked)
            self.lines.append([[one.number, one.text, one.start, one.end] for one in found])
        return self.shown[key]

    def _examples(self) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        for finding in self.scan.findings:
            found.setdefault(finding.check_id, finding)
        return dict(sorted(found.items()))

    def _check(self, example: Finding) -> Record:
        checks = {check.id: check for check in self.scan.checks}
        limits = checks[example.check_id].limits if example.check_id in checks else ""
        wanted = set(self.presentation.frameworks)
        return {
            "name": example.name,
            "title": text(example.title),
            "do": text(example.remediation),
            "limits": limits,
            "controls": [
                [control.framework, control.id, control.relation, control.basis]
                for control in filter(is_evidence, example.controls)
                if control.framework in frameworks() and (not wanted or control.framework in wanted)
            ],
        }

    def _finding(self, finding: Finding) -> Record:
        first, masked = finding.evidence[:1], is_masked(finding)
        suppressed = finding.suppressed
        places = [[*self.place(one.at), text(one.note), self.excerpt(one.at, masked=masked)] for one in first]
        return {
            "check": finding.check_id,
            "severity": int(finding.severity),
            "confidence": finding.confidence.label,
            "agents": [self.agents[key] for key in finding.agents if key in self.agents],
            "subject": text(finding.subject.address),
            "root": text(finding.subject.root),
            "message": text(message(finding), 2000),
            "places": [*places, *self.places(finding.evidence[1:PLACES_SHOWN])],
            "more": max(len(finding.evidence) - PLACES_SHOWN, 0),
            "do": text(finding.remediation),
            "suggested": [self._suggestion(one) for one in suggestions(finding, self.scan.sources)],
            "fingerprint": finding.fingerprint,
            "origin": text(finding.origin) if finding.origin != "agentreach" else "",
            "suppressed": suppressed
            and [text(suppressed.reason), suppressed.until, f"{text(suppressed.path)}:{suppressed.line}"],
        }

    def _suggestion(self, written: Suggestion) -> list[Any]:
        """What to write instead, and whether `agentreach fix` does."""
        return [self.place(written.remedy.at)[:2], suggestion(written)["text"], written.fixed]

    def _agent(self, one: AgentReview) -> Record:
        view = one.view
        return {
            "address": text(view.key.address),
            "root": text(view.key.root),
            "name": text(view.name),
            "platform": view.agent.platform,
            "kind": view.agent.kind,
            "role": view.role.value,
            "confidence": view.confidence.label,
            "owner": text(view.owner) if view.owner else None,
            "bounded": view.bounded,
            "production": view.production,
            "environments": [text(name) for name in view.environments],
            "account": text(view.account) if view.account else None,
            "used_by": [self.agents[key] for key in view.used_by if key in self.agents],
            "alone": view.stands_alone,
            "place": self.place(view.agent.at),
            "because": self.places(view.agent.because),
            "why": text(one.why, 2000),
            "questions": [_question(question) for question in (one.identities, one.credentials, one.reach)],
            "ladder": _ladder(one),
            "picture": picture(one, self.places),
            "identities": [self._identity(identity) for identity in view.identities],
            "credentials": [self._credential(credential) for credential in one.retained],
            "tools": [self._tool(tool_) for tool_ in view.tools],
            "map": [self._row(row) for row in one.privilege_map],
            "doubts": [text(doubt.said, 2000) for doubt in one.doubts],
            "proposals": [shown for proposal in one.proposals for shown in self._proposal(proposal)],
            "unknown": [self._unknown(gap) for gap in one.unknowns],
            "findings": self._of(one),
        }

    def _of(self, one: AgentReview) -> list[int]:
        """Its open findings, then suppressed ones that name it."""
        own = {self.findings[finding.fingerprint] for finding in one.findings if finding.fingerprint in self.findings}
        named = {
            number
            for number, finding in enumerate(self.scan.findings)
            if finding.suppressed and one.view.key in finding.agents
        }
        return sorted(own | named)

    def _identity(self, view: IdentityView) -> Record:
        return {
            "address": text(view.key.address),
            "name": text(view.name),
            "kind": view.kind,
            "relation": view.relation.value,
            "declared": view.declared,
            "certain": view.certain,
            "standing": view.standing,
            "shared": len(view.shared_by),
            "step": int(view.highest) if view.highest else 0,
            "via": self.places(view.via),
        }

    def _credential(self, view: CredentialView) -> Record:
        held = view.credential
        seconds = seconds_of(held)
        row = DEFAULT.get(held.thresholds)
        return {
            "kind": held.kind,
            "address": text(held.key.address),
            "holder": text(view.holder_name or view.holder.address),
            "seconds": None if seconds is None or held.never_expires else seconds,
            "never": held.never_expires,
            "lasts": lasts(held),
            "defaulted": held.defaulted,
            "rotated": held.rotated,
            "renewable": held.renewable_without_human,
            "stored": text(held.stored_in),
            "limits": [row.note, row.warn, min(row.high, 1e12)] if row else None,
            "source": row.source if row else "",
            "place": self.place(held.at),
        }

    def _tool(self, view: ToolView) -> Record:
        return {
            "name": text(view.tool.name or view.key.address),
            "address": text(view.key.address),
            "executor": view.executor,
            "confirmation": view.confirmation,
            "mutating": view.mutating,
            "acts_as": [text(one.name or one.key.address) for one in view.acts_as],
            "operations": [[text(one.name), one.mutating, one.confirmation] for one in view.operations],
            "place": self.place(view.tool.at),
        }

    def _row(self, row: PrivilegeRow) -> list[Any]:
        """Action, step, resources, standing, gates, needed, verdict, identity, place."""
        resources = [text(one, 200) for one in row.resources]
        gates = [text(one) for one in row.gates_said]
        said = [text(row.action), int(row.step), resources, row.standing, gates, row.needed, row.verdict]
        return [*said, text(row.identity), self.place(row.at)]

    def _proposal(self, proposal: Proposal) -> list[Record]:
        dropped = [text(action) for action in proposal.dropped]
        return [
            {
                "place": self.place(proposal.at),
                "title": text(f"{one.title} {one.place}"),
                "remark": text(one.remark),
                "statement": one.text,
                "dropped": dropped,
            }
            for one in pasted(proposal)
        ]

    def _gaps(self) -> Record:
        """What was not analysed, by kind; file number or -1 for what is no file of the scan."""
        scan = self.scan
        return {
            "broken": [[*self.place(one.at), text(one.message)] for one in scan.broken],
            "failed": [[text(one.path), one.line, text(one.reason)] for one in scan.skipped if not one.by_design],
            "skipped": [[text(one.path), one.line, text(one.reason)] for one in scan.skipped if one.by_design],
            "unknown": [
                [*self.place(one.at), text(f"{one.address} {one.attribute}: {one.reason}")]
                for one in scan.graph.unknowns
            ],
            "unmodelled": [
                [*self.place(one.at), text(f"{one.key.address} ({one.type})")] for one in scan.graph.unmodelled
            ],
        }

    def _unknown(self, one: UnknownView) -> list[Any]:
        return [*self.place(one.at), text(f"{one.address} {one.attribute}: {one.reason}")]


def text(raw: str, longest: int = LONGEST) -> str:
    """Scanned text for the page."""
    return visible(raw, longest)


def _question(question: Question) -> list[Any]:
    """Answer, count, worst severity, number of findings."""
    worst = int(question.worst) if question.worst else 0
    return [text(question.answer, 2000), question.count, worst, len(question.findings)]


def _ladder(one: AgentReview) -> list[int]:
    """Per step from observe to admin: 0 nothing, 1 behind a gate, 2 perhaps behind one, 3 standing."""
    held = [0] * 8
    for reach in one.reached:
        level = {False: 1, None: 2, True: 3}[reach.standing]
        held[reach.step - 1] = max(held[reach.step - 1], level)
    return held
