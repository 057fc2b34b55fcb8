"""Align a decoded text with the file when interpolations took part in it.

What was literal in the file (between escapes, indentation and interpolations) occurs in the decoded text in the
same order, so each literal run of the file is looked up there and both are walked together. What an interpolation
produced is placed where the run before it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span

_TAG = late_regex(r"!\w[\w:]*\s+")
_HEREDOC = late_regex(r"<<-?\s*\w+[^\n]*\n")
_BLOCK = late_regex(r"[|>][-+0-9]*[^\n]*\n")
_ESCAPES = {"n": "", "r": "", "t": "", "b": "\b", "f": "\f"}
_ANCHOR = 24
_MISSES = 64


class Run(NamedTuple):
    """Literal characters of the file without white space, each with where it starts and ends there."""

    text: str
    places: list[tuple[int, int]]


def align(decoded: str, at: Span) -> list[tuple[int, int]]:
    """For each decoded character, and the end, where its character in the file starts and ends."""
    indices = [index for index, character in enumerate(decoded) if not character.isspace()]
    compact = "".join(decoded[index] for index in indices)
    where: list[tuple[int, int] | None] = [None] * (len(decoded) + 1)
    position = misses = 0
    for run in _runs(at):
        found = compact.find(run.text[:_ANCHOR], position)
        if found < 0:
            misses += 1
            if misses > _MISSES:
                break
            continue
        position = found + _common(run.text, compact, found)
        for step in range(position - found):
            where[indices[found + step]] = run.places[step]
    return _filled(where, at.start)


def _common(run: str, compact: str, start: int) -> int:
    limit = min(len(run), len(compact) - start)
    if run[:limit] == compact[start : start + limit]:
        return limit
    return next(step for step in range(limit) if run[step] != compact[start + step])


def _filled(where: list[tuple[int, int] | None], first: int) -> list[tuple[int, int]]:
    filled = []
    last = (first, first + 1)
    for place in where:
        last = place or last
        filled.append(last)
    return filled


def _runs(at: Span) -> Iterator[Run]:
    """Yield the literal runs of a string as written at `at`, in order."""
    text, start, end = at.source.text, at.start, at.end
    tag = _TAG.match(text, start, end)
    start = tag.end() if tag else start
    heredoc = _HEREDOC.match(text, start, end)
    if heredoc:
        return _scan(text, heredoc.end(), max(heredoc.end(), text.rfind("\n", start, end)), "")
    block = _BLOCK.match(text, start, end)
    if block:
        return _scan(text, block.end(), end, "")
    if text.startswith(('"', "'"), start):
        return _scan(text, start + 1, max(start + 1, end - 1), text[start])
    return _scan(text, start, end, "")


def _scan(text: str, start: int, end: int, quote: str) -> Iterator[Run]:
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    position = start
    while position < end:
        if text.startswith(("${", "%{"), position):
            if characters:
                yield Run("".join(characters), places)
            characters, places = [], []
            position = _past_interpolation(text, position, end)
            continue
        character, width = _character(text, position, quote)
        if character and not character.isspace():
            characters.append(character)
            places.append((position, position + width))
        position += width
    if characters:
        yield Run("".join(characters), places)


def _character(text: str, position: int, quote: str) -> tuple[str, int]:
    """Return the decoded character at a position of the file and how many characters it takes there."""
    character = text[position]
    if character in "$%" and text.startswith(character + "{", position + 1):
        return character, 2
    if quote == "'" and text.startswith("''", position):
        return "'", 2
    if quote != '"' or character != "\\":
        return character, 1
    escape = text[position + 1 : position + 2]
    digits = {"u": 4, "U": 8, "x": 2}.get(escape)
    if digits is None:
        return _ESCAPES.get(escape, escape), 2
    return _code_point(text[position + 2 : position + 2 + digits]), 2 + digits


def _code_point(digits: str) -> str:
    try:
        return chr(int(digits, 16))
    except (ValueError, OverflowError):
        return ""


def _past_interpolation(text: str, position: int, end: int) -> int:
    depth = 0
    for index in range(position, end):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if depth == 0:
                return index + 1
    return end
