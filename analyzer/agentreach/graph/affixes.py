"""Texts with unknown parts, found by how they begin and end.

Two such texts can be the same only when their known beginnings agree as far as both are known, and their known ends
too. Whichever of the two leaves fewer is what has to be looked at more closely.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.graph.spelling import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LAST = "\U0010ffff"


class Affixes:
    """Texts by their place in a sequence."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts = _Side(text.partition(HOLE)[0] for text in texts)
        self._ends = _Side(text.rpartition(HOLE)[2][::-1] for text in texts)

    def near(self, text: str) -> list[int]:
        """The places, in order, of all texts that may be the same as this one, and of some that are not."""
        start, end = text.partition(HOLE)[0], text.rpartition(HOLE)[2][::-1]
        by_start, by_end = self._starts.agreeing(start), self._ends.agreeing(end)
        return sorted(by_start if len(by_start) < len(by_end) else by_end)


class _Side:
    """Numbered texts, of which one may go on where another is unknown."""

    __slots__ = ("_lengths", "_numbers", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            self._numbers[text].append(number)
        self._texts = sorted(self._numbers)
        self._lengths = sorted({len(text) for text in self._texts})

    def agreeing(self, text: str) -> list[int]:
        """The numbers of texts that begin with this one, and of those that this one begins with."""
        shorter = (text[:length] for length in self._lengths if length < len(text))
        low = bisect_left(self._texts, text)
        longer = self._texts[low : bisect_left(self._texts, text + _LAST, low)]
        found = [*(one for one in shorter if one in self._numbers), *longer]
        return [number for one in found for number in self._numbers[one]]
