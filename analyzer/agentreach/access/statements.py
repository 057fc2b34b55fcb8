"""Whether a statement speaks about a request, and how strongly a layer of statements allows and denies it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from agentreach.access.conditions import holds
from agentreach.access.context import context_of
from agentreach.access.globs import match
from agentreach.access.patterns import any_of, glob, same_thing
from agentreach.access.request import Because
from agentreach.access.variables import bound, pattern
from agentreach.access.verdict import Verdict
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.access.context import Context
    from agentreach.access.globs import Tokens
    from agentreach.access.request import Parts, PrincipalFacts, Request
    from agentreach.identity import Statement
    from agentreach.model import Value


class Asked(NamedTuple):
    """A request, compiled, as seen from the account that a policy lives in."""

    action: Tokens
    resources: tuple[Tokens, ...]
    context: Context
    now: float
    account: str | None
    principal: PrincipalFacts


class Layer(NamedTuple):
    """The strongest Allow and Deny of one layer, and the statements that give them."""

    allow: Verdict
    deny: Verdict
    allowing: tuple[Because, ...] = ()
    denying: tuple[Because, ...] = ()


SILENT = Layer(Verdict.ALLOWED, Verdict.DENIED)
"""An absent layer: it neither grants nor limits."""

Found = tuple["Statement", Verdict]


def asked_from(request: Request, account: str | None) -> Asked:
    """Compile a request for the policies of one account."""
    return Asked(
        action=(request.action.lower(),),
        resources=tuple(bound(parts, account) for parts in (request.resource, *request.aliases)),
        context=context_of(request),
        now=time.time() if request.now is None else request.now,
        account=account,
        principal=request.principal,
    )


def match_statement(statement: Statement, asked: Asked) -> Verdict:
    """AND over the elements of a statement, cheapest first; principals and effect aside."""
    verdict = match_action(statement, asked.action)
    if verdict is not Verdict.DENIED:
        verdict = min(verdict, _match_resource(statement, asked))
    if verdict is not Verdict.DENIED and is_conditional(statement):
        verdict = min(verdict, holds(statement, asked.context, now=asked.now, account=asked.account))
    return verdict if statement.certain else min(verdict, Verdict.POSSIBLE)


def is_conditional(statement: Statement) -> bool:
    """Whether conditions apply, or may apply."""
    return bool(statement.conditions) or statement.conditions_open


def match_action(statement: Statement, action: Tokens) -> Verdict:
    """Whether the Action or NotAction element covers an action given in lower case."""

    def fits(parts: Parts) -> Verdict:
        return match(glob(parts, fold=True), action)

    return _element(statement, statement.actions, statement.not_actions, fits, empty=Verdict.DENIED)


def _match_resource(statement: Statement, asked: Asked) -> Verdict:
    def fits(parts: Parts) -> Verdict:
        wanted = pattern(parts, asked.context, version=statement.version, account=asked.account)
        if wanted is None:
            return Verdict.DENIED
        return same_thing(match(wanted, resource) for resource in asked.resources)

    return _element(statement, statement.resources, statement.not_resources, fits, empty=Verdict.ALLOWED)


def _element(
    statement: Statement,
    listed: tuple[Value, ...],
    excluded: tuple[Value, ...],
    fits: Callable[[Parts], Verdict],
    *,
    empty: Verdict,
) -> Verdict:
    """A list, or the complement of one; a list that may hold more may match or exclude more."""
    if not listed and not excluded:
        return max(empty, Verdict.POSSIBLE) if statement.open else empty
    verdict = any_of(listed or excluded, fits)
    if statement.open:
        verdict = max(verdict, Verdict.POSSIBLE)
    return verdict if listed else verdict.complement


def layer(statements: Iterable[Statement], asked: Asked) -> Layer:
    """The strongest Allow and Deny among statements without a Principal element."""
    return strongest([(statement, match_statement(statement, asked)) for statement in statements])


def strongest(found: list[Found]) -> Layer:
    """Combine rated statements into a layer."""
    allow, allowing = _best(found, "Allow")
    deny, denying = _best(found, "Deny")
    return Layer(allow, deny, allowing, denying)


def _best(found: list[Found], effect: str) -> tuple[Verdict, tuple[Because, ...]]:
    """The strongest verdict of one effect, and every statement that is that strong."""
    rated = [(statement, _rated(statement, effect, verdict)) for statement, verdict in found]
    best = max((verdict for _, verdict in rated), default=Verdict.DENIED)
    if best is Verdict.DENIED:
        return best, ()
    return best, tuple(Because(statement, effect) for statement, verdict in rated if verdict is best)


def _rated(statement: Statement, effect: str, verdict: Verdict) -> Verdict:
    """A statement whose effect is unknown may have either."""
    if statement.effect == effect:
        return verdict
    return Verdict.DENIED if isinstance(statement.effect, str) else min(verdict, Verdict.POSSIBLE)
