"""Text with holes: joining values into strings and splitting strings into values."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from agentreach.model import (
    Encoded,
    Kind,
    ListValue,
    OneOf,
    Reference,
    Scalar,
    Span,
    Text,
    Unknown,
    Value,
    alternatives,
    string,
    text_parts,
)
from agentreach.parsers.cloudformation import budget
from agentreach.parsers.cloudformation.json_writing import as_text
from agentreach.parsers.cloudformation.pseudo import is_no_value
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Part = str | Unknown | Reference


def one_of(values: Iterable[Value], at: Span, reason: str) -> Value:
    """Undecided between values; equal scalars count once, one value is itself, too many are Unknown."""
    distinct: dict[object, Value] = {}
    for value in values:
        for one in alternatives(value):
            distinct.setdefault((type(one.value), one.value) if isinstance(one, Scalar) else id(one), one)
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    if not distinct or len(distinct) > budget.ALTERNATIVES:
        return Unknown(reason or "one of many values", at)
    return OneOf(tuple(distinct.values()), at, reason)


def concatenate(values: Sequence[Value], at: Span) -> Value:
    """One string of these values in order. A lone value that is a string already stays what it is."""
    if len(values) == 1 and isinstance(values[0], Unknown | Reference | Text):
        return values[0]
    if len(values) == 1 and isinstance(values[0], Scalar) and isinstance(values[0].value, str):
        return values[0]
    if not any(type(value) is OneOf for value in values):
        return _joined(values, at)
    choices = [tuple(alternatives(value)) for value in values]
    count = prod(map(len, choices))
    if count > budget.ALTERNATIVES:
        return _joined([_settled(value) for value in values], at)
    reason = next((value.reason for value in values if isinstance(value, OneOf)), "")
    return one_of([_joined(choice, at) for choice in product(*choices)], at, reason)


def length(value: Value) -> int:
    """How many known characters a value holds."""
    return sum(len(part) for one in alternatives(value) for part in text_parts(one) if isinstance(part, str))


def _settled(value: Value) -> Value:
    return Unknown(value.reason or "one of several values", value.at) if isinstance(value, OneOf) else value


def _joined(values: Sequence[Value], at: Span) -> Value:
    parts = tuple(_merged(part for value in values for part in _parts(value)))
    if sum(len(part) for part in parts if isinstance(part, str)) > in_force().string_bytes or len(parts) > budget.PARTS:
        return Unknown(budget.TOO_LONG, at)
    if not parts:
        return Scalar("", at)
    if len(parts) == 1:
        return Scalar(parts[0], at) if isinstance(parts[0], str) else parts[0]
    return Text(parts, at)


def _parts(value: Value) -> Sequence[Part]:
    match value:
        case Scalar():
            return (string(value) or "",)
        case Text(parts=parts):
            return parts
        case Reference() if is_no_value(value):
            return ()
        case Unknown() | Reference():
            return (value,)
        case Encoded():
            return (as_text(value) or Unknown("a structure written as text", value.at),)
        case _:
            return (Unknown("a list or a map where a text is needed", value.at),)


def _merged(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbouring known parts as one; empty ones dropped."""
    known: list[str] = []
    for part in parts:
        if isinstance(part, str):
            known.append(part)
            continue
        if text := "".join(known):
            yield text
        known.clear()
        yield part
    if text := "".join(known):
        yield text


def split(value: Value, delimiter: str, at: Span) -> Value:
    """The pieces of a string between delimiters.

    A hole for an account, region or partition holds no delimiter; what follows any other hole cannot
    be counted, so the list stays open there.
    """
    match value:
        case Scalar():
            return ListValue(tuple(Scalar(piece, value.at) for piece in (string(value) or "").split(delimiter)), at)
        case Text():
            return _split_parts(value, delimiter, at)
        case OneOf():
            return one_of((split(one, delimiter, at) for one in value.alternatives), at, value.reason)
        case Unknown():
            return value
        case _:
            return Unknown("the pieces of a text only known at deployment", at)


def _split_parts(text: Text, delimiter: str, at: Span) -> ListValue:
    pieces: list[list[Part]] = [[]]
    for part in text.parts:
        if isinstance(part, str):
            first, *rest = part.split(delimiter)
            pieces[-1].append(first)
            pieces.extend([piece] for piece in rest)
        elif isinstance(part, Unknown) and part.kind is not Kind.ANY:
            pieces[-1].append(part)
        else:
            items = [_piece(piece, text.at) for piece in pieces[:-1]]
            return ListValue((*items, Unknown("a piece of a text only known at deployment", part.at)), at, open=True)
    return ListValue(tuple(_piece(piece, text.at) for piece in pieces), at)


def _piece(parts: Sequence[Part], at: Span) -> Value:
    return _joined([Scalar(part, at) if isinstance(part, str) else part for part in parts], at)
