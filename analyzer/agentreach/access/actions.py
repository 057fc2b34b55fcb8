"""The AWS action catalogue: every action has a bit, a set of actions is an integer.

The catalogue ships as three files made by tools/refresh_action_catalogue.py and read piece by piece: the index first,
a service's names when a pattern asks for that service, a privilege step's bitset when somebody compares with it.
Bits of known actions are their place in the sorted catalogue. An action, or a pattern of a service, that the
catalogue does not know gets a bit of its own above them, so that it can never vanish from a set; those bits are
only meaningful inside one process.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agentreach.access.globs import Wild, compiled, match_text
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DATA: Final = Path(__file__).parent / "data"
_RESERVED: Final = 4096
# Patterns whose meaning is remembered.
_MANY: Final = 16384
"""How many unknown actions `*` covers before it has to be expanded again."""


class _Service(NamedTuple):
    """Where a service's actions are: their first bit, and their text in actions.txt."""

    first: int
    size: int
    offset: int
    length: int

    @property
    def bits(self) -> int:
        return ((1 << self.size) - 1) << self.first


class _Index(NamedTuple):
    version: str
    size: int
    resource_control: frozenset[str]
    services: dict[str, _Service]


@cache
def _index() -> _Index:
    raw = json.loads((_DATA / "actions.json").read_text(encoding="ascii"))
    services = {name: _Service(*place) for name, place in raw["services"].items()}
    return _Index(raw["version"], raw["count"], frozenset(raw["resource_control"]), services)


@cache
def _text() -> str:
    return (_DATA / "actions.txt").read_text(encoding="ascii")


class _Names(NamedTuple):
    """A service's action names as AWS writes them, and in lower case, both in catalogue order."""

    written: tuple[str, ...]
    lower: tuple[str, ...]


@cache
def _names(service: str) -> _Names:
    place = _index().services[service]
    text = _text()[place.offset : place.offset + place.length]
    return _Names(tuple(text.split(" ")), tuple(text.lower().split(" ")))


@cache
def mask(name: str) -> int:
    """The bitset of a privilege step ("secrets") or named set ("audit-silencing", "resource-level").

    Raises KeyError for a name the catalogue does not have. Unknown actions are in none of them.
    """
    return int(_masks()[name], 16)


@cache
def _masks() -> dict[str, str]:
    lines = (_DATA / "action_masks.txt").read_text(encoding="ascii").splitlines()
    return dict(line.split("\t") for line in lines)


def version() -> str:
    """The day of the published action list, "20261027"."""
    return _index().version


def services() -> tuple[str, ...]:
    """Every service prefix, sorted."""
    return tuple(_index().services)


@cache
def known_bits() -> int:
    """Every action of the catalogue."""
    return (1 << _index().size) - 1


@cache
def all_bits() -> int:
    """What `*` covers: every action of the catalogue and any that it does not know."""
    return (1 << (_index().size + _RESERVED)) - 1


class _Unlisted:
    """Actions and patterns that the catalogue does not know, in the order they were met."""

    def __init__(self) -> None:
        self.bits: dict[str, int] = {}
        self.names: dict[int, str] = {}
        # What a pattern covers of the first so many.
        self._covered: dict[str, tuple[int, int]] = {}

    def bit(self, pattern: str) -> int:
        """The bit of an unknown action, given one when it is new."""
        key = pattern.lower()
        if key not in self.bits:
            place = _index().size + len(self.bits)
            self.bits[key] = 1 << place
            self.names[place] = pattern
        return self.bits[key]

    def matching(self, pattern: str) -> int:
        """The bits of all unknown actions that a pattern covers."""
        if "*" not in pattern and "?" not in pattern:
            return self.bits.get(pattern, 0)
        seen, bits = self._covered.get(pattern, (0, 0))
        if seen < len(self.bits):
            tokens = compiled(pattern)
            bits |= sum(bit for name, bit in islice(self.bits.items(), seen, None) if match_text(tokens, name))
            if len(self._covered) >= _MANY:
                self._covered.clear()
            self._covered[pattern] = len(self.bits), bits
        return bits


_unlisted = _Unlisted()


def generation() -> int:
    """How many unknown actions were met so far: what was expanded before the last of them may lack it."""
    return len(_unlisted.bits)


