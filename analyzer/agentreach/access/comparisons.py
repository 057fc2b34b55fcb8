"""What each condition operator compares: a wanted value of the policy against an actual one of the request.

Each returns allowed when they fit whatever their unknown parts hold, denied when they never do.
`now` is the earliest moment, in seconds since 1970, that the question is about.
"""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING

from agentreach.access.arns import split
from agentreach.access.context import NOW
from agentreach.access.globs import ONE, STAR, Hole, Token, Tokens, has_holes, known_text, match
from agentreach.access.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    Comparison = Callable[[Tokens, Tokens, float], Verdict]


def equal(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """The same text, case and all; wildcards are literal."""
    return match(_as_written(wanted), actual)


def _as_written(tokens: Tokens) -> Tokens:
    """Wildcards back as the characters they were."""
    if STAR not in tokens and ONE not in tokens:
        return tokens
    joined: list[Token] = []
    for token in tokens:
        text = token if isinstance(token, str | Hole) else token.value
        if isinstance(text, str) and joined and isinstance(joined[-1], str):
            joined[-1] += text
        else:
            joined.append(text)
    return tuple(joined)


def equal_ignoring_case(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """The same text in any letter case."""
    return match(_lowered(_as_written(wanted)), _lowered(actual))


def _lowered(tokens: Tokens) -> Tokens:
    return tuple(token.lower() if isinstance(token, str) else token for token in tokens)


def like(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """A glob, case and all."""
    return match(wanted, actual)


def boolean(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """True or false in any letter case."""
    return equal_ignoring_case(wanted, actual, _now)


def _decided(truth: bool) -> Verdict:  # noqa: FBT001 - the truth value is the argument
    return Verdict.ALLOWED if truth else Verdict.DENIED


def _number(tokens: Tokens) -> float | None:
    text = known_text(_as_written(tokens))
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _instant(tokens: Tokens) -> float | None:
    """Seconds since 1970 of an ISO 8601 date or a number; without a zone it is UTC."""
    number = _number(tokens)
    text = known_text(_as_written(tokens))
    if number is not None or text is None:
        return number
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _ordered(read: Callable[[Tokens], float | None], relation: Callable[[float, float], bool]) -> Comparison:
    def comparison(wanted: Tokens, actual: Tokens, now: float) -> Verdict:
        if actual == (NOW,):
            return _from_now_on(now, read(wanted), relation)
        if has_holes(wanted) or has_holes(actual):
            return Verdict.POSSIBLE
        left, right = read(actual), read(wanted)
        return _decided(left is not None and right is not None and relation(left, right))

    return comparison


def _from_now_on(now: float, wanted: float | None, relation: Callable[[float, float], bool]) -> Verdict:
    """A request comes now or any time later: decided where all those moments agree."""
    if wanted is None:
        return Verdict.POSSIBLE
    answers = {relation(moment, wanted) for moment in (now, max(now, wanted), inf)}
    return _decided(answers.pop()) if len(answers) == 1 else Verdict.POSSIBLE


number_equal = _ordered(_number, operator.eq)
number_less = _ordered(_number, operator.lt)
number_at_most = _ordered(_number, operator.le)
number_greater = _ordered(_number, operator.gt)
number_at_least = _ordered(_number, operator.ge)
date_equal = _ordered(_instant, operator.eq)
date_less = _ordered(_instant, operator.lt)
date_at_most = _ordered(_instant, operator.le)
date_greater = _ordered(_instant, operator.gt)
date_at_least = _ordered(_instant, operator.ge)


def address(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """An IPv4 or IPv6 address within a CIDR range; the whole internet contains any address of its version."""
    from ipaddress import ip_address, ip_network  # noqa: PLC0415 - few statements name an address

    network, source = known_text(_as_written(wanted)), known_text(actual)
    if network is None or source is None:
        return Verdict.POSSIBLE
    try:
        return _decided(ip_address(source) in ip_network(network, strict=False))
    except ValueError:
        return Verdict.DENIED


def arn(wanted: Tokens, actual: Tokens, _now: float) -> Verdict:
    """A glob per colon-separated part of an ARN, of which the sixth may hold colons. A lone `*` is any ARN."""
    if wanted == (STAR,):
        return Verdict.ALLOWED
    globs, parts = split(wanted), split(actual)
    if globs and parts:
        return min(match(glob, part) for glob, part in zip(globs, parts, strict=True))
    if has_holes(wanted) or has_holes(actual):
        return min(match(wanted, actual), Verdict.POSSIBLE)
    return Verdict.DENIED
