"""Many alternatives as one value that covers them all: a list some of whose elements may be missing, a map likewise."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Item,
    List,
    Map,
    Mapping,
    Null,
    Object,
    OneOf,
    Perhaps,
    Sequence,
    Tuple,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from agentreach.model import Span


def widened(value: OneOf) -> Value | None:
    """A value that may be each of the alternatives, and more; None if they are not all lists or all maps."""
    present = [one for one in value.alternatives if not isinstance(one, Null)]
    absent = len(present) < len(value.alternatives)
    sequences = [one for one in present if isinstance(one, SEQUENCES)]
    mappings = [one for one in present if isinstance(one, MAPPINGS)]
    if present and len(sequences) == len(present):
        return _sequence(sequences, value.at, absent=absent)
    if present and len(mappings) == len(present):
        return _mapping(mappings, value, absent=absent)
    return None


def _sequence(sequences: list[Sequence], at: Span, *, absent: bool) -> Value:
    shared = [] if absent else _shared(sequences)
    items: list[Item] = list(shared)
    for sequence in sequences:
        for item in sequence.items[len(shared) :]:
            softened = item if isinstance(item, Perhaps) else Perhaps(item)
            if softened not in items:
                items.append(softened)
    first = sequences[0]
    if isinstance(first, List) and all(isinstance(one, List) and one.element == first.element for one in sequences):
        return List(tuple(items), at, first.element)
    return Tuple(tuple(items), at)


def _shared(sequences: list[Sequence]) -> list[Item]:
    """What all begin with."""
    columns = zip(*(sequence.items for sequence in sequences), strict=False)
    return [column[0] for column in takewhile(lambda column: all(item == column[0] for item in column), columns)]


def _mapping(mappings: list[Mapping], value: OneOf, *, absent: bool) -> Value:
    names = sorted({name for mapping in mappings for name in mapping.entries})
    entries: dict[str, Value] = {}
    maybe: set[str] = set()
    for name in names:
        found = [mapping.entries[name] for mapping in mappings if name in mapping.entries]
        distinct = [one for position, one in enumerate(found) if one not in found[:position]]
        entries[name] = one_of(distinct, value.at, value.reason)
        if absent or len(found) < len(mappings) or any(name in mapping.maybe for mapping in mappings):
            maybe.add(name)
    keys = {name: span for mapping in reversed(mappings) for name, span in mapping.keys.items()}
    rests = [mapping.rest for mapping in mappings if mapping.rest is not None]
    rest = one_of(rests, value.at, value.reason) if rests else None
    first = mappings[0]
    if isinstance(first, Map) and all(isinstance(one, Map) and one.element == first.element for one in mappings):
        return Map(entries, value.at, first.element, keys, rest, frozenset(maybe))
    return Object(entries, value.at, keys, rest, frozenset(maybe))
