"""From evaluated values to the located values that every format shares."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from agentreach import model
from agentreach.parsers.terraform.values import (
    ALTERNATIVES,
    Bool,
    Encoded,
    Failure,
    List,
    Map,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    Sequence,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def to_model(value: Value) -> model.Value:
    """The same value for lowering: a Failure becomes Unknown, elements that may be missing become alternatives."""
    return _TO_MODEL[type(value)](value)


def _number(value: Number) -> model.Value:
    plain = value.value
    return model.Scalar(float(plain) if isinstance(plain, Fraction) else plain, value.at)


def _unknown(value: Unknown) -> model.Unknown | model.Reference:
    return value.reference or model.Unknown(value.reason, value.at, value.kind)


def _partial(value: Partial) -> model.Value:
    return model.Text(tuple(part if isinstance(part, str) else _unknown(part) for part in value.parts), value.at)


def _sequence(value: Sequence) -> model.Value:
    items = value.items
    if not any(isinstance(item, Perhaps) for item in items):
        return model.ListValue(tuple(map(to_model, items)), value.at)  # type: ignore[arg-type]
    choices = [_choices(item) for item in items]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > ALTERNATIVES:
        choices = [choice[:1] for choice in choices]
    lists = [model.ListValue(tuple(_joined(choice)), value.at, _is_open(value, count)) for choice in product(*choices)]
    return lists[0] if len(lists) == 1 else model.OneOf(tuple(lists), value.at, "elements that may be missing")


def _choices(item: Value | Perhaps) -> tuple[tuple[model.Value, ...], ...]:
    if not isinstance(item, Perhaps):
        return ((to_model(item),),)
    return ((),) if isinstance(item.value, Unknown) else ((), (to_model(item.value),))


def _joined(choice: tuple[tuple[model.Value, ...], ...]) -> Iterator[model.Value]:
    for part in choice:
        yield from part


def _is_open(value: Sequence, count: int) -> bool:
    """True unless the known elements and their patterns say everything there is to say."""
    unsaid = (Unknown, List, Set, Tuple, Map, Object, OneOf)
    return count > ALTERNATIVES or any(
        isinstance(item, Perhaps)
        and (isinstance(item.value, Unknown) or (item.many and isinstance(item.value, unsaid)))
        for item in value.items
    )


def _mapping(value: Map | Object) -> model.Value:
    entries = {name: to_model(entry) for name, entry in value.entries.items()}
    for name in value.maybe:
        absent = model.Scalar(None, value.at)
        entries[name] = model.OneOf((entries[name], absent), value.at, "a key that may be missing")
    return model.MapValue(entries, value.at, value.keys, value.rest is not None)


def _one_of(value: OneOf) -> model.Value:
    return model.OneOf(tuple(map(to_model, value.alternatives)), value.at, value.reason)


_TO_MODEL: dict[type, Callable[..., model.Value]] = {
    String: lambda value: model.Scalar(value.text, value.at, value.reference),
    Number: _number,
    Bool: lambda value: model.Scalar(value.value, value.at),
    Null: lambda value: model.Scalar(None, value.at),
    Partial: _partial,
    List: _sequence,
    Set: _sequence,
    Tuple: _sequence,
    Map: _mapping,
    Object: _mapping,
    OneOf: _one_of,
    Encoded: lambda value: model.Encoded(to_model(value.value), value.at),
    Unknown: _unknown,
    Failure: lambda value: model.Unknown(value.message, value.at),
}
