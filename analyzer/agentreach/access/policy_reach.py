"""The half of a `PrincipalView` that a principal's policies answer by themselves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from agentreach.access import actions, effective, steps
from agentreach.access.arns import split
from agentreach.access.aws import evaluate
from agentreach.access.escalation import Judged, Scope
from agentreach.access.globs import ONE, STAR
from agentreach.access.patterns import glob, of_thing, parts_of
from agentreach.access.request import Layers, PrincipalFacts, Request, values
from agentreach.access.statements import is_conditional, match_action
from agentreach.access.verdict import Verdict
from agentreach.model import Kind, Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.escalation import Context, Target
    from agentreach.access.globs import Tokens
    from agentreach.access.request import Part, Parts
    from agentreach.identity import Statement
    from agentreach.model import Span

_NAMED_KINDS: Final = frozenset({Kind.ACCOUNT, Kind.REGION, Kind.PARTITION})


class PolicyReach:
    """What one principal's layers let it do, asked action by action; answers are remembered."""

    def __init__(self, layers: Layers, facts: PrincipalFacts) -> None:
        self.layers, self.facts = layers, facts
        self._scopes: dict[tuple[str, Context], tuple[Scope, ...]] = {}

    @cached_property
    def grants(self) -> tuple[effective.Grant, ...]:
        """What is left of each of its Allow statements."""
        return effective.grants(self.layers, self.facts)

    @cached_property
    def actions(self) -> int:
        """Every action it may do on something."""
        return effective.total(self.grants).possible

    @cached_property
    def is_admin(self) -> bool:
        """It surely holds, in effect, everything on everything."""
        everywhere = (grant for grant in self.grants if _is_everything(grant.statement))
        return steps.is_admin(effective.total(everywhere).certain)

    def may(self, action: str, target: Target, context: Context) -> Judged:
        """Whether it may do the action on a declared thing.

        A statement that surely allows all its pattern matches decides for everything in it; anything else is asked
        of every layer.
        """
        near = [scope for scope in self.scopes(action, context) if _may_hold(scope, target)]
        if not near:
            return Judged(Verdict.DENIED, ())
        for scope in near:
            if scope.verdict is Verdict.ALLOWED and _holds(scope, target):
                return Judged(Verdict.ALLOWED, (scope.statement,))
        first, *others = target.texts
        request = Request(
            action=action, resource=first, aliases=tuple(others), context=values(dict(context)), principal=self.facts
        )
        return self._judged(request)

    def _judged(self, request: Request) -> Judged:
        decision = evaluate(request, self.layers)
        return Judged(decision.verdict, tuple(because.statement for because in decision.because))

    def scopes(self, action: str, context: Context) -> tuple[Scope, ...]:
        """What each of its statements lets the action act on, where other layers leave anything."""
        key = (action, context)
        if key not in self._scopes:
            self._scopes[key] = tuple(self._find(action, context))
        return self._scopes[key]

    def _find(self, action: str, context: Context) -> Iterator[Scope]:
        wanted = (action.lower(),)
        for statement in self.layers.identity:
            if statement.effect != "Deny" and match_action(statement, wanted) is not Verdict.DENIED:
                for parts in _patterns(statement):
                    yield from self._scope(action, parts, statement, context)

    def _on(self, action: str, parts: Parts, statement: Statement, context: Context) -> Verdict:
        """What the layers say about all that a pattern matches; nothing limits a plain statement of plain layers."""
        written = len(parts) == 1 and isinstance(parts[0], str) and "${" not in parts[0]
        if self._is_free and written and _is_plain(statement) and not statement.not_resources:
            return min(match_action(statement, (action.lower(),)), self._listed(action))
        request = Request(
            action=action,
            resource=_as_subject(parts, statement.at),
            context=values(dict(context)),
            principal=self.facts,
        )
        return evaluate(request, self.layers).verdict

    @staticmethod
    def _listed(action: str) -> Verdict:
        return Verdict.ALLOWED if actions.is_listed(action) else Verdict.POSSIBLE

    @cached_property
    def _is_free(self) -> bool:
        """Whether nothing but the identity policies speaks, and they deny nothing."""
        layers = self.layers
        limited = layers.boundary is not None or layers.session is not None or layers.service_control
        return not limited and all(one.effect == "Allow" for one in layers.identity)

    def _scope(self, action: str, parts: Parts, statement: Statement, context: Context) -> Iterator[Scope]:
        """A pattern counts as the set of all it matches: surely allowed only when all of that is."""
        verdict = self._on(action, parts, statement, context)
        if verdict is not Verdict.DENIED:
            yield Scope(parts, _text(parts), is_open(glob(parts), parts), verdict, statement)


def _may_hold(scope: Scope, target: Target) -> bool:
    """Whether a scope's pattern may match a target at all."""
    if "${" in scope.text or scope.statement.not_resources:
        return True
    return of_thing(glob(scope.parts), target.texts) is not Verdict.DENIED


def _is_plain(statement: Statement) -> bool:
    """An Allow without a word of doubt or condition."""
    return statement.effect == "Allow" and statement.certain and not statement.open and not is_conditional(statement)


def _holds(scope: Scope, target: Target) -> bool:
    """Whether a scope's pattern surely matches a target, policy variables aside."""
    if "${" in scope.text:
        return False
    return scope.parts == ("*",) or of_thing(glob(scope.parts), target.texts) is Verdict.ALLOWED


def _is_everything(statement: Statement) -> bool:
    if statement.not_resources:
        return False
    return not statement.resources or any(parts == ("*",) for value in statement.resources for parts in parts_of(value))


def _patterns(statement: Statement) -> Iterator[Parts]:
    """What a statement's Resource element names; a complement may be anything."""
    if not statement.resources:
        yield ("*",)
    for value in statement.resources:
        yield from parts_of(value)


def _as_subject(parts: Parts, at: Span) -> Parts:
    """A pattern as the set of texts it matches: every wildcard an unknown part."""
    found: list[Part] = []
    for part in parts:
        if not isinstance(part, str):
            found.append(part)
            continue
        found += [token if isinstance(token, str) else Unknown("wildcard", at) for token in glob((part,))]
    return tuple(found)


def is_open(tokens: Tokens, parts: Parts) -> bool:
    """Whether a pattern can match things outside the code: wildcards in the name, or the whole of it unknown.

    A wildcard or unknown in partition, region or account leaves an ARN bounded to its name.
    """
    segments = split(tokens)
    named = segments[-1] if segments else tokens
    return any(token in (STAR, ONE) for token in named) or all(_is_unknown(part) for part in parts)


def _is_unknown(part: Part) -> bool:
    return isinstance(part, Unknown) and part.kind not in _NAMED_KINDS


def _text(parts: Parts) -> str:
    """A pattern for people: references by their address, unknown parts as `…`."""
    return "".join(_shown(part) for part in parts)


def _shown(part: Part) -> str:
    if isinstance(part, str):
        return part
    return f"${{{part.key.address}.{part.attribute}}}" if isinstance(part, Reference) else "…"
