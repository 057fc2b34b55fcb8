"""The access review: per agent three questions, the map from action to privilege step, and what to review first.

identities    which identities does the agent inherit
credentials   which credentials can it retain
reach         which systems can it reach without approval
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.findings import Severity
from agentreach.graph.needs import needed
from agentreach.identity import Role, Step
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass
from agentreach.review_proposals import proposals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import AgentView, CredentialView, GateView, IdentityView, Reach, UnknownView
    from agentreach.model import Key, Span
    from agentreach.review_proposals import Proposal

_SHOWN: Final = 3
_ABOUT: Final = {"identities": "AR1", "credentials": "AR2", "reach": "AR3"}
_GATES: Final = "AR4"
_HOLDING: Final = {True: "", False: " (open)", None: " (unknown)"}
_PLURALS: Final = {
    "api-key": "API keys",
    "bedrock-api-key": "Bedrock API keys",
    "hmac-key": "HMAC keys",
    "memory": "memories",
    "oauth": "OAuth clients",
    "ssh-key": "SSH keys",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, answered in a sentence. `worst` is that of its open findings."""

    answer: str
    count: int
    worst: Severity | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivilegeRow:
    """One action of the privilege map. `needed`: whether what the agent declares calls for it."""

    action: str
    step: Step
    resources: tuple[str, ...]
    standing: bool | None
    gates: tuple[GateView, ...]
    needed: bool | None
    at: Span
    identity: str
    verdict: str

    @property
    def gates_said(self) -> tuple[str, ...]:
        """Its gates by kind; one that does not hold, or may not, says so."""
        return tuple(dict.fromkeys(f"{gate.kind}{_HOLDING[gate.holds]}" for gate in self.gates))


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
    agents = tuple(_agent(view, graph, concerning.get(view.key, ()), hidden.get(view.key, ())) for view in graph.agents)
    alone = [one for one in agents if one.view.stands_alone]
    ranked = sorted(alone, key=_urgency)
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


def _agent(
    view: AgentView, graph: AgentGraph, findings: Sequence[Finding], unknowns: Sequence[UnknownView]
) -> AgentReview:
    reached = tuple(graph.reach(agent=view.key))
    retained = graph.kept(view.key)
    mapped = tuple(_mapped(view, reached))
    return AgentReview(
        view=view,
        identities=_question("identities", _identities(view), len(view.identities), findings),
        credentials=_question("credentials", _credentials(retained), len(retained), findings),
        reach=_question("reach", _reach(reached, unknowns), len(reached), findings),
        privilege_map=tuple(row for row, _ in mapped),
        retained=retained,
        reached=reached,
        unknowns=tuple(unknowns),
        findings=tuple(findings),
        proposals=tuple(
            proposals(
                ((row.action, row.needed, reach) for row, reach in mapped),
                view,
                (other for other in graph.agents if other.key != view.key),
            )
        ),
        why=_why(view, reached, findings),
    )


def _question(name: str, answer: str, count: int, findings: Sequence[Finding]) -> Question:
    prefixes = (_ABOUT[name], _GATES) if name == "reach" else (_ABOUT[name],)
    own = tuple(one for one in findings if one.check_id.startswith(prefixes) and one.suppressed is None)
    return Question(answer=answer, count=count, worst=max((one.severity for one in own), default=None), findings=own)


def _identities(view: AgentView) -> str:
    """`It acts as aws_iam_role.ops (runs-as) and aws_iam_role.tool (tool-acts-as).`."""
    if not view.identities:
        return "No identity is declared for it in the scanned code."
    acts = _listed([f"{one.name} ({one.relation.value})" for one in view.identities])
    shared = [one.name for one in view.identities if one.shared_by]
    also = f" {_listed(shared)} is shared with others." if shared else ""
    return f"It acts as {acts}.{also}"


def _credentials(retained: Sequence[CredentialView]) -> str:
    """`It can keep API keys and secrets that never expire, and role sessions.`."""
    if not retained:
        return "No credential that it could keep is declared in the scanned code."
    endless = sorted({_several(one) for one in retained if one.credential.never_expires})
    others = sorted({_several(one) for one in retained} - set(endless))
    kept = [f"{_listed(endless)} that never expire"] if endless else []
    return f"It can keep {', and '.join((*kept, *([_listed(others)] if others else [])))}."


def _several(view: CredentialView) -> str:
    """A kind of credential in the plural: `API keys`, `memories`."""
    kind = view.credential.kind
    return _PLURALS.get(kind, f"{kind.replace('-', ' ')}s")


def _reach(reached: Sequence[Reach], unknowns: Sequence[UnknownView]) -> str:
    standing = [one for one in reached if one.standing is not False]
    values = "1 unknown value" if len(unknowns) == 1 else f"{len(unknowns)} unknown values"
    hidden = f" {values} may hide more." if unknowns else ""
    if not standing:
        return f"Nothing declared lets it reach a system without approval.{hidden}"
    highest = max(one.step for one in standing)
    top = [one for one in standing if one.step is highest]
    where = _listed(dict.fromkeys(_place(one) for one in top))
    return f"Without approval it reaches {highest.label} on {where}.{hidden}"


def _place(reach: Reach) -> str:
    if reach.wildcard_resource:
        return "any resource" if reach.service == "*" else f"any {reach.service} resource"
    return _listed(reach.resources) or reach.service


def _mapped(view: AgentView, reached: Iterable[Reach]) -> Iterator[tuple[PrivilegeRow, Reach]]:
    identities = {one.key: one for one in view.identities}
    for reach in sorted(reached, key=lambda one: (-one.step, one.identity, one.cause, one.service)):
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
        needed=needed(action, reach, view, identity),
        at=reach.evidence[0].at,
        identity=reach.identity.address,
        verdict=reach.verdict,
    )


def _why(view: AgentView, reached: Sequence[Reach], findings: Sequence[Finding]) -> str:
    """What speaks for looking at it first, in one clause."""
    worst = max((one.severity for one in findings), default=None)
    serious = [one for one in findings if worst is not None and one.severity is worst and worst >= Severity.HIGH]
    if serious:
        return f"{serious[0].message} ({len(findings)} open findings)"
    if view.highest_standing is not None and view.highest_standing >= Step.WRITE_DATA:
        place = next(_place(one) for one in reached if one.step is view.highest_standing)
        return f"holds {view.highest_standing.label} on {place} without a gate"
    if view.highest is not None and view.highest >= Step.WRITE_DATA:
        return f"each step up to {view.highest.label} has a gate that holds"
    if view.role is Role.UNDECLARED:
        return "nothing declared uses it: find out which agent does"
    return "bounded" if view.bounded else "holds little that is declared"


def _listed(items: Iterable[str]) -> str:
    names = list(items)
    if len(names) > _SHOWN:
        return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
