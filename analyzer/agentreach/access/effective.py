"""What a set of layers leaves of each Allow statement, in bulk: bitsets of actions instead of single questions.

`grants` answers for whole statements what `aws.evaluate` answers for one request. A grant's `certain` actions are
allowed on what the statement names (on some of it, when the statement names many things and a Deny only some);
its `possible` actions include those that depend on something the code does not say.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.conditions import holds
from agentreach.access.context import account_of, context_of
from agentreach.access.globs import STAR, Hole, Token, Tokens, match
from agentreach.access.patterns import parts_of
from agentreach.access.request import PrincipalFacts, Request
from agentreach.access.statements import is_conditional
from agentreach.access.variables import pattern
from agentreach.access.verdict import Verdict
from agentreach.model import OneOf, Scalar
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.access.context import Context
    from agentreach.access.request import Layers, Parts
    from agentreach.identity import Statement
    from agentreach.model import Value

_EVERYTHING: Tokens = (STAR,)
_COMPARISONS: Final = 100_000
"""How many pairs of resource patterns two statements may have before their overlap is left possible."""


class Bits(NamedTuple):
    """Actions that are surely meant, and those that may be (a superset)."""

    certain: int
    possible: int


class Grant(NamedTuple):
    """What is left of an Allow statement once every other layer has spoken.

    `condition` says whether its own conditions hold: always, or depending on the request. `limited_by` are the
    statements of other layers, and the Deny statements, that took something from it or may take it.
    """

    statement: Statement
    certain: int
    possible: int
    condition: Verdict
    limited_by: tuple[Statement, ...] = ()


class _Scene(NamedTuple):
    """What conditions and variables are judged by."""

    context: Context
    now: float
    account: str | None


def grants(layers: Layers, principal: PrincipalFacts | None = None) -> tuple[Grant, ...]:
    """One grant per Allow statement of the identity layer that leaves anything possible, in order."""
    allows = [(one, statement_actions(one)) for one in layers.identity if one.effect != "Deny"]
    if _is_plain(layers):
        return tuple(_plain(one, bits) for one, bits in allows if bits.possible)
    scene = _scene(principal or PrincipalFacts())
    limiting = _Limits(layers, scene)
    found = (limiting.grant(one, bits) for one, bits in allows if bits.possible)
    return tuple(one for one in found if one.possible and one.condition is not Verdict.DENIED)


def _is_plain(layers: Layers) -> bool:
    """Nothing but unconditional Allows, the common case."""
    limits = layers.boundary is not None or layers.session is not None or layers.service_control
    return not limits and all(one.effect == "Allow" and not is_conditional(one) for one in layers.identity)


def _plain(statement: Statement, bits: Bits) -> Grant:
    return Grant(statement, _surely(bits) if statement.certain else 0, bits.possible, Verdict.ALLOWED)


def _surely(bits: Bits) -> int:
    """An action that the catalogue does not know is at most possible."""
    return bits.certain & actions.known_bits()


def _scene(principal: PrincipalFacts) -> _Scene:
    request = Request(action="", resource=(), principal=principal)
    return _Scene(context_of(request), time.time(), principal.account or account_of(principal.arn))


def total(found: Iterable[Grant]) -> Bits:
    """All actions of several grants together, on whatever resources."""
    certain = possible = 0
    for grant in found:
        possible |= grant.possible
        if grant.condition is Verdict.ALLOWED:
            certain |= grant.certain
    return Bits(certain, possible)


def statement_actions(statement: Statement) -> Bits:
    """The actions a statement's Action or NotAction element covers, whatever its effect and conditions."""
    if statement.actions:
        listed = _listed(statement.actions)
        return Bits(listed.certain, actions.all_bits()) if statement.open else listed
    if statement.not_actions:
        excluded = _listed(statement.not_actions)
        least = 0 if statement.open else actions.all_bits() & ~excluded.possible
        return Bits(least, actions.all_bits() & ~excluded.certain)
    return Bits(0, actions.all_bits() if statement.open else 0)


def _listed(values: tuple[Value, ...]) -> Bits:
    texts = [one.value for one in values if isinstance(one, Scalar) and isinstance(one.value, str)]
    if len(texts) == len(values):
        known = _known(tuple(texts))
        return Bits(known, known)
    certain = possible = 0
    for value in values:
        bits = _value(value)
        certain, possible = certain | bits.certain, possible | bits.possible
    return Bits(certain, possible)


def _known(texts: tuple[str, ...]) -> int:
    return _union(texts, actions.generation()) if len(texts) > 1 else actions.expand(texts[0])


@lru_cache(maxsize=16384)
def _union(texts: tuple[str, ...], _generation: int) -> int:
    return actions.expand_all(texts)


def _value(value: Value) -> Bits:
    if isinstance(value, OneOf):
        each = [_value(one) for one in value.alternatives]
        certain, possible = each[0].certain, 0
        for bits in each:
            certain, possible = certain & bits.certain, possible | bits.possible
        return Bits(certain, possible)
    certain = possible = 0
    for parts in parts_of(value):
        bits = _parts(parts)
        certain, possible = certain | bits.certain, possible | bits.possible
    return Bits(certain, possible)


