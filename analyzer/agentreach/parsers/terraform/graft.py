"""A planned value on the places of the configuration that it came from.

The plan says what a value is, the configuration where it is written and which resource it was read from. Where the
two have the same shape, every part keeps its own place; elsewhere it takes the place of what surrounds it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach.model import (
    Encoded,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Text,
    Unknown,
)
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.model import Span, Value

AFTER_APPLY = "known only after apply"
SENSITIVE = "marked sensitive in the plan"


@dataclass(frozen=True, slots=True)
class Planned:
    """A value of a plan: what is known of it, which parts are unknown, and which are sensitive."""

    known: object
    unknown: object = False
    sensitive: object = False
    depth: int = 200

    def item(self, index: int) -> Planned:
        """An element of a list."""
        return Planned(_at(self.known, index), _at(self.unknown, index), _at(self.sensitive, index), self.depth - 1)

    def entry(self, name: str) -> Planned:
        """An entry of an object."""
        return Planned(
            _entry(self.known, name), _entry(self.unknown, name), _entry(self.sensitive, name), self.depth - 1
        )

    @property
    def names(self) -> list[str]:
        """The entries of an object that are known or will be."""
        names = list(self.known) if isinstance(self.known, dict) else []
        later = self.unknown if isinstance(self.unknown, dict) else {}
        return names + [name for name, unknown in later.items() if name not in names and unknown is True]

    @property
    def length(self) -> int:
        """The number of elements of a list."""
        lengths = [len(part) for part in (self.known, self.unknown) if isinstance(part, list)]
        return max(lengths, default=0)


def graft(planned: Planned, written: Value | None, at: Span) -> Value:
    """The planned value, with the places and references of what is written; `at` where nothing fits."""
    at = at if written is None else written.at
    if planned.sensitive is True:
        return written if isinstance(written, Reference) else Unknown(SENSITIVE, at)
    if planned.unknown is True:
        return _later(written, at)
    if planned.depth == 0:
        return Unknown("nested too deeply", at)
    match planned.known:
        case dict():
            return _map(planned, written, at)
        case list():
            return _list(planned, written, at)
        case str() as text:
            return _text(text, written, at, planned.depth)
        case scalar:
            return Scalar(scalar, at, origin(written))  # type: ignore[arg-type]  # JSON holds nothing else


def origin(written: Value | None) -> Reference | None:
    """The resource that a written value was read from."""
    if isinstance(written, Reference):
        return written
    return written.reference if isinstance(written, Scalar) else None


def _later(written: Value | None, at: Span) -> Value:
    """What the configuration says of a value that only exists after apply."""
    if written is None or isinstance(written, Scalar):
        return origin(written) or Unknown(AFTER_APPLY, at)
    return written


def _map(planned: Planned, written: Value | None, at: Span) -> Value:
    inner = _structure(written)
    entries = inner.entries if isinstance(inner, MapValue) else {}
    keys = inner.keys if isinstance(inner, MapValue) else {}
    values = {name: graft(planned.entry(name), entries.get(name), at) for name in planned.names}
    return MapValue(values, at, {name: keys[name] for name in values if name in keys})


def _list(planned: Planned, written: Value | None, at: Span) -> Value:
    pool: list[Value | None] = list(_items(_structure(written), planned.length))
    items = []
    for index in range(planned.length):
        item = planned.item(index)
        items.append(graft(item, _take(pool, item, index), at))
    return ListValue(tuple(items), at)


def _take(pool: list[Value | None], item: Planned, index: int) -> Value | None:
    """The written element for a planned one: an equal one first (sets sort themselves), else the same index."""
    for place, candidate in enumerate(pool):
        if isinstance(candidate, Scalar) and candidate.value == item.known:
            pool[place] = None
            return candidate
    return pool[index] if index < len(pool) else None


def _items(written: Value | None, length: int) -> tuple[Value, ...]:
    if isinstance(written, ListValue):
        return written.items
    return (written,) if length == 1 and isinstance(written, Scalar | MapValue) else ()


def _text(text: str, written: Value | None, at: Span, depth: int) -> Value:
    document = _document(text)
    chosen = _choose(written, text)
    if document is None:
        return Scalar(text, at, origin(chosen))
    if isinstance(chosen, Encoded):
        return Encoded(graft(Planned(document, depth=depth - 1), chosen.value, chosen.at), chosen.at)
    if isinstance(chosen, Scalar) and isinstance(chosen.value, str) and _document(chosen.value) == document:
        return chosen
    return Encoded(graft(Planned(document, depth=depth - 1), None, at), at)


def _choose(written: Value | None, text: str) -> Value | None:
    """The one alternative that can be the text."""
    if not isinstance(written, OneOf):
        return written
    same = [value for value in written.alternatives if isinstance(value, Scalar) and value.value == text]
    other = [value for value in written.alternatives if isinstance(value, Encoded | Text)]
    return (same or other or [None])[0]


def _structure(written: Value | None) -> Value | None:
    """The written structure behind encodings; of a list of one map, the map's own list."""
    while isinstance(written, Encoded):
        written = written.value
    if isinstance(written, OneOf):
        return next((one for one in written.alternatives if isinstance(one, ListValue | MapValue)), None)
    return written


def _document(text: str) -> object:
    """The object that a text holds as JSON, else None."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _at(value: object, index: int) -> object:
    if isinstance(value, list):
        return value[index] if index < len(value) else None
    return value if value is True else None


def _entry(value: object, name: str) -> object:
    if isinstance(value, dict):
        return value.get(name)
    return value if value is True else None
