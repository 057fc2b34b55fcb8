"""JSON text to values that know their places; holes of the text become unknown values or unknown parts."""

from __future__ import annotations

from bisect import bisect_right
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Span
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.texts import normal, text_of
from agentreach.parsers.terraform.types import DYNAMIC, NUMBER
from agentreach.parsers.terraform.values import (
    Bool,
    Null,
    Number,
    Object,
    Partial,
    Piece,
    String,
    Tuple,
    Unknown,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 190
_SPACE = late_regex(r"[ \t\n\r]*")
_NUMBER = late_regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SURROGATE = late_regex("[\ud800-\udfff]")
_PRIVATE = range(0xE000, 0xF900)
_WORDS = ("true", "false", "null")


class MalformedError(Exception):
    """The text is not JSON (or YAML); the message is a clause."""


class BeyondLimitError(MalformedError):
    """The text is larger or deeper than we read; Terraform may read it."""


class Document(NamedTuple):
    """A text in which every hole is one character that occurs nowhere else."""

    text: str
    mark: str
    holes: tuple[Unknown, ...]
    locate: Callable[[int, int], Span]


def document(value: String | Partial) -> Document:
    """The text of a string with or without holes."""
    if isinstance(value, String):
        return Document(value.text, "", (), _locator(value, value.text))
    plain = "".join(part for part in value.parts if isinstance(part, str))
    mark = next(character for character in map(chr, _PRIVATE) if character not in plain)
    text = "".join(part if isinstance(part, str) else mark for part in value.parts)
    holes = tuple(part for part in value.parts if isinstance(part, Unknown))
    return Document(text, mark, holes, _locator(value, text))


def _locator(value: String | Partial, text: str) -> Callable[[int, int], Span]:
    """From characters of the text to where they were written."""
    pieces = value.pieces or _verbatim(value, text)
    if not pieces:
        return lambda _start, _end: value.at
    starts = [piece.offset for piece in pieces]

    def place(offset: int) -> tuple[Span, int]:
        piece = pieces[max(bisect_right(starts, offset) - 1, 0)]
        return piece.at, min(piece.at.start + max(offset - piece.offset, 0), piece.at.end)

    def locate(start: int, end: int) -> Span:
        at, first = place(start)
        other, last = place(max(end - 1, start))
        return Span(at.source, first, last + 1) if other.source is at.source and last >= first else at

    return locate


def _verbatim(value: String | Partial, text: str) -> tuple[Piece, ...]:
    source, start, end = value.at
    for skipped in (0, 1):
        if end - start - 2 * skipped == len(text) and source.text.startswith(text, start + skipped):
            return (Piece(0, Span(source, start + skipped, end - skipped)),)
    return ()


def read_json(value: String | Partial) -> Value:
    """The value of a JSON text. Raises MalformedError."""
    reader = _Reader(document(value))
    result = reader.value(0)
    reader.space()
    # Go's decoder takes a closing bracket for the end of what it reads.
    if reader.position < len(reader.text) and reader.text[reader.position] not in "]}":
        raise MalformedError("there is text after the end of the JSON document")
    return result


class _Reader:
    def __init__(self, source: Document) -> None:
        self.source = source
        self.text = source.text
        self.position = 0
        self.seen = 0

    def space(self) -> None:
        match = _SPACE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def take(self, character: str) -> bool:
        self.space()
        found = self.text.startswith(character, self.position)
        self.position += found
        return found

    def value(self, depth: int) -> Value:
        if depth > DEPTH:
            raise BeyondLimitError("the JSON is nested too deeply")
        self.space()
        character = self.text[self.position : self.position + 1]
        if character == '"':
            return self.string()
        if character == "{":
            return self.object(depth)
        if character == "[":
            return self.array(depth)
        if character and character == self.source.mark:
            return self.hole()
        return self.word()

    def hole(self) -> Value:
        self.position += 1
        unknown = self.source.holes[self.seen]
        self.seen += 1
        following = self.text[self.position : self.position + 1]
        if following and following not in " \t\n\r,]}":
            raise MalformedError("an unknown part of the JSON text runs into what follows")
        return Unknown(DYNAMIC, unknown.reason, unknown.at, unknown.kind, reference=unknown.reference)

    def string(self) -> String | Partial | Unknown:
        start = self.position
        try:
            decoded, self.position = scanstring(self.text, start + 1, True)  # noqa: FBT003 - no keyword exists
        except JSONDecodeError:
            raise MalformedError("a JSON string is not closed or has a wrong escape") from None
        at = self.source.locate(start, self.position)
        decoded = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", decoded)
        if not self.source.mark or self.source.mark not in decoded:
            return String(normal(decoded), at)
        parts: list[str | Unknown] = []
        for index, part in enumerate(decoded.split(self.source.mark)):
            if index:
                parts.append(self.source.holes[self.seen])
                self.seen += 1
            parts.append(part)
        return text_of(parts, at)

    def word(self) -> Value:
        start = self.position
        for word in _WORDS:
            if self.text.startswith(word, start):
                self.position += len(word)
                at = self.source.locate(start, self.position)
                return Null(at) if word == "null" else Bool(word == "true", at)
        match = _NUMBER.match(self.text, start)
        if match is None:
            raise MalformedError("a JSON value is missing or not one")
        self.position = match.end()
        return read_number(match[0], self.source.locate(start, self.position))

    def array(self, depth: int) -> Value:
        start = self.position
        self.position += 1
        items: list[Value] = []
        while not self.take("]"):
            if items and not self.take(","):
                raise MalformedError("a comma is missing in a JSON array")
            items.append(self.value(depth + 1))
        return Tuple(tuple(items), self.source.locate(start, self.position))

    def object(self, depth: int) -> Value:
        start = self.position
        self.position += 1
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        rest: list[Value] = []
        first = True
        while not self.take("}"):
            if not first and not self.take(","):
                raise MalformedError("a comma is missing in a JSON object")
            first = False
            key, value = self.entry(depth)
            if isinstance(key, String):
                entries[key.text], keys[key.text] = value, key.at
            else:
                rest.append(value)
        at = self.source.locate(start, self.position)
        further = one_of(rest, at, "keys that are not known") if rest else None
        return Object(dict(sorted(entries.items())), at, keys, further)

    def entry(self, depth: int) -> tuple[Value, Value]:
        self.space()
        if not self.text.startswith('"', self.position):
            raise MalformedError("a key is missing in a JSON object")
        key = self.string()
        if not self.take(":"):
            raise MalformedError("a colon is missing in a JSON object")
        return key, self.value(depth + 1)


def read_number(text: str, at: Span) -> Value:
    """The number that a decimal text stands for."""
    try:
        number = numbers.parse(text)
    except numbers.HugeError:
        return Unknown(NUMBER, "a number of too many digits", at, nullable=False)
    if number is None:
        raise MalformedError("this is not a number")
    return Number(number, at)
