"""Patterns of `fileset`: `*`, `?`, `[a-z]`, `{a,b}` and `**` for any folders, matched without backtracking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.re2 import PatternError, compile_pattern
from agentreach.parsers.terraform.functions.specification import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/ ")


def matching(pattern: str, paths: Iterable[str], spend: Callable[[int], None]) -> list[str]:
    """The paths that match, in their order. Raises FunctionError for a malformed pattern."""
    try:
        program = compile_pattern(f"\\A(?:{_translated(pattern)})\\z")
    except PatternError:
        raise FunctionError("the pattern is malformed") from None
    return [path for path in paths if program.search(path, 0, spend) is not None]


def _translated(pattern: str) -> str:
    """The pattern as a regular expression."""
    pieces: list[str] = []
    position = depth = 0
    while position < len(pattern):
        character = pattern[position]
        start = position
        position += 1
        if character == "*":
            piece, position = _stars(pattern, start)
            pieces.append(piece)
        elif character == "[":
            piece, position = _class(pattern, position)
            pieces.append(piece)
        elif character in "{}" or (character == "," and depth):
            depth += {"{": 1, "}": -1}.get(character, 0)
            pieces.append({"{": "(?:", "}": ")", ",": "|"}[character])
        elif character == "\\" and position < len(pattern):
            pieces.append(_literal(pattern[position]))
            position += 1
        else:
            pieces.append("[^/]" if character == "?" else _literal(character))
    return "".join(pieces)


def _stars(pattern: str, start: int) -> tuple[str, int]:
    at_start = start == 0 or pattern[start - 1] == "/"
    if at_start and pattern.startswith("**/", start):
        return "(?:.*/)?", start + 3
    if at_start and pattern[start:] == "**":
        return "(?s:.*)", start + 2
    end = start
    while pattern.startswith("*", end):
        end += 1
    return "[^/]*", end


def _class(pattern: str, start: int) -> tuple[str, int]:
    end = pattern.find("]", start + 1)
    if end < 0:
        raise FunctionError("the pattern has a [ without its ]")
    body = pattern[start:end]
    negated = body.startswith(("^", "!"))
    members = body[1:] if negated else body
    escaped = members.replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    return (f"[^/{escaped}]" if negated else f"[{escaped}]"), end + 1


def _literal(character: str) -> str:
    return character if character in _PLAIN or not character.isascii() else f"\\{character}"
