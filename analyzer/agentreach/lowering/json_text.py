"""JSON that the code holds as text, decoded into located values; holes survive as unknown parts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.lowering.offsets import Offsets
from agentreach.model import Broken, ListValue, MapValue, Reference, Scalar, Text, Unknown
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.model import Span, Value

_DEPTH = 100
_HOLES = range(0xE000, 0xF8FF)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_TOKEN = late_regex(
    r"""[\s\ufeff]*(?:(?P<mark>[{}\[\]:,])
      |"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)"
      |(?P<word>[-+.\w]+)
      |(?P<hole>[\ue000-\uf8ff])
      |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)


class _MalformedError(Exception):
    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def decode(value: Scalar | Text) -> Value | Broken:
    """Read the structure in a JSON text.

    A hole inside a JSON string makes a `Text`; a hole in place of a value is that unknown itself.
    Returns Broken, with its place in the file, for text that is not JSON.
    """
    parts = value.parts if isinstance(value, Text) else (_plain(value),)
    hole = _unused("".join(part for part in parts if isinstance(part, str)))
    text = "".join(part if isinstance(part, str) else hole for part in parts)
    holes = tuple(part for part in parts if not isinstance(part, str))
    reader = _Reader(text, hole, holes, Offsets(text, value.at))
    try:
        return reader.document()
    except _MalformedError as error:
        return Broken(reader.offsets.span(error.position, error.position + 1), f"not valid JSON: {error}")


def _plain(value: Scalar) -> str:
    return value.value if isinstance(value.value, str) else json.dumps(value.value)


def _unused(text: str) -> str:
    return next((chr(code) for code in _HOLES if chr(code) not in text), chr(0xF8FF))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Reader:
    """A recursive-descent reader, bounded in depth; every character is matched by one token once."""

    def __init__(self, text: str, hole: str, holes: tuple[Unknown | Reference, ...], offsets: Offsets) -> None:
        self.text = text
        self.hole = hole
        self.holes = iter(holes)
        self.offsets = offsets
        self.position = 0

    def document(self) -> Value:
        value = self.value(self.next(), 0)
        token = self.next()
        if token.kind != "end":
            raise _MalformedError("text after the end of the document", token.start)
        return value

    def next(self) -> _Token:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise _MalformedError("unexpected character", self._past_space())
        self.position = match.end()
        kind = match.lastgroup or "end"
        width = 1 if kind == "string" else 0
        return _Token(kind, match[kind], match.start(kind) - width, match.end(kind) + width)

    def value(self, token: _Token, depth: int) -> Value:
        if depth > _DEPTH:
            raise _MalformedError("nested too deeply", token.start)
        if token.text == "{" and token.kind == "mark":
            return self.object(token, depth)
        if token.text == "[" and token.kind == "mark":
            return self.array(token, depth)
        return self.scalar(token)

    def object(self, opening: _Token, depth: int) -> Value:
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        is_open = False
        token = self.next()
        while token.text != "}" or token.kind != "mark":
            name = self.key(token)
            self.expect(":")
            value = self.value(self.next(), depth + 1)
            if name is None:
                is_open = True
            else:
                entries[name] = value
                keys[name] = self.offsets.span(token.start, token.end)
            token = self.separator("}")
        return MapValue(entries, self.offsets.span(opening.start, token.end), keys, open=is_open)

    def array(self, opening: _Token, depth: int) -> Value:
        items: list[Value] = []
        token = self.next()
        while token.text != "]" or token.kind != "mark":
            items.append(self.value(token, depth + 1))
            token = self.separator("]")
        return ListValue(tuple(items), self.offsets.span(opening.start, token.end))

    def separator(self, closing: str) -> _Token:
        """Return the next element's first token, or the closing bracket."""
        token = self.next()
        if token.kind == "mark" and token.text == ",":
            token = self.next()
            if token.kind == "mark" and token.text in "}],":
                raise _MalformedError("an element is missing after a comma", token.start)
            return token
        if token.kind != "mark" or token.text != closing:
            raise _MalformedError(f'expected "," or "{closing}"', token.start)
        return token

    def expect(self, mark: str) -> None:
        token = self.next()
        if token.kind != "mark" or token.text != mark:
            raise _MalformedError(f'expected "{mark}"', token.start)

    def key(self, token: _Token) -> str | None:
        """Read a key; None when it is partly or wholly unknown."""
        if token.kind == "hole":
            self.unknown(token)
            return None
        if token.kind != "string":
            raise _MalformedError("expected a key in quotes", token.start)
        parts = self.parts(token)
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None

    def scalar(self, token: _Token) -> Value:
        at = self.offsets.span(token.start, token.end)
        if token.kind == "hole":
            return self.unknown(token)
        if token.kind == "string":
            parts = self.parts(token)
            return Scalar(parts[0], at) if len(parts) == 1 and isinstance(parts[0], str) else Text(parts, at)
        if token.kind != "word":
            raise _MalformedError("expected a value", token.start)
        return Scalar(self.constant(token), at)

    def unknown(self, token: _Token) -> Unknown | Reference:
        """The next part that is not text; a private-use character that the text itself holds stands for none."""
        found = next(self.holes, None)
        if found is None or self.hole not in token.text:
            raise _MalformedError("unexpected character", token.start)
        return found

    def constant(self, token: _Token) -> float | bool | None:
        if token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        try:
            return float(token.text) if any(mark in token.text for mark in ".eE") else int(token.text)
        except ValueError:
            raise _MalformedError("expected a value", token.start) from None

    def parts(self, token: _Token) -> tuple[str | Unknown | Reference, ...]:
        if self.hole not in token.text:
            return (self.unescaped(token.text, token),)
        pieces = token.text.split(self.hole)
        parts: list[str | Unknown | Reference] = []
        for index, piece in enumerate(pieces):
            if index:
                parts.append(self.unknown(token))
            if piece:
                parts.append(self.unescaped(piece, token))
        return tuple(parts) or ("",)

    def unescaped(self, piece: str, token: _Token) -> str:
        if "\\" not in piece:
            return piece
        try:
            return str(json.loads(f'"{piece}"', strict=False))
        except ValueError:
            raise _MalformedError("an escape is not valid", token.start) from None

    def _past_space(self) -> int:
        position = self.position
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return min(position, max(0, len(self.text) - 1))
