"""Which AWS paths of the catalogue fire for a principal, and on what.

Targets are open-world. A pattern that can match things outside the code fires for them, possible at high
confidence; declared targets are named and make the path allowed. A pattern bounded to names fires for the declared
targets it matches that give more than the principal has; a name that is not declared is possible at medium confidence.
The trust of an undeclared role is assumed to fit.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.escalation import STEP_OF_YIELD, Judged, Path, entries
from agentreach.access.escalation_judging import judge_need, unique
from agentreach.access.escalation_outside import described, outside_of
from agentreach.access.verdict import Verdict
from agentreach.identity import Confidence, Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.escalation import Action, Entry, PrincipalView, Target
    from agentreach.access.escalation_outside import Outside

_GAINLESS: Final = frozenset({"held", "any"})
_OF_PRINCIPAL: Final = frozenset({"bounded", "denied", "limited"})


class _Hit(NamedTuple):
    """A declared target that an entry reaches."""

    target: Target
    judged: Judged
    step: Step


def paths(view: PrincipalView) -> Iterator[Path]:
    """Every AWS entry that fires, in catalogue order; none for a principal that already holds everything."""
    if view.is_admin:
        return
    for entry in _met_by(view.actions & wanted()):
        if _fits(entry, view):
            path = _fire(entry, view)
            if path is not None:
                yield path


@cache
def wanted() -> int:
    """Every action that some entry needs."""
    bits = 0
    for _, needed in _needed():
        for one in needed:
            bits |= one
    return bits


@lru_cache(maxsize=4096)
def _met_by(held: int) -> tuple[Entry, ...]:
    """The entries of which some actions meet every need; many principals hold the same that matter."""
    return tuple(entry for entry, needed in _needed() if all(held & bits for bits in needed))


def shortest(found: Iterable[Path]) -> tuple[Path, ...]:
    """Without paths that need everything another one of the same outcome needs, and more."""
    listed = tuple(found)
    return tuple(path for path in listed if not any(_dominates(other, path) for other in listed))


def _dominates(other: Path, path: Path) -> bool:
    if other.entry.yields != path.entry.yields or other.entry.target != path.entry.target:
        return False
    return set(other.entry.needs) < set(path.entry.needs) and set(other.targets) >= set(path.targets)


@cache
def _needed() -> tuple[tuple[Entry, tuple[int, ...]], ...]:
    """Every entry with, per need, the actions any one of which meets it."""
    return tuple((entry, tuple(map(_named, entry.needs))) for entry in entries("aws"))


def _named(need: tuple[Action, ...]) -> int:
    return actions.expand_all(action.name for action in need)


def _fits(entry: Entry, view: PrincipalView) -> bool:
    if entry.self_kind and entry.self_kind != view.me.kind:
        return False
    return entry.where not in _OF_PRINCIPAL or entry.where in view.traits


def _fire(entry: Entry, view: PrincipalView) -> Path | None:
    if not entry.target:
        return _unaimed(entry, view)
    hits = tuple(_hits(entry, view))
    outside = outside_of(entry, view) if entry.where != "held" else None
    if not hits and outside is None:
        return None
    return _path(entry, hits, outside)


def _unaimed(entry: Entry, view: PrincipalView) -> Path | None:
    """An entry that needs no target: it acts on the principal itself, or makes something new."""
    judged = [judge_need(need, None, entry, view) for need in entry.needs]
    verdict = min(one.verdict for one in judged)
    if verdict is Verdict.DENIED:
        return None
    because = unique(one.because for one in judged)
    return Path(
        entry=entry,
        verdict=verdict,
        confidence=Confidence.HIGH,
        step=STEP_OF_YIELD[entry.yields],
        because=because,
        targets=(view.me,) if entry.on("self") else (),
        wildcard=_is_wild(entry, view),
    )


def _is_wild(entry: Entry, view: PrincipalView) -> bool:
    return any(
        scope.open for need in entry.needs for action in need for scope in view.scopes(action.name, entry.context)
    )


def _hits(entry: Entry, view: PrincipalView) -> Iterator[_Hit]:
    anyway = [judge_need(need, None, entry, view) for need in entry.needs if not _is_aimed(need)]
    if any(one.verdict is Verdict.DENIED for one in anyway):
        return
    for target in view.declared(entry.target):
        precondition = _precondition(entry, target, view)
        if precondition is Verdict.DENIED:
            continue
        judged = _judged(entry, target, anyway, view)
        verdict = min((precondition, *(one.verdict for one in judged)))
        gained = target if entry.where != "runs" else view.role_of(target)
        gain = _gain(entry, gained, view) if verdict is not Verdict.DENIED else None
        if gain is None:
            continue
        verdict = min(verdict, gain.verdict)
        if entry.where == "runs" and not entry.on("target"):
            verdict = min(verdict, Verdict.POSSIBLE)
        yield _Hit(gained or target, Judged(verdict, unique(one.because for one in judged)), gain.step)


@lru_cache(maxsize=1024)
def _is_aimed(need: tuple[Action, ...]) -> bool:
    """Whether it depends on the target how a need is met."""
    return any(action.on in {"target", "policy"} for action in need)


def _judged(entry: Entry, target: Target, anyway: list[Judged], view: PrincipalView) -> list[Judged]:
    """What is said of each need, in order, until one is not met."""
    rest, found = iter(anyway), []
    for need in entry.needs:
        found.append(judge_need(need, target, entry, view) if _is_aimed(need) else next(rest))
        if found[-1].verdict is Verdict.DENIED:
            break
    return found


def _precondition(entry: Entry, target: Target, view: PrincipalView) -> Verdict:
    """What must hold of a target besides the rights on it. Nobody gains by attacking itself."""
    if entry.where == "held":
        return Verdict.ALLOWED if view.holds(target) else Verdict.DENIED
    if target.key == view.me.key:
        return Verdict.DENIED
    if entry.where == "trusts-me":
        return view.trusts_me(target)
    if entry.where == "federated":
        return view.trusts_federation(target)
    if entry.services:
        return max(view.trusts_service(target, service) for service in entry.services)
    return Verdict.ALLOWED


class _Gained(NamedTuple):
    verdict: Verdict
    step: Step


def _gain(entry: Entry, target: Target | None, view: PrincipalView) -> _Gained | None:
    """What controlling the target adds; None when nothing does. A workload without declared role adds nothing known."""
    if entry.where == "resource" and target is not None:
        gain = view.gains(target)
        return None if gain.verdict is Verdict.DENIED else _Gained(gain.verdict, STEP_OF_YIELD[entry.yields])
    if entry.yields != "target" or entry.where in _GAINLESS:
        return _Gained(Verdict.ALLOWED, STEP_OF_YIELD[entry.yields])
    if target is None or target.key == view.me.key:
        return None
    gain = view.gains(target)
    return None if gain.verdict is Verdict.DENIED else _Gained(gain.verdict, gain.step)


def _path(entry: Entry, hits: tuple[_Hit, ...], outside: Outside | None) -> Path:
    verdict = max((hit.judged.verdict for hit in hits), default=Verdict.POSSIBLE)
    step = max((hit.step for hit in hits), default=Step.OBSERVE)
    because = unique(hit.judged.because for hit in hits)
    if outside is not None:
        step = max(step, _open_step(entry) if outside.open else Step.IDENTITY if not hits else step)
        because = unique((because, tuple(scope.statement for scope in outside.scopes)))
    sure = bool(hits) or (outside is not None and outside.open)
    return Path(
        entry=entry,
        verdict=verdict,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        step=step,
        because=because,
        targets=tuple(dict.fromkeys(hit.target for hit in hits)),
        outside=described(entry, outside) if outside is not None else "",
        wildcard=outside is not None and outside.open,
    )


def _open_step(entry: Entry) -> Step:
    """Any role, user or group may hold everything; what some workload runs as is at least an identity."""
    return Step.IDENTITY if entry.where == "runs" else STEP_OF_YIELD[entry.yields]
