"""The half of a `PrincipalView` that a principal's policies answer by themselves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from agentreach.access import effective, steps
from agentreach.access.arns import split
from agentreach.access.aws import evaluate
from agentreach.access.escalation import Judged, Scope
from agentreach.access.globs import ONE, STAR, match
from agentreach.access.patterns import glob, literal, parts_of
from agentreach.access.request import Layers, PrincipalFacts, Request, values
from agentreach.access.statements import match_action
from agentreach.access.verdict import Verdict
from agentreach.model import Kind, Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.access.escalation import Target
    from agentreach.access.globs import Tokens
    from agentreach.access.request import Part, Parts
    from agentreach.identity import Statement
    from agentreach.model import Span

_NAMED_KINDS: Final = frozenset({Kind.ACCOUNT, Kind.REGION, Kind.PARTITION})


class PolicyReach:
    """What one principal's layers let it do, asked action by action; answers are remembered."""

    def __init__(self, layers: Layers, facts: PrincipalFacts) -> None:
        self.layers, self.facts = layers, facts
        self._scopes: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Scope, ...]] = {}

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

    def may(self, action: str, target: Target, context: Mapping[str, str]) -> Judged:
        """Whether it may do the action on a declared thing.

        A statement that surely allows all its pattern matches decides for everything in it; anything else is asked
        of every layer.
        """
        for scope in self.scopes(action, context):
            if scope.verdict is Verdict.ALLOWED and _holds(scope, target):
                return Judged(Verdict.ALLOWED, (scope.statement,))
        first, *others = target.texts
        request = Request(
            action=action, resource=first, aliases=tuple(others), context=values(context), principal=self.facts
        )
        return self._judged(request)

    def _judged(self, request: Request) -> Judged:
        decision = evaluate(request, self.layers)
        return Judged(decision.verdict, tuple(because.statement for because in decision.because))

    def scopes(self, action: str, context: Mapping[str, str]) -> tuple[Scope, ...]:
        """What each of its statements lets the action act on, where other layers leave anything."""
        key = (action, tuple(sorted(context.items())))
        if key not in self._scopes:
            self._scopes[key] = tuple(self._find(action, context))
        return self._scopes[key]

    def _find(self, action: str, context: Mapping[str, str]) -> Iterator[Scope]:
        wanted = (action.lower(),)
        for statement in self.layers.identity:
            if statement.effect != "Deny" and match_action(statement, wanted) is not Verdict.DENIED:
                for parts in _patterns(statement):
                    yield from self._scope(action, parts, statement, context)

    def _scope(self, action: str, parts: Parts, statement: Statement, context: Mapping[str, str]) -> Iterator[Scope]:
        """A pattern counts as the set of all it matches: surely allowed only when all of that is."""
        request = Request(
            action=action, resource=_as_subject(parts, statement.at), context=values(context), principal=self.facts
        )
        verdict = evaluate(request, self.layers).verdict
        if verdict is not Verdict.DENIED:
            yield Scope(parts, _text(parts), is_open(glob(parts), parts), verdict, statement)


def _holds(scope: Scope, target: Target) -> bool:
    """Whether a scope's pattern surely matches a target, policy variables aside."""
    if "${" in scope.text:
        return False
    return scope.parts == ("*",) or any(
        match(glob(scope.parts), literal(text)) is Verdict.ALLOWED for text in target.texts
    )


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
