"""Whether a principal may do what an entry of the escalation catalogue needs, target by target."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from agentreach.access.escalation import Judged
from agentreach.access.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.access.escalation import Action, Context, Entry, PrincipalView, Target
    from agentreach.identity import Statement

_PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - an action, not a password
_REFUSED: Final = Judged(Verdict.DENIED, ())


def unique(groups: Iterable[tuple[Statement, ...]]) -> tuple[Statement, ...]:
    """Every statement once, in order."""
    seen = {id(statement): statement for group in groups for statement in group}
    return tuple(seen.values())


def judge_need(need: tuple[Action, ...], target: Target | None, entry: Entry, view: PrincipalView) -> Judged:
    """The best of a need's actions, of equal ones the first."""
    best = _REFUSED
    for action in need:
        for context in contexts(action, entry):
            judged = _judge_on(action, target, context, view)
            if judged.verdict is Verdict.ALLOWED:
                return judged
            if judged.verdict > best.verdict or best is _REFUSED:
                best = judged
    return best


def contexts(action: Action, entry: Entry) -> tuple[Context, ...]:
    """What is known of the requests an entry makes: which service a role is passed to, which policy is attached."""
    if action.name == _PASS_ROLE and entry.services:
        return _passing(entry.context, entry.services)
    return (entry.context,)


@cache
def _passing(context: Context, services: tuple[str, ...]) -> tuple[Context, ...]:
    return tuple((*context, ("iam:PassedToService", service)) for service in services)


def _judge_on(action: Action, target: Target | None, context: Context, view: PrincipalView) -> Judged:
    if action.on == "self":
        return view.may(action.name, view.me, context)
    if action.on == "target" and target is not None:
        return view.may(action.name, target, context)
    if action.on == "policy" and target is not None:
        owned = [view.may(action.name, policy, context) for policy in view.policies_of(target)]
        return max(owned, key=lambda one: one.verdict, default=_REFUSED)
    scopes = view.scopes(action.name, context)
    best = max((scope.verdict for scope in scopes), default=Verdict.DENIED)
    return Judged(best, tuple(scope.statement for scope in scopes if scope.verdict is best))
