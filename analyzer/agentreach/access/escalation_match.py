"""Which AWS paths of the catalogue fire for a principal, and on what.

Targets are open-world. A pattern that can match things outside the code fires for them, possible at high
confidence; declared targets are named and make the path allowed. A pattern bounded to names fires for the declared
targets it matches that give more than the principal has; a name that is not declared is possible at medium confidence.
The trust of an undeclared role is assumed to fit.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach.access import actions
from agentreach.access.arns import split
from agentreach.access.escalation import STEP_OF_YIELD, Judged, Path, entries
from agentreach.access.globs import Hole, compiled, match
from agentreach.access.patterns import glob, literal
from agentreach.access.verdict import Verdict
from agentreach.identity import Confidence, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.access.escalation import Action, Entry, PrincipalView, Scope, Target
    from agentreach.access.globs import Tokens
    from agentreach.identity import Statement

_PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - an action, not a password
_GAINLESS: Final = frozenset({"held", "any"})
_OF_PRINCIPAL: Final = frozenset({"bounded", "denied", "limited"})

_SHAPES: Final = {
    "role": "arn:*:iam::*:role/*",
    "user": "arn:*:iam::*:user/*",
    "group": "arn:*:iam::*:group/*",
    "policy": "arn:*:iam::*:policy/*",
    "lambda-function": "arn:*:lambda:*:*:function:*",
    "ec2-instance": "arn:*:*:*:*:*instance/*",
    "launch-template": "arn:*:ec2:*:*:launch-template/*",
    "ecs-task": "arn:*:ecs:*:*:task*",
    "batch-job": "arn:*:batch:*:*:job*",
    "codebuild-project": "arn:*:codebuild:*:*:project/*",
    "cloudformation-stack": "arn:*:cloudformation:*:*:stack/*",
    "sagemaker-notebook": "arn:*:sagemaker:*:*:notebook-instance/*",
    "state-machine": "arn:*:states:*:*:stateMachine:*",
    "apprunner-service": "arn:*:apprunner:*:*:service/*",
    "bedrock-agent": "arn:*:bedrock:*:*:agent*",
    "secret": "arn:*:secretsmanager:*:*:secret:*",
    "key": "arn:*:kms:*:*:key/*",
    "bucket": "arn:*:s3:::*",
}
"""What an ARN of each kind looks like; kinds that are not listed may look like anything."""

_NOUNS: Final = {
    "role": "role",
    "user": "user",
    "group": "group",
    "policy": "policy",
    "ec2-instance": "instance",
    "lambda-function": "function",
    "ecs-task": "task",
    "codebuild-project": "build project",
}


class _Hit(NamedTuple):
    """A declared target that an entry reaches."""

    target: Target
    judged: Judged
    step: Step


class _Outside(NamedTuple):
    """What an entry reaches that is not declared: any of a pattern, or a name."""

    open: bool
    scopes: tuple[Scope, ...]


def paths(view: PrincipalView) -> Iterator[Path]:
    """Every AWS entry that fires, in catalogue order; none for a principal that already holds everything."""
    if view.is_admin:
        return
    held = view.actions
    for entry, needed in _needed():
        if all(held & bits for bits in needed) and _fits(entry, view):
            path = _fire(entry, view)
            if path is not None:
                yield path


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
    return tuple((entry, tuple(_union(need) for need in entry.needs)) for entry in entries("aws"))


def _union(need: tuple[Action, ...]) -> int:
    bits = 0
    for action in need:
        bits |= actions.expand(action.name)
    return bits


def _fits(entry: Entry, view: PrincipalView) -> bool:
    if entry.self_kind and entry.self_kind != view.me.kind:
        return False
    return entry.where not in _OF_PRINCIPAL or entry.where in view.traits


def _fire(entry: Entry, view: PrincipalView) -> Path | None:
    if not entry.target:
        return _unaimed(entry, view)
    hits = tuple(_hits(entry, view))
    outside = _outside(entry, view) if entry.where != "held" else None
    if not hits and outside is None:
        return None
    return _path(entry, hits, outside)


def _unaimed(entry: Entry, view: PrincipalView) -> Path | None:
    """An entry that needs no target: it acts on the principal itself, or makes something new."""
    judged = [_judge_need(need, None, entry, view) for need in entry.needs]
    verdict = min(one.verdict for one in judged)
    if verdict is Verdict.DENIED:
        return None
    because = _unique(one.because for one in judged)
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


def _unique(groups: Iterable[tuple[Statement, ...]]) -> tuple[Statement, ...]:
    seen = {id(statement): statement for group in groups for statement in group}
    return tuple(seen.values())


def _judge_need(need: tuple[Action, ...], target: Target | None, entry: Entry, view: PrincipalView) -> Judged:
    """The best of a need's actions."""
    return max((_judge(action, target, entry, view) for action in need), key=lambda one: one.verdict)


def _judge(action: Action, target: Target | None, entry: Entry, view: PrincipalView) -> Judged:
    contexts = _contexts(action, entry)
    return max((_judge_on(action, target, one, view) for one in contexts), key=lambda one: one.verdict)


def _contexts(action: Action, entry: Entry) -> Sequence[Mapping[str, str]]:
    if action.name == _PASS_ROLE and entry.services:
        return [{**entry.context, "iam:PassedToService": service} for service in entry.services]
    return [entry.context]