def _parts(parts: Parts) -> Bits:
    """A name with a hole may be any action that fits around it."""
    bits = actions.expand("".join(part if isinstance(part, str) else "*" for part in parts))
    return Bits(bits if all(isinstance(part, str) for part in parts) else 0, bits)


class _Limit(NamedTuple):
    """A statement of another layer, or a Deny: what it covers, compiled."""

    statement: Statement
    bits: Bits
    condition: Verdict
    resources: tuple[Tokens, ...] | None
    excluded: tuple[Tokens, ...]


class _Limits:
    """Everything in a principal's layers that takes away."""

    def __init__(self, layers: Layers, scene: _Scene) -> None:
        self._scene = scene
        levels = [*layers.service_control]
        levels += [level for level in (layers.boundary, layers.session) if level is not None]
        self._levels = [self._compiled(level, "Allow") for level in levels]
        self._denies = [one for level in (layers.identity, *levels) for one in self._compiled(level, "Deny")]

    def _compiled(self, level: Iterable[Statement], effect: str) -> list[_Limit]:
        return [self._limit(one) for one in level if one.effect == effect or not isinstance(one.effect, str)]

    def _limit(self, statement: Statement) -> _Limit:
        condition = self._condition(statement)
        sure = statement.certain and isinstance(statement.effect, str)
        version = statement.version
        listed = self._tokens(statement.resources, version) if statement.resources else None
        excluded = self._tokens(statement.not_resources, version)
        bits = statement_actions(statement)
        if statement.open or not sure:
            bits = Bits(0, bits.possible)
        return _Limit(statement, bits, condition, listed, excluded)

    def _condition(self, statement: Statement) -> Verdict:
        if not is_conditional(statement):
            return Verdict.ALLOWED
        return holds(statement, self._scene.context, now=self._scene.now, account=self._scene.account)

    def _tokens(self, values: tuple[Value, ...], version: str) -> tuple[Tokens, ...]:
        found = []
        for value in values:
            for parts in parts_of(value):
                tokens = pattern(parts, self._scene.context, version=version, account=self._scene.account)
                found.append((Hole(),) if tokens is None or isinstance(value, OneOf) else tokens)
        return tuple(found)

    def grant(self, statement: Statement, bits: Bits) -> Grant:
        """What the limits leave of one Allow statement."""
        condition = self._condition(statement)
        sure = statement.certain and isinstance(statement.effect, str)
        certain, possible = _surely(bits) if sure else 0, bits.possible
        if not self._levels and not self._denies:
            return Grant(statement, certain, possible, condition)
        scope = self._tokens(statement.resources, statement.version) if statement.resources else (_EVERYTHING,)
        limited: list[Statement] = []
        for level in self._levels:
            certain, possible = _within(level, scope, certain, possible, limited)
        for deny in self._denies:
            certain, possible = _without(deny, scope, certain, possible, limited)
        return Grant(statement, certain, possible, condition, tuple(limited))


def _within(
    level: list[_Limit], scope: tuple[Tokens, ...], certain: int, possible: int, limited: list[Statement]
) -> tuple[int, int]:
    """What one level allows of a grant: surely only where it covers the whole scope."""
    sure = perhaps = 0
    for one in level:
        covers = min(_covers(one, scope), one.condition)
        if covers is not Verdict.DENIED:
            perhaps |= one.bits.possible
            limited.append(one.statement)
        if covers is Verdict.ALLOWED:
            sure |= one.bits.certain
    return certain & sure, possible & perhaps


def _without(
    deny: _Limit, scope: tuple[Tokens, ...], certain: int, possible: int, limited: list[Statement]
) -> tuple[int, int]:
    """What a Deny leaves. One that names some of many things leaves the grant certain for the others."""
    covers = _covers(deny, scope)
    if covers is Verdict.DENIED or deny.condition is Verdict.DENIED or not possible & deny.bits.possible:
        return certain, possible
    limited.append(deny.statement)
    if covers is Verdict.ALLOWED and deny.condition is Verdict.ALLOWED:
        possible &= ~deny.bits.certain
    if covers is Verdict.ALLOWED or not any(STAR in tokens for tokens in scope):
        certain &= ~deny.bits.possible
    return certain & possible, possible


def _covers(limit: _Limit, scope: tuple[Tokens, ...]) -> Verdict:
    """Allowed: a statement's resources hold all of the scope; denied: none of it."""
    if len(scope) * len(limit.resources or limit.excluded) > _COMPARISONS:
        return Verdict.POSSIBLE
    answers = {_covers_one(limit, _as_subject(tokens)) for tokens in scope}
    return answers.pop() if len(answers) == 1 else Verdict.POSSIBLE


def _covers_one(limit: _Limit, subject: Tokens) -> Verdict:
    if limit.resources is not None:
        return max((match(tokens, subject) for tokens in limit.resources), default=Verdict.DENIED)
    if not limit.excluded:
        return Verdict.ALLOWED
    return max(match(tokens, subject) for tokens in limit.excluded).complement


@lru_cache(maxsize=8192)
def _as_subject(tokens: Tokens) -> Tokens:
    """A pattern as the set of texts it may be: wildcards become holes."""
    return tuple(_hole(token) for token in tokens)


def _hole(token: Token) -> Token:
    return token if isinstance(token, str | Hole) else Hole()
