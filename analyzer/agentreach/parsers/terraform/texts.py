"""Strings put together from known and unknown parts, with the places where their characters stand."""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import (
    ALTERNATIVES,
    OneOf,
    Partial,
    Piece,
    String,
    Unknown,
    Value,
    one_of,
)
from agentreach.sources.limits import in_force, megabytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.model import Span

MOST_PARTS = 4096
Known = String | Partial | Unknown
"""What a part of a text may be; an Unknown among them stands for a string of any length."""


def longest() -> int:
    """How many characters a string may have."""
    return in_force().string_bytes


def normal(text: str) -> str:
    """The text in Unicode normal form C, which every string of Terraform has."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def joined(parts: Iterable[Known], at: Span) -> String | Partial | Unknown:
    """The parts one after the other."""
    texts: list[str | Unknown] = []
    pieces: list[Piece] = []
    offset, limit = 0, longest()
    for part in parts:
        if isinstance(part, Unknown):
            texts.append(part)
            offset += 1
            continue
        if offset > limit or len(texts) > 2 * MOST_PARTS:
            break
        pieces += [Piece(offset + piece.offset, piece.at) for piece in part.pieces]
        for text in (part.text,) if isinstance(part, String) else part.parts:
            texts.append(text)
            offset += len(text) if isinstance(text, str) else 1
    return text_of(texts, at, tuple(pieces))


def text_of(parts: Iterable[str | Unknown], at: Span, pieces: tuple[Piece, ...] = ()) -> String | Partial | Unknown:
    """A String if all parts are known, a Partial if some are, an Unknown if none is or the text is too long."""
    merged: list[str | Unknown] = []
    run: list[str] = []
    length, limit = 0, longest()
    for part in parts:
        if isinstance(part, str):
            length += len(part)
            run.append(part)
        else:
            _flush(run, merged)
            merged.append(part)
        if length > limit or len(merged) > MOST_PARTS:
            reason = f"a string of too many parts or more than {megabytes(limit)}"
            return Unknown(STRING, reason, at, nullable=False)
    _flush(run, merged)
    return _finished(merged, at, pieces, length)


def _flush(run: list[str], merged: list[str | Unknown]) -> None:
    text = "".join(run)
    if text:
        merged.append(normal(text))
    run.clear()


def _finished(parts: list[str | Unknown], at: Span, pieces: tuple[Piece, ...], length: int) -> Known:
    if sum(len(part) for part in parts if isinstance(part, str)) != length:
        pieces = ()
    if not parts:
        return String("", at, pieces)
    if len(parts) == 1:
        return String(parts[0], at, pieces) if isinstance(parts[0], str) else parts[0]
    return Partial(tuple(parts), at, pieces)


def combined(parts: Sequence[Value], at: Span) -> Value:
    """The parts, strings all, one after the other; alternatives of the parts are alternatives of the whole."""
    if not any(type(part) is OneOf for part in parts):
        return joined(parts, at)  # type: ignore[arg-type]
    count = 1
    choices: list[tuple[Value, ...]] = []
    for part in parts:
        options = part.alternatives if type(part) is OneOf else (part,)
        if count * len(options) > ALTERNATIVES:
            options = (Unknown(STRING, "too many alternatives", part.at, nullable=False),)
        count *= len(options)
        choices.append(options)
    reasons = [part.reason for part in parts if type(part) is OneOf]
    return one_of([joined(choice, at) for choice in product(*choices)], at, reasons[0])  # type: ignore[arg-type]


def parts_of(value: String | Partial) -> tuple[str | Unknown, ...]:
    """The known and unknown parts of a string."""
    return (value.text,) if isinstance(value, String) else value.parts
