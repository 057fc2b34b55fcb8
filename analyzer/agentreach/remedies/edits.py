"""An edit: some characters of a source replaced by others, and nothing else touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.model import Source


class ByHand(Exception):  # noqa: N818 - an answer, not an error: what a person has to do instead
    """Why an edit is not made by a program, as a sentence that says what to do instead."""


class Edit(NamedTuple):
    """Characters `start` to `end` of a source become `text`. `name` is the attribute that is written, as spelled."""

    source: Source
    start: int
    end: int
    text: str
    name: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made; equal edits count once. Raises `ByHand` when two want the same place."""
    parts, at = [], 0
    last: Edit | None = None
    for edit in sorted(set(edits), key=lambda one: (one.start, one.end, one.name, one.text)):
        if last is not None and (edit.start < last.end or edit.start == last.start):
            raise ByHand(f"{last.name} and {edit.name} are written at the same place: apply one, then run again")
        parts += [text[at : edit.start], edit.text]
        at, last = edit.end, edit
    return "".join([*parts, text[at:]])


def line_end(text: str, at: int) -> str:
    """How the lines around an offset end."""
    newline = text.find("\n", at)
    newline = text.rfind("\n", 0, at) if newline < 0 else newline
    return "\r\n" if newline > 0 and text[newline - 1] == "\r" else "\n"


def line_start(text: str, at: int) -> int:
    """Where the line of an offset begins."""
    return text.rfind("\n", 0, at) + 1


def indentation(text: str, at: int) -> str:
    """The blanks that the line of an offset begins with."""
    begin = line_start(text, at)
    line = text[begin:at]
    return line[: len(line) - len(line.lstrip(" \t"))]
