"""From evaluated values to the located values that every format shares."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
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
    if not any(isinstance(item, Perhaps) for item in value.items):
        return model.ListValue(tuple(map(to_model, value.items)), value.at)  # type: ignore[arg-type]  # no Perhaps
    optional = [item for item in value.items if isinstance(item, Perhaps) and not isinstance(item.value, Unknown)]
    is_open = any(_is_open(item) for item in value.items)
    items = [(item, to_model(item.value if isinstance(item, Perhaps) else item)) for item in value.items]
    lists = []
    for chosen in _selections(optional):
        kept = [converted for item, converted in items if not isinstance(item, Perhaps) or id(item) in chosen]
        lists.append(model.ListValue(tuple(kept), value.at, is_open))
    return lists[0] if len(lists) == 1 else model.OneOf(tuple(lists), value.at, "elements that may be missing")


def _selections(optional: list[Perhaps]) -> Iterator[set[int]]:
    """Which of the elements are there: all combinations of a few; of many none, all, and each (or some) alone.

    That is enough to tell what holds in every case from what holds in some: policies allow and deny one by one.
    """
    ids = [id(item) for item in optional]
    if len(ids) <= _COMBINED:
        for count in range(len(ids) + 1):
            yield from map(set, combinations(ids, count))
        return
    yield set()
    together = -(-len(ids) // (ALTERNATIVES - 2))
    for start in range(0, len(ids), together):
        yield set(ids[start : start + together])
    if together < len(ids):
        yield set(ids)


def _is_open(item: Value | Perhaps) -> bool:
    """True for elements of which the known elements and their patterns do not say everything."""
    if not isinstance(item, Perhaps):
        return False
    structured = isinstance(item.value, List | Set | Tuple | Map | Object | OneOf)
    return isinstance(item.value, Unknown) or (item.many and structured)


def _mapping(value: Map | Object) -> model.Value:
    entries = {name: to_model(entry) for name, entry in value.entries.items()}
    for name in value.maybe:
        absent = model.Scalar(None, value.at)
        entries[name] = model.OneOf((entries[name], absent), value.at, "a key that may be missing")
    return model.MapValue(entries, value.at, value.keys, value.rest is not None)


def _one_of(value: OneOf) -> model.Value:
    return model.OneOf(tuple(map(to_model, value.alternatives)), value.at, value.reason)


_COMBINED = 3
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
