"""From a character of a decoded string back to the character of the file that wrote it.

A policy written in a heredoc, a quoted string, an `Fn::Sub` text, a YAML block or a plan file is decoded before it is
read. Most texts are the file's own characters, perhaps with escapes or less indentation: then a few pieces say exactly
which character is which. A text that interpolations took part in is aligned (`lowering.alignment`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.lowering.alignment import align
from agentreach.model import Span
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE = late_regex(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)|[$%](?=[$%]\{)",
    re.DOTALL,
)
_HEREDOC = late_regex(r"<<-?\s*\w+[^\n]*\n")
_BLOCK = late_regex(r"(?:!\w[\w:]*\s+)?[|>][-+0-9]*[^\n]*\n")


class Piece(NamedTuple):
    """From the decoded character `start` on, each character is the next one of the file from `place` on."""

    start: int
    place: int


class Offsets:
    """Where each character of a decoded text was written; characters nobody wrote lie at the last one before them."""

    __slots__ = ("_aligned", "_at", "_pieces", "_starts")

    def __init__(self, decoded: str, at: Span) -> None:
        self._at = at
        self._aligned: list[tuple[int, int]] = []
        self._pieces = _verbatim(decoded, at) or _unescaped(decoded, at) or _dedented(decoded, at) or []
        self._starts = [piece.start for piece in self._pieces]
        if not self._pieces:
            self._aligned = align(decoded, at)

    def span(self, start: int, end: int) -> Span:
        """The file's characters behind `decoded[start:end]`."""
        if self._pieces:
            first = self._place(start)
            return Span(self._at.source, first, max(first, self._place(end)))
        first = self._aligned[start][0]
        return Span(self._at.source, first, max(first, self._aligned[max(start, end - 1)][1]))

    def _place(self, index: int) -> int:
        piece = self._pieces[bisect_right(self._starts, index) - 1]
        return piece.place + index - piece.start


def _verbatim(decoded: str, at: Span) -> list[Piece] | None:
    """The file holds the very text."""
    found = at.source.text.find(decoded, at.start, at.end)
    return None if found < 0 else [Piece(0, found)]


def _unescaped(decoded: str, at: Span) -> list[Piece] | None:
    """A quoted string: every escape is one character."""
    text, start, end = at.source.text, at.start + 1, at.end - 1
    if not text.startswith('"', at.start) or end <= start:
        return None
    pieces = [Piece(0, start)]
    shift = start
    for match in _ESCAPE.finditer(text, start, end):
        width = match.end() - match.start() if match[0][0] == "\\" else 2
        after = match.start() - shift + 1
        shift = match.start() + width - after
        pieces.append(Piece(after, match.start() + width))
    return pieces if end - shift == len(decoded) and _is_plain(text, start, end) else None


def _is_plain(text: str, start: int, end: int) -> bool:
    """Nothing is interpolated, so the pieces are exact; an escaped `$${` is two characters for one."""
    found = text.find("${", start, end)
    while found >= 0:
        if text[found - 1] != "$":
            return False
        found = text.find("${", found + 1, end)
    return text.find("%{", start, end) < 0


def _dedented(decoded: str, at: Span) -> list[Piece] | None:
    """A heredoc or block: every line is the end of a line of the file."""
    text = at.source.text
    header = _HEREDOC.match(text, at.start, at.end) or _BLOCK.match(text, at.start, at.end)
    if header is None:
        return None
    pieces: list[Piece] = []
    place = header.end()
    for index, line_end in _lines(decoded):
        written = text.find("\n", place, at.end)
        written = at.end if written < 0 else written
        length = line_end - index
        if text[written - length : written] != decoded[index:line_end] or written - length < place:
            return None
        pieces.append(Piece(index, written - length))
        place = written + 1
    return pieces


def _lines(decoded: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line, without its break."""
    start = 0
    while start <= len(decoded):
        end = decoded.find("\n", start)
        end = len(decoded) if end < 0 else end
        yield start, end
        start = end + 1
