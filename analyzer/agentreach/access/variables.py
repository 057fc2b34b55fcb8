"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

A variable's value stands for itself: wildcards in it are literal. A variable whose key is absent, or has several
values, and that has no default matches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.globs import Hole, Token, Tokens, compiled, merged
from agentreach.access.patterns import hole
from agentreach.late_regex import late_regex
from agentreach.model import Kind, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.context import Choices, Context
    from agentreach.access.request import Part, Parts

_VARIABLE: Final = late_regex(r"\$\{([^{}]*)\}")
_LITERAL: Final = frozenset("*?$")
OLD_VERSION: Final = "2008-10-17"
"""The policy language version that has no variables."""


class _Unresolved(Exception):  # noqa: N818 - control flow inside this module, not an error
    """A variable has no value, so the element it stands in matches nothing."""


def pattern(parts: Parts, context: Context, *, version: str, account: str | None = None) -> Tokens | None:
    """A policy element as tokens, variables replaced; None when a variable has no value.

    An unknown account id is that of `account`, the account the policy lives in, when it is known.
    """
    if len(parts) == 1 and isinstance(parts[0], str) and "${" not in parts[0]:
        return compiled(parts[0])
    try:
        return merged(_tokens(parts, context, version=version, account=account))
    except _Unresolved:
        return None


def _tokens(parts: Parts, context: Context, *, version: str, account: str | None) -> Iterator[Token]:
    for part in parts:
        if not isinstance(part, str):
            yield _bound(part, account)
        elif "${" in part and version != OLD_VERSION:
            yield from _expanded(part, context)
        else:
            yield from compiled(part)


def _bound(part: Part, account: str | None) -> Token:
    if isinstance(part, str):
        return part
    if account and isinstance(part, Unknown) and part.kind is Kind.ACCOUNT:
        return account
    return hole(part)


def bound(parts: Parts, account: str | None) -> Tokens:
    """A subject as tokens, its unknown account id replaced by the one it must be."""
    return merged(tuple(_bound(part, account) for part in parts))


def _expanded(text: str, context: Context) -> Iterator[Token]:
    start = 0
    for found in _VARIABLE.finditer(text):
        yield from compiled(text[start : found.start()])
        yield from _value(found[1], context)
        start = found.end()
    yield from compiled(text[start:])


def _value(variable: str, context: Context) -> Tokens:
    if variable in _LITERAL:
        return (variable,)
    key, comma, default = (part.strip() for part in variable.partition(","))
    quoted = bool(comma) and len(default) > 1 and default[0] == default[-1] == "'"
    return _resolved(context.choices(key), default[1:-1] if quoted else None)


def _resolved(choices: Choices, default: str | None) -> Tokens:
    if len(choices) > 1:
        return (Hole(),)
    values = choices[0]
    if len(values) == 1:
        return values[0]
    if default is None:
        raise _Unresolved
    return (default,) if default else ()