def expand(pattern: str) -> int:
    """The actions an Action element covers: `s3:Get*`, `*`, `iam:PassRole`, in any letter case.

    A pattern that covers nothing known gets a bit of its own; see `unlisted`.
    """
    lower = pattern.lower()
    found = _expanded(lower)
    if _unlisted.bits:
        found |= _unlisted.matching(lower)
    return found or _unlisted.bit(pattern)


def expand_all(patterns: Iterable[str]) -> int:
    """The actions that any of several Action elements covers."""
    bits = 0
    for one in patterns:
        bits |= expand(one)
    return bits


@lru_cache(maxsize=_MANY)
def _expanded(pattern: str) -> int:
    """What the catalogue knows of a pattern; of `*` all."""
    if pattern in {"*", "*:*"}:
        return all_bits()
    service, colon, name = pattern.partition(":")
    return _known(service, name) if colon else _known_across(pattern)


def _known(service: str, name: str) -> int:
    if service in _index().services:
        return _within(service, name)
    if "*" not in service and "?" not in service:
        return 0
    tokens = compiled(service)
    return sum(_within(one, name) for one in _index().services if match_text(tokens, one))


def _known_across(pattern: str) -> int:
    """A pattern without a colon can only match through its wildcards."""
    if "*" not in pattern:
        return 0
    tokens, bits = compiled(pattern), 0
    for service, place in _index().services.items():
        for at, name in enumerate(_names(service).lower):
            if match_text(tokens, f"{service}:{name}"):
                bits |= 1 << (place.first + at)
    return bits


def _within(service: str, pattern: str) -> int:
    """One service's actions: all, one, those of a prefix by bisection, or each in turn."""
    place = _index().services[service]
    if pattern == "*":
        return place.bits
    names = _names(service).lower
    if pattern.isalnum():
        at = bisect_left(names, pattern)
        return 1 << (place.first + at) if at < len(names) and names[at] == pattern else 0
    tokens = compiled(pattern)
    if len(tokens) == 2 and isinstance(tokens[0], str) and tokens[1] is Wild.STAR:  # noqa: PLR2004 - prefix and star
        low, high = bisect_left(names, tokens[0]), bisect_left(names, tokens[0] + "\x7f")
        return ((1 << high) - (1 << low)) << place.first
    if sum(len(token) for token in tokens if isinstance(token, str)) > max(map(len, names)):
        return 0
    return sum(1 << (place.first + at) for at, name in enumerate(names) if match_text(tokens, name))


def is_listed(action: str) -> bool:
    """Whether the catalogue knows an action, or a pattern covers any it knows."""
    return bool(_expanded(action.lower()) & known_bits())


def unlisted(bits: int) -> tuple[str, ...]:
    """The actions and patterns of a set that the catalogue does not know, to be noted."""
    if bits & all_bits() == all_bits():
        return ()
    return tuple(name for place, name in sorted(_unlisted.names.items()) if bits >> place & 1)


def names(bits: int) -> tuple[str, ...]:
    """The actions of a set as AWS writes them, in catalogue order, unknown ones last."""
    return (*_known_names(bits), *unlisted(bits))


def _known_names(bits: int) -> Iterator[str]:
    for service, part in by_service(bits).items():
        full = _full_names(service)
        yield from [full[at] for at in _places(part)]


@cache
def _full_names(service: str) -> tuple[str, ...]:
    return tuple([f"{service}:{name}" for name in _names(service).written])


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def by_service(bits: int) -> dict[str, int]:
    """Service prefix -> the part of a set that is its own, its first action at bit 0; no empty parts."""
    index, found = _index(), {}
    bits &= known_bits()
    starts, order = _starts()
    while bits:
        lowest = (bits & -bits).bit_length() - 1
        service = order[bisect_left(starts, lowest + 1) - 1]
        place = index.services[service]
        found[service] = (bits & place.bits) >> place.first
        bits &= ~place.bits
    return found


@cache
def _starts() -> tuple[tuple[int, ...], tuple[str, ...]]:
    index = _index()
    counts = [place.size for place in index.services.values()]
    return (0, *accumulate(counts[:-1])), tuple(index.services)


def supports_resource(action: str) -> bool:
    """Whether an action can be limited to resources; unknown actions are taken to be able to."""
    bits = _expanded(action.lower()) & known_bits()
    return not bits or bool(bits & mask("resource-level"))


def limited_by_resource_control(service: str) -> bool:
    """Whether AWS applies resource control policies to a service, as far as the catalogue knows."""
    return service.lower() in _index().resource_control
