"""Literals and plain strings as values: what needs neither names nor a budget."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.numerals import Huge
from agentreach.parsers.terraform.texts import normal
from agentreach.parsers.terraform.types import NUMBER
from agentreach.parsers.terraform.values import Bool, Null, Number, Piece, String, Unknown

if TYPE_CHECKING:
    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Literal, Template
    from agentreach.parsers.terraform.values import Value

_EXACT_BITS = 512
# Half the cost of Span(…) and String(…), for nearly everything that is written.
_made = tuple.__new__


def literal(node: Literal, source: Source) -> Value:
    """A number, bool or null."""
    at = Span(source, node.start, node.end)
    plain = node.value
    if plain is None:
        return Null(at)
    if isinstance(plain, bool):
        return Bool(plain, at)
    if isinstance(plain, int) and plain.bit_length() <= _EXACT_BITS:
        return Number(plain, at)
    try:
        return Number(numbers.rounded(plain), at) if isinstance(plain, int | Fraction) else _huge(at)
    except numbers.HugeError:
        return _huge(at)


def _huge(at: Span) -> Unknown:
    return Unknown(NUMBER, Huge.NUMBER.value, at, nullable=False)


def text(node: Template, source: Source) -> String | None:
    """A template without interpolations and directives."""
    if len(node.parts) > 1 or type(only := node.parts[0]) is not str:
        return None
    located = pieces(node, 0, source) if node.moves or "\n" in only else ()
    at: Span = _made(Span, (source, node.start, node.end))
    return _made(String, (normal(only), at, located, None))


def pieces(node: Template, position: int, source: Source) -> tuple[Piece, ...]:
    """Where the characters of a literal part stand."""
    part = node.parts[position]
    moves = node.moves.get(position)
    if not moves:
        start = node.offsets[position] if node.offsets else node.start
        return (Piece(0, Span(source, start, start + len(part))),)  # type: ignore[arg-type]  # a literal part
    ends = [index for index, _ in moves[1:]] + [len(part)]  # type: ignore[arg-type]
    return tuple(
        Piece(index, Span(source, offset, offset + end - index))
        for (index, offset), end in zip(moves, ends, strict=True)
    )