def _judge_on(action: Action, target: Target | None, context: Mapping[str, str], view: PrincipalView) -> Judged:
    if action.on == "self":
        return view.may(action.name, view.me, context)
    if action.on == "target" and target is not None:
        return view.may(action.name, target, context)
    if action.on == "policy" and target is not None:
        owned = [view.may(action.name, policy, context) for policy in view.policies_of(target)]
        return max(owned, key=lambda one: one.verdict, default=Judged(Verdict.DENIED, ()))
    scopes = view.scopes(action.name, context)
    best = max((scope.verdict for scope in scopes), default=Verdict.DENIED)
    return Judged(best, tuple(scope.statement for scope in scopes if scope.verdict is best))


def _hits(entry: Entry, view: PrincipalView) -> Iterator[_Hit]:
    for target in view.declared(entry.target):
        precondition = _precondition(entry, target, view)
        if precondition is Verdict.DENIED:
            continue
        judged = [_judge_need(need, target, entry, view) for need in entry.needs]
        verdict = min(precondition, *(one.verdict for one in judged))
        gained = target if entry.where != "runs" else view.role_of(target)
        gain = _gain(entry, gained, view) if verdict is not Verdict.DENIED else None
        if gain is None:
            continue
        verdict = min(verdict, gain.verdict)
        if entry.where == "runs" and not entry.on("target"):
            verdict = min(verdict, Verdict.POSSIBLE)
        yield _Hit(gained or target, Judged(verdict, _unique(one.because for one in judged)), gain.step)


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


def _outside(entry: Entry, view: PrincipalView) -> _Outside | None:
    """Undeclared targets: every need on the target must reach one, and every other need must be met."""
    aimed = entry.on("target") or tuple(need for need in entry.needs if any(one.on == "any" for one in need))
    others = [need for need in entry.needs if need not in aimed]
    if any(_judge_need(need, None, entry, view).verdict is Verdict.DENIED for need in others):
        return None
    reached = [_reached(need, entry, view) for need in aimed]
    if not all(reached):
        return None
    scopes = tuple(scope for one in reached for scope in one)
    return _Outside(all(any(scope.open for scope in one) for one in reached), scopes)


def _reached(need: tuple[Action, ...], entry: Entry, view: PrincipalView) -> tuple[Scope, ...]:
    """The scopes of a need that lead outside the code."""
    kind = entry.target if entry.on("target") else ""
    declared = [literal(text) for target in view.declared(kind) for text in target.texts] if kind else []
    found = [
        scope
        for action in need
        for context in _contexts(action, entry)
        for scope in view.scopes(action.name, context)
        if _leads_outside(scope, kind, declared)
    ]
    return tuple({id(scope): scope for scope in found}.values())


def _leads_outside(scope: Scope, kind: str, declared: Sequence[Tokens]) -> bool:
    pattern = glob(scope.parts)
    if kind in _SHAPES and not _may_be(pattern, kind):
        return False
    return scope.open or not any(match(pattern, text) is not Verdict.DENIED for text in declared)


def _may_be(pattern: Tokens, kind: str) -> bool:
    """Whether a pattern can match an ARN of a kind, compared part by part."""
    parts = split(pattern)
    if parts is None:
        return True
    return all(match(part, shape) is not Verdict.DENIED for part, shape in zip(parts, _shape(kind), strict=True))


@cache
def _shape(kind: str) -> tuple[Tokens, ...]:
    """The six parts of an ARN of a kind, wildcards as unknown text."""
    return tuple(
        tuple(token if isinstance(token, str) else Hole() for token in compiled(part))
        for part in _SHAPES[kind].split(":", 5)
    )


def _path(entry: Entry, hits: tuple[_Hit, ...], outside: _Outside | None) -> Path:
    verdict = max((hit.judged.verdict for hit in hits), default=Verdict.POSSIBLE)
    step = max((hit.step for hit in hits), default=Step.OBSERVE)
    because = _unique(hit.judged.because for hit in hits)
    if outside is not None:
        step = max(step, _open_step(entry) if outside.open else Step.IDENTITY if not hits else step)
        because = _unique((because, tuple(scope.statement for scope in outside.scopes)))
    sure = bool(hits) or (outside is not None and outside.open)
    return Path(
        entry=entry,
        verdict=verdict,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        step=step,
        because=because,
        targets=tuple(dict.fromkeys(hit.target for hit in hits)),
        outside=_described(entry, outside) if outside is not None else "",
        wildcard=outside is not None and outside.open,
    )


def _open_step(entry: Entry) -> Step:
    """Any role, user or group may hold everything; what some workload runs as is at least an identity."""
    return Step.IDENTITY if entry.where == "runs" else STEP_OF_YIELD[entry.yields]


def _described(entry: Entry, outside: _Outside) -> str:
    noun = _NOUNS.get(entry.target, entry.target.replace("-", " "))
    if not outside.open:
        names = ", ".join(sorted({scope.text for scope in outside.scopes if not scope.open}))
        return f"{names}, not declared in the scanned code"
    prefixes = sorted({scope.text for scope in outside.scopes if scope.open} - {"*"})
    which = f"any {noun} that matches {' or '.join(prefixes)}" if prefixes else f"any {noun} of the account"
    return which + _trusting(entry)


def _trusting(entry: Entry) -> str:
    if entry.where == "trusts-me":
        return " that trusts it"
    return f" that trusts {' or '.join(entry.services)}" if entry.services else ""
