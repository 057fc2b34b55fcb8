"""JSON text as located values, strictly after RFC 8259.

The nesting bound also bounds this reader's recursion. Keys and strings without escapes are taken by
one regular expression each; strings with escapes by the standard library.
"""

from __future__ import annotations

import json.decoder
from typing import TYPE_CHECKING, cast

from agentreach.late_regex import late_regex
from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Span, Value
from agentreach.parsers.yaml_build import Bounds, Document, Duplicate, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

_WHITESPACE = late_regex(r"[ \t\n\r]*")
_PLAIN_STRING = late_regex(r'"([^"\\\x00-\x1f]*)"')
_COLON = late_regex(r"[ \t\n\r]*:[ \t\n\r]*")
_AFTER_VALUE = late_regex(r"[ \t\n\r]*([,\]}])[ \t\n\r]*")
_ATOM = late_regex(r"(true|false|null)\b|(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.+-])")
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LONGEST_INTEGER = 40

# The standard library's own scanner; absent from its published type hints.
_scan_string = cast("Callable[[str, int, bool], tuple[str, int]]", vars(json.decoder)["scanstring"])


def parse(
    source: Source,
    *,
    start: int = 0,
    end: int | None = None,
    bounds: Bounds | None = None,
) -> Document | Broken:
    """The one value of a JSON text, or what was expected where."""
    reader = _Reader(source, len(source.text) if end is None else end, bounds or Bounds.of_scan())
    try:
        return reader.document(start)
    except Problem as problem:
        return Broken(problem.at, problem.message)


class _Reader:
    def __init__(self, source: Source, end: int, bounds: Bounds) -> None:
        self._source = source
        self._text = source.text if end == len(source.text) else source.text[:end]
        self._bounds = bounds
        self._nodes = 0
        self._duplicates: list[Duplicate] = []

    def document(self, start: int) -> Document:
        at = _skip(self._text, start + self._text.startswith("\ufeff", start))
        value, at = self._value(at, 0)
        at = _skip(self._text, at)
        if at < len(self._text):
            raise self._problem(at, "the end of the file")
        return Document(value, value.at, tuple(self._duplicates))

    def _value(self, at: int, depth: int) -> tuple[Value, int]:
        first = self._text[at : at + 1]
        if first == '"':
            text, end = self._string(at)
            return Scalar(text, Span(self._source, at, end)), end
        if first in {"{", "["}:
            self._count(at, depth)
            return self._object(at, depth + 1) if first == "{" else self._list(at, depth + 1)
        return self._atom(at)

    def _count(self, at: int, depth: int) -> None:
        if depth >= self._bounds.nesting:
            raise Problem(f"nested deeper than {self._bounds.nesting} levels", Span(self._source, at, at + 1))

    def _count_nodes(self, at: int, more: int) -> None:
        self._nodes += more
        if self._nodes > self._bounds.nodes:
            raise Problem(f"more than {self._bounds.nodes:,} nodes in one file", Span(self._source, at, at))

    def _string(self, at: int) -> tuple[str, int]:
        plain = _PLAIN_STRING.match(self._text, at)
        if plain:
            return plain[1], plain.end()
        try:
            text, end = _scan_string(self._text, at + 1, True)  # noqa: FBT003 - positional by nature
        except json.JSONDecodeError as error:
            where = min(error.pos, len(self._text))
            raise Problem(f"JSON syntax: {error.msg.lower()}", Span(self._source, where, where)) from None
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), end

    def _atom(self, at: int) -> tuple[Value, int]:
        match = _ATOM.match(self._text, at)
        if not match:
            raise self._problem(at, "a value")
        span = Span(self._source, at, match.end())
        word, integer, rest = match.groups()
        if word:
            return Scalar(_LITERALS[word], span), match.end()
        if len(integer) > _LONGEST_INTEGER:
            return Scalar(match[0], span), match.end()
        return Scalar(float(integer + rest) if rest else int(integer), span), match.end()

    def _list(self, at: int, depth: int) -> tuple[Value, int]:
        items: list[Value] = []
        start, at = at, _skip(self._text, at + 1)
        if self._text[at : at + 1] == "]":
            return ListValue((), Span(self._source, start, at + 1)), at + 1
        while True:
            value, at = self._value(at, depth)
            items.append(value)
            closed, at = self._after_value(at, "]")
            if closed:
                self._count_nodes(at, len(items) + 1)
                return ListValue(tuple(items), Span(self._source, start, closed)), closed

    def _object(self, at: int, depth: int) -> tuple[Value, int]:
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        start, at = at, _skip(self._text, at + 1)
        if self._text[at : at + 1] == "}":
            return MapValue(entries, Span(self._source, start, at + 1), keys), at + 1
        while True:
            at, key = self._key(at, keys)
            entries[key], at = self._value(at, depth)
            closed, at = self._after_value(at, "}")
            if closed:
                self._count_nodes(at, 2 * len(entries) + 1)
                return MapValue(entries, Span(self._source, start, closed), keys), closed

    def _key(self, at: int, keys: dict[str, Span]) -> tuple[int, str]:
        if self._text[at : at + 1] != '"':
            raise self._problem(at, "a key in double quotes")
        key, end = self._string(at)
        span = Span(self._source, at, end)
        if key in keys:
            self._duplicates.append(Duplicate(key, keys[key], span))
        keys[key] = span
        colon = _COLON.match(self._text, end)
        if not colon:
            raise self._problem(_skip(self._text, end), "':' behind the key")
        return colon.end(), key

    def _after_value(self, at: int, closing: str) -> tuple[int, int]:
        """Offset behind the closing bracket, or 0 and where the next element starts."""
        match = _AFTER_VALUE.match(self._text, at)
        if match and match[1] == closing:
            return match.start(1) + 1, at
        if not match or match[1] != ",":
            raise self._problem(_skip(self._text, at), f"',' or '{closing}'")
        if self._text[match.end() : match.end() + 1] == closing:
            where = Span(self._source, match.start(1), match.start(1) + 1)
            raise Problem(f"JSON syntax: a comma before '{closing}' is not allowed", where)
        return 0, match.end()

    def _problem(self, at: int, expected: str) -> Problem:
        rest = self._text[at : at + 2]
        span = Span(self._source, at, min(at + 1, len(self._text)))
        if rest in {"//", "/*"} or rest[:1] == "#":
            return Problem("JSON syntax: comments are not allowed in JSON", span)
        found = f"found {rest[0]!r}" if rest else "the file ends"
        return Problem(f"JSON syntax: expected {expected}, {found}", span)


def _skip(text: str, at: int) -> int:
    match = _WHITESPACE.match(text, at)
    return match.end() if match else at
