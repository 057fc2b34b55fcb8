"""The rounds of a loop: over known elements one by one, over unknown ones once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    is_open,
)
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Failure,
    Mapping,
    Null,
    Number,
    Perhaps,
    Sequence,
    Set,
    String,
    Unknown,
    Value,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span


class Turn(NamedTuple):
    """One round of a loop. `certain` unless the element may be missing, `many` if it stands for any number."""

    key: Value
    value: Value
    certain: bool = True
    many: bool = False


def turns(collection: Value, at: Span) -> Iterator[Turn] | Failure:
    """The rounds of a loop over a value; sets and maps in order of their elements and keys."""
    if isinstance(collection, SEQUENCES):
        return _sequence_turns(collection)
    if isinstance(collection, MAPPINGS):
        return _mapping_turns(collection)
    if isinstance(collection, Unknown):
        return _unknown_turns(collection, at)
    if isinstance(collection, Failure):
        return collection
    what = "null" if isinstance(collection, Null) else "this value"
    return Failure(f"{what} has no elements to iterate over", at)


def _sequence_turns(collection: Sequence) -> Iterator[Turn]:
    certain = True
    # An unknown element of a set may turn out to be one that is there already.
    may_coincide = isinstance(collection, Set) and len(collection.items) > 1
    for position, item in enumerate(collection.items):
        value, many = (item.value, item.many) if isinstance(item, Perhaps) else (item, False)
        is_there = not isinstance(item, Perhaps) and not (may_coincide and position and not is_known(item))
        certain = certain and is_there
        key: Value = Number(position, collection.at)
        if isinstance(collection, Set):
            key = value
        elif not certain:
            key = Unknown(NUMBER, "elements before it may be missing", collection.at, nullable=False)
        yield Turn(key, value, is_there, many)


def _mapping_turns(collection: Mapping) -> Iterator[Turn]:
    for name, value in collection.entries.items():
        key = String(name, collection.keys.get(name, collection.at))
        yield Turn(key, value, name not in collection.maybe)
    if collection.rest is not None:
        yield Turn(_some_key(STRING, collection.at), collection.rest, certain=False, many=True)


def _some_key(type_: Type, at: Span) -> Unknown:
    return Unknown(type_, "keys that are not known", at, nullable=False)


def _unknown_turns(collection: Unknown, at: Span) -> Iterator[Turn] | Failure:
    type_ = collection.type

    def element(of: Type) -> Unknown:
        return Unknown(of, collection.reason, collection.at)

    if isinstance(type_, ObjectType):
        names = sorted(type_.attributes.items())
        return iter([Turn(String(name, collection.at), element(part)) for name, part in names])
    if isinstance(type_, TupleType):
        parts = enumerate(type_.elements)
        return iter([Turn(Number(position, collection.at), element(part)) for position, part in parts])
    if isinstance(type_, SetType):
        return iter([Turn(value := element(type_.element), value, certain=False, many=True)])
    if isinstance(type_, ListType | MapType):
        key = _some_key(NUMBER if isinstance(type_, ListType) else STRING, collection.at)
        return iter([Turn(key, element(type_.element), certain=False, many=True)])
    if is_open(type_):
        return iter([Turn(_some_key(DYNAMIC, collection.at), element(DYNAMIC), certain=False, many=True)])
    return Failure("this value has no elements to iterate over", at)
