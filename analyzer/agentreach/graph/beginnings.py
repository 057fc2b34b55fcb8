"""ARNs split into where a thing is and what it is called, and found by how they begin.

A pattern certainly includes a thing, or something behind it, only when their names begin alike: both with the same
text as far as both have text, or both with the same unknown part. A pattern that begins with a wildcard is held
against everything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from agentreach.access.arns import split
from agentreach.access.globs import STAR, Hole, Wild, match, merged
from agentreach.access.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.globs import Tokens

_BEHIND = ("/", ":")
"""A bucket's objects, a table's indexes, a function's versions belong to what stands before these."""

_LAST = "\U0010ffff"


class Split(NamedTuple):
    """An ARN split: service, region, account, and the resource."""

    service: Tokens
    region: Tokens
    account: Tokens
    resource: Tokens


def split_of(tokens: Tokens) -> Split | None:
    """Split an ARN; None when it is none, or an unknown part may hide where its parts begin."""
    parts = split(tokens)
    return None if parts is None else Split(*parts[2:])


class Beginnings:
    """Numbered places by how their resource begins."""

    __slots__ = ("_all", "_lengths", "_numbers", "_others", "_texts")

    def __init__(self, places: Iterable[tuple[int, Split]]) -> None:
        self._numbers: defaultdict[str | Hole, list[int]] = defaultdict(list)
        self._others: list[int] = []
        self._all: list[int] = []
        for number, place in places:
            first = place.resource[0] if place.resource else None
            (self._numbers[first] if isinstance(first, str | Hole) else self._others).append(number)
            self._all.append(number)
        self._texts = sorted(first for first in self._numbers if isinstance(first, str))
        self._lengths = sorted({len(text) for text in self._texts})

    def near(self, pattern: Tokens) -> Iterable[int]:
        """All that a pattern may include, and then some."""
        first = pattern[0] if pattern else None
        if isinstance(first, str):
            return (*self._others, *(number for text in self._agreeing(first) for number in self._numbers[text]))
        if isinstance(first, Hole):
            return (*self._others, *self._numbers.get(first, ()))
        return self._all

    def _agreeing(self, text: str) -> Iterator[str]:
        """The texts that begin with this one, and those that this one begins with."""
        for length in self._lengths:
            if length < len(text) and text[:length] in self._numbers:
                yield text[:length]
        low = bisect_left(self._texts, text)
        yield from self._texts[low : bisect_left(self._texts, text + _LAST, low)]


def includes(pattern: Split, place: Split) -> bool:
    """Whether a pattern certainly includes a thing or anything behind it, or lies behind it.

    An unknown account fits any.
    """
    if not all(_may_be(*pair) for pair in zip(pattern[:3], place[:3], strict=True)):
        return False
    if any(match(pattern.resource, subject) is Verdict.ALLOWED for subject in _subjects(place.resource)):
        return True
    within = tuple(Hole() if isinstance(token, Wild) else token for token in pattern.resource)
    return any(match(merged((*place.resource, sign, STAR)), within) is Verdict.ALLOWED for sign in _BEHIND)


def holds(place: Split, asked: Split) -> bool:
    """Whether what is asked about certainly is the place or behind it."""
    around = all(_may_be(*pair) for pair in zip(place[:3], asked[:3], strict=True))
    patterns = (place.resource, *(merged((*place.resource, sign, STAR)) for sign in _BEHIND))
    return around and any(match(pattern, asked.resource) is Verdict.ALLOWED for pattern in patterns)


def _may_be(pattern: Tokens, subject: Tokens) -> bool:
    return not subject or match(pattern, subject) is not Verdict.DENIED


def _subjects(resource: Tokens) -> Iterator[Tokens]:
    """The thing itself, and anything behind it."""
    yield resource
    for sign in _BEHIND:
        yield merged((*resource, sign, Hole()))
