"""How large a value is, so that sharing cannot make a few lines of code stand for an endless structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Encoded,
    Item,
    List,
    Map,
    Mapping,
    Object,
    OneOf,
    Perhaps,
    Sequence,
    Set,
    Tuple,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 1_000_000
DEEPEST = 200


def size(value: Item) -> int:
    """The number of parts, shared ones counted each time; beyond LARGEST for what is nested beyond DEEPEST too."""
    return _extent(value)[0] if type(value) in _STRUCTURES else 1


def is_too_large(value: Item) -> bool:
    """True for a structure of more than a million parts, or nested beyond 200."""
    return type(value) in _STRUCTURES and _extent(value)[0] > LARGEST


def _extent(value: Item) -> tuple[int, int]:
    """The number of parts and the depth; beyond the limits, more than the largest number."""
    if isinstance(value, SEQUENCES):
        return divmod(value.extent or _measured(value, value.items), DEEPEST + 1)
    if isinstance(value, MAPPINGS):
        return divmod(value.extent or _measured(value, _parts(value)), DEEPEST + 1)
    if isinstance(value, Perhaps | Encoded):
        return _extent(value.value)
    if isinstance(value, OneOf):
        extents = [_extent(one) for one in value.alternatives]
        return sum(size for size, _ in extents), max(depth for _, depth in extents)
    return 1, 0


def _parts(value: Mapping) -> Iterable[Item]:
    return value.entries.values() if value.rest is None else (*value.entries.values(), value.rest)


def _measured(value: Sequence | Mapping, parts: Iterable[Item]) -> int:
    """The extent of a structure, remembered: structures share their parts, and a few may stand for very many."""
    size, depth = 1, 0
    for part in parts:
        if type(part) in _STRUCTURES:
            part_size, part_depth = _extent(part)
            size += part_size
            depth = max(depth, part_depth)
        else:
            size += 1
    size = LARGEST + 1 if size > LARGEST or depth >= DEEPEST else size
    extent = value.extent = size * (DEEPEST + 1) + min(depth + 1, DEEPEST)  # type: ignore[misc]  # frozen else
    return extent


_STRUCTURES = frozenset((List, Set, Tuple, Map, Object, Perhaps, OneOf, Encoded))
