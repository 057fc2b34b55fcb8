"""The access review: per agent three questions, the map from action to privilege step, and what to review first.

identities    which identities does the agent inherit
credentials   which credentials can it retain
reach         which systems can it reach without approval
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach import review_answers
from agentreach.findings import Severity
from agentreach.graph.needs import need
from agentreach.graph.spelling import listed
from agentreach.identity import Role, Step
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass
from agentreach.review_proposals import Judged, place_of, proposals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.needs import Need
    from agentreach.graph.views import AgentView, CredentialView, GateView, IdentityView, Reach, UnknownView
    from agentreach.model import Key, Span
    from agentreach.review_proposals import Proposal, Spared

_ABOUT: Final = {"identities": "AR1", "credentials": "AR2", "reach": "AR3"}
_GATES: Final = "AR4"
_HOLDING: Final = {True: "", False: " (open)", None: " (unknown)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, answered in a sentence. `worst` is that of its open findings."""

    answer: str
    count: int
    worst: Severity | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivilegeRow:
    """One action of the privilege map. `need`: whether what the agent declares calls for it, and why that is said."""

    action: str
    step: Step
    resources: tuple[str, ...]
    standing: bool | None
    gates: tuple[GateView, ...]
    need: Need
    at: Span
    identity: str
    verdict: str

    @property
    def needed(self) -> bool | None:
        """Whether what the agent declares calls for it."""
        return self.need.answer

    @property
    def gates_said(self) -> tuple[str, ...]:
        """Its gates by kind; one that does not hold, or may not, says so."""
        return tuple(dict.fromkeys(f"{gate.kind}{self._how(gate)}" for gate in self.gates))

    def _how(self, gate: GateView) -> str:
        return " (asks no reader)" if self.standing and gate.holds and gate.passes_reads else _HOLDING[gate.holds]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReview:
    """Everything a reviewer reads about one entry. `why` says what to look at first."""

    view: AgentView
    identities: Question
    credentials: Question
    reach: Question
    privilege_map: tuple[PrivilegeRow, ...]
    retained: tuple[CredentialView, ...]
    reached: tuple[Reach, ...]
    unknowns: tuple[UnknownView, ...]
    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    why: str

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why actions are not, or may not be needed; those that are not come first."""
        found: dict[tuple[bool | None, str], list[str]] = {}
        for row in self.privilege_map:
            if row.needed is not True:
                found.setdefault((row.needed, row.need.because), []).append(row.action)
        rows = [Doubt(*key, tuple(dict.fromkeys(actions))) for key, actions in found.items()]
        return tuple(sorted(rows, key=lambda one: one.answer is None))


class Doubt(NamedTuple):
    """Actions that are not needed (`answer` False) or may not be (None), for one reason."""

    answer: bool | None
    because: str
    actions: tuple[str, ...]

    @property
    def said(self) -> str:
        """`Not needed: a and b (not called for by get_order)`."""
        beginning = "Not needed" if self.answer is False else "Not known to be needed"
        return f"{beginning}: {listed(self.actions)} ({self.because})"


Mapped = tuple[PrivilegeRow, "Reach"]


class Told(NamedTuple):
    """What the review of one entry has to know of all."""

    graph: AgentGraph
    mapped: Mapping[Key, tuple[Mapped, ...]]
    spared: Spared


class ReviewFirst(NamedTuple):
    """One place in the ranking."""

    key: Key
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessReview:
    """All entries in review order; `review_first` ranks those that stand alone."""

    agents: tuple[AgentReview, ...]
    review_first: tuple[ReviewFirst, ...]


def review(scan: Scan) -> AccessReview:
    """Review a finished scan."""
    return review_of(scan.graph, scan.open_findings)


def review_of(graph: AgentGraph, findings: Sequence[Finding]) -> AccessReview:
    """Review a graph with the findings that were made on it."""
    concerning = _by_entry(findings)
    hidden: dict[Key, list[UnknownView]] = {}
    for gap in graph.unknowns:
        for key in dict.fromkeys(gap.entries):
            hidden.setdefault(key, []).append(gap)
    mapped = {view.key: tuple(_mapped(view, tuple(graph.reach(agent=view.key)))) for view in graph.agents}
    alone = [view.key for view in graph.agents if view.stands_alone]
    told = Told(graph, mapped, _spared(row for key in alone for row in mapped[key]))
    agents = tuple(_agent(view, told, concerning.get(view.key, ()), hidden.get(view.key, ())) for view in graph.agents)
    ranked = sorted((one for one in agents if one.view.stands_alone), key=_urgency)
    return AccessReview(agents=agents, review_first=tuple(ReviewFirst(one.view.key, one.why) for one in ranked))


def _urgency(one: AgentReview) -> tuple[int, int]:
    """The worst open finding first, then how many are as bad; what the agents hold decides the rest."""
    worst = max((finding.severity for finding in one.findings), default=0)
    return -worst, -sum(finding.severity == worst for finding in one.findings)


def _by_entry(findings: Iterable[Finding]) -> dict[Key, list[Finding]]:
    """The findings that name an entry, or are about it, in their order."""
    found: dict[Key, list[Finding]] = {}
    for finding in findings:
        for key in dict.fromkeys((*finding.agents, finding.subject)):
            found.setdefault(key, []).append(finding)
    return found


def _spared(rows: Iterable[Mapped]) -> Spared:
    """Where one statement of a file serves several identities: the actions that they do not all do without alike."""
    said: dict[tuple[str, int], dict[str, dict[Key, list[tuple[object, ...]]]]] = {}
    for row, reach in rows:
        at = said.setdefault(place_of(reach), {}).setdefault(row.action, {})
        at.setdefault(reach.identity, []).append((row.step, row.needed is False, row.need.left))
    return {
        place: {action for action, by_identity in actions.items() if len({*map(tuple, by_identity.values())}) > 1}
        for place, actions in said.items()
    }


def _agent(view: AgentView, told: Told, findings: Sequence[Finding], unknowns: Sequence[UnknownView]) -> AgentReview:
    graph, mapped = told.graph, told.mapped[view.key]
    reached = tuple(graph.reach(agent=view.key))
    retained = graph.kept(view.key)
    return AgentReview(
        view=view,
        identities=_question("identities", review_answers.identities(view, unknowns), len(view.identities), findings),
        credentials=_question("credentials", review_answers.credentials(retained), len(retained), findings),
        reach=_question("reach", review_answers.reach(reached, unknowns), len(reached), findings),
        privilege_map=tuple(row for row, _ in mapped),
        retained=retained,
        reached=reached,
        unknowns=tuple(unknowns),
        findings=tuple(findings),
        proposals=tuple(
            proposals(
                (Judged(row.action, row.need, reach) for row, reach in mapped),
                view,
                (other for other in graph.agents if other.key != view.key),
                told.spared,
            )
        ),
        why=_why(view, reached, findings),
    )


def _question(name: str, answer: str, count: int, findings: Sequence[Finding]) -> Question:
    prefixes = (_ABOUT[name], _GATES) if name == "reach" else (_ABOUT[name],)
    own = tuple(one for one in findings if one.check_id.startswith(prefixes) and one.suppressed is None)
    return Question(answer=answer, count=count, worst=max((one.severity for one in own), default=None), findings=own)


def _mapped(view: AgentView, reached: Sequence[Reach]) -> Iterator[Mapped]:
    """A row for each action of each reach; of a statement that allows everything, the highest says it all."""
    identities = {one.key: one for one in view.identities}
    everything = {(one.identity, one.cause) for one in reached if one.step is Step.ADMIN}
    told = (one for one in reached if one.step is Step.ADMIN or (one.identity, one.cause) not in everything)
    for reach in sorted(told, key=lambda one: (-one.step, one.identity, one.cause, one.service)):
        for action in _actions(reach):
            yield _row(action, reach, view, identities.get(reach.identity)), reach


def _actions(reach: Reach) -> tuple[str, ...]:
    """Concrete names where the statement writes them, the pattern where it writes a pattern."""
    wild = any("*" in one or "?" in one or one.startswith("NotAction") for one in reach.actions)
    return reach.actions if wild or not reach.names else reach.names


def _row(action: str, reach: Reach, view: AgentView, identity: IdentityView | None) -> PrivilegeRow:
    return PrivilegeRow(
        action=action,
        step=reach.step,
        resources=reach.resources,
        standing=reach.standing,
        gates=tuple({(gate.kind, gate.holds): gate for gate in reach.gates}.values()),
        need=need(action, reach, view, identity),
        at=reach.evidence[0].at,
        identity=reach.identity.address,
        verdict=reach.verdict,
    )


def _why(view: AgentView, reached: Sequence[Reach], findings: Sequence[Finding]) -> str:
    """What speaks for looking at it first, in one clause, and how much else was found."""
    worst = max(findings, key=lambda one: one.severity, default=None)
    count = f" ({len(findings)} open finding{'s' if len(findings) > 1 else ''})" if findings else ""
    if worst is not None and worst.severity >= Severity.HIGH:
        alone = worst.message.removeprefix(f"{view.key.address} ")
        return f"{worst.severity.label}: {worst.message if alone.startswith('and ') else alone}{count}"
    return _held(view, reached) + count


def _held(view: AgentView, reached: Sequence[Reach]) -> str:
    if view.highest_standing is not None and view.highest_standing >= Step.WRITE_DATA:
        standing = (one for one in reached if one.step is view.highest_standing and one.standing is not False)
        return f"holds {view.highest_standing.label} on {review_answers.places(standing)} without a gate"
    if view.highest is not None and view.highest >= Step.WRITE_DATA:
        return f"each step up to {view.highest.label} has a gate that holds"
    if view.role is Role.UNDECLARED:
        return "nothing declared uses it: find out which agent does"
    return "bounded: it only reads, and only what is named" if view.bounded else "holds little that is declared"
