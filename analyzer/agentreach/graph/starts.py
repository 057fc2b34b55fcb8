"""The resource patterns of one statement, found by the text that they begin with.

A pattern holds all of a resource only when the resource begins as it does; both can mean the same thing only when one
begins as the other. So a Deny on ten thousand buckets is not held against each of ten thousand others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.globs import Tokens
    from agentreach.graph.sentences import Pattern

_LAST: Final = "\U0010ffff"


class Starts:
    """Patterns by their first known text, "" for those that begin with a wildcard or an unknown part."""

    __slots__ = ("_by_start", "_lengths", "_starts", "texts", "unknown")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        several = tuple(patterns)
        self._by_start: defaultdict[str, list[Tokens]] = defaultdict(list)
        for one in several:
            self._by_start[_start(one.tokens)].append(one.tokens)
        self._starts = sorted(self._by_start)
        self._lengths = sorted({len(start) for start in self._starts})
        self.texts = frozenset(one.text for one in several)
        self.unknown = any(one.unknown for one in several)

    def around(self, subject: Tokens) -> Iterator[Tokens]:
        """All patterns that may hold the whole of a subject."""
        start = _start(subject)
        for length in self._lengths:
            if length > len(start):
                return
            yield from self._by_start.get(start[:length], ())

    def near(self, subject: Tokens) -> Iterator[Tokens]:
        """All patterns that may hold some of a subject."""
        yield from self.around(subject)
        start = _start(subject)
        low = bisect_right(self._starts, start)
        for one in self._starts[low : bisect_right(self._starts, start + _LAST, low)]:
            yield from self._by_start[one]


def _start(tokens: Tokens) -> str:
    first = tokens[0] if tokens else ""
    return first if isinstance(first, str) else ""
