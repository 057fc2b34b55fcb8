"""Texts put together from values: what is known stays known, what is not stays a hole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Reference, Scalar, Text, Unknown, text_parts

if TYPE_CHECKING:
    from agentreach.model import Span, Value

Part = str | Unknown | Reference


def joined(at: Span, *pieces: str | Value | None) -> Scalar | Text:
    """The pieces in one text: known when all of them are. A piece that is no text is a hole."""
    parts: list[Part] = []
    for piece in pieces:
        for part in _parts(piece, at):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
    known = [part for part in parts if isinstance(part, str)]
    return Scalar("".join(known), at) if len(known) == len(parts) else Text(tuple(parts), at)


def _parts(piece: str | Value | None, at: Span) -> tuple[Part, ...]:
    if isinstance(piece, str):
        return (piece,)
    found = text_parts(piece)
    return found or (Unknown("it is only known at deploy time", piece.at if piece is not None else at),)


def known(value: Value | None) -> str:
    """The known parts of a text, without its holes."""
    return "".join(part for part in text_parts(value) if isinstance(part, str))


def without_prefix(value: Value, prefix: str) -> Value:
    """A text without what it begins with, its holes kept; the value itself when it begins otherwise."""
    parts = text_parts(value)
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith(prefix):
        return value
    rest = parts[0].removeprefix(prefix)
    kept: tuple[Part, ...] = ((rest,) if rest else ()) + parts[1:]
    if len(kept) == 1 and isinstance(kept[0], Reference | Unknown):
        return kept[0]
    return joined(value.at, *kept)
