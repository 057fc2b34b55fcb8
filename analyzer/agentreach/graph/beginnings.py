"""ARNs split into where a thing is and what it is called, and found by how they begin.

A pattern certainly includes a thing, or something behind it, only when their names begin alike: both with the same
text as far as both have text, or both with the same unknown part. A pattern that begins with a wildcard is held
against everything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.arns import split
from agentreach.access.globs import STAR, Hole, Wild, match, merged
from agentreach.access.verdict import Verdict
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.globs import Token, Tokens

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
    """Numbered places by how their resource begins.

    A name is known in whole, or begins with a text and an unknown part, or with an unknown part.
    """

    __slots__ = ("_all", "_begun", "_heads", "_others", "_texts", "_whole")

    def __init__(self, places: Iterable[tuple[int, Split]]) -> None:
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        self._begun: defaultdict[str, list[tuple[Token, int]]] = defaultdict(list)
        self._others: defaultdict[Token | None, list[int]] = defaultdict(list)
        self._all: list[int] = []
        for number, place in places:
            self._add(number, place.resource)
        self._texts = sorted(self._whole)
        self._heads = sorted(self._begun)

    def _add(self, number: int, resource: Tokens) -> None:
        self._all.append(number)
        first = resource[0] if resource else None
        if not isinstance(first, str):
            self._others[first].append(number)
        elif len(resource) == 1:
            self._whole[first].append(number)
        else:
            self._begun[first].append((resource[1], number))

    def near(self, pattern: Tokens) -> Iterable[int]:
        """All that a pattern may include or lie behind, and a few more."""
        first, second = (*pattern, None, None)[:2]
        if first is None or isinstance(first, Wild):
            return self._all
        if isinstance(first, Hole):
            return self._others.get(first, ())
        return (*self._others.get(None, ()), *self._around(first), *self._behind(first, second))

    def _around(self, text: str) -> Iterator[int]:
        """What is called so, or what the text lies behind."""
        ends = [at for at, letter in enumerate(text) if letter in _BEHIND]
        for end in (*ends, len(text)):
            yield from self._whole.get(text[:end], ())

    def _behind(self, text: str, after: Token | None) -> Iterator[int]:
        """What begins with a text and what stands after it in a pattern."""
        if isinstance(after, Hole):
            yield from (number for token, number in self._begun.get(text, ()) if token == after)
        elif after is not None:
            for whole in _starting(self._texts, text):
                yield from self._whole[whole]
            for head in _starting(self._heads, text):
                yield from (number for _, number in self._begun[head])


def _starting(texts: list[str], start: str) -> list[str]:
    """The texts of a sorted list that begin so."""
    low = bisect_left(texts, start)
    return texts[low : bisect_left(texts, start + _LAST, low)]


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
