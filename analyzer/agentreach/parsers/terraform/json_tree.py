"""JSON with the offsets of every value: strict, bounded in nesting, linear.

The standard library's parser is faster and knows no positions; this one is for Terraform's JSON syntax only.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.cursor import SyntaxProblem
from agentreach.parsers.terraform.numerals import numeral
from agentreach.parsers.terraform.possessive import compiled
from agentreach.parsers.terraform.stack import with_room
from agentreach.parsers.terraform.syntax import Literal, Problem, Unary
from agentreach.parsers.terraform.text import Run, runs
from agentreach.sources.limits import in_force

_STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9A-Za-z_.+\-])"
_TOKEN = compiled(rf'[ \t\r\n]*+(?:({_STRING})|([{{}}\[\],:])|({_NUMBER})|(true|false|null)\b|(\Z)|(")|([\s\S]))').match
_STRING_GROUP, _PUNCTUATION, _NUMBER_GROUP, _WORD, _END, _QUOTE = 1, 2, 3, 4, 5, 6
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_ESCAPE = compiled(r"\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PAIR = 12
_SURROGATES = range(0xD800, 0xE000)


class JsonString(NamedTuple):
    """A string; `start` and `end` include its quotes."""

    value: str
    start: int
    end: int


class JsonArray(NamedTuple):
    """An array."""

    items: tuple[Json, ...]
    start: int
    end: int


class JsonObject(NamedTuple):
    """An object; a key may repeat."""

    members: tuple[tuple[JsonString, Json], ...]
    start: int
    end: int


Json = JsonString | JsonArray | JsonObject | Literal | Unary


def parse_json(text: str, start: int, end: int) -> Json | Problem:
    """The one value between two offsets."""
    return with_room(partial(_parsed, text, start, end))


def _parsed(text: str, start: int, end: int) -> Json | Problem:
    reader = _Reader(text, start, end)
    try:
        reader.advance()
        value = reader.value()
        if reader.group != _END:
            raise reader.unexpected("nothing after the value")
    except SyntaxProblem as problem:
        return problem.problem
    return value


def string_runs(text: str, string: JsonString) -> list[Run]:
    """Where the characters of a string's value stand."""
    return runs(text[string.start + 1 : string.end - 1], string.start + 1, _ESCAPE, _resolved)


def _resolved(escape: str, offset: int) -> list[Run]:
    if escape[1] != "u":
        return [Run(_SIMPLE.get(escape[1], escape[1]), offset)]
    if len(escape) == _PAIR:
        high, low = int(escape[2:6], base=16), int(escape[8:], base=16)
        return [Run(chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00), offset)]
    digits = escape[2:]
    code = int(digits, base=16)
    return [Run("\N{REPLACEMENT CHARACTER}" if code in _SURROGATES else chr(code), offset)]


class _Reader:
    """One token at a time; recursion is bounded."""

    __slots__ = ("depth", "end", "group", "start", "stop", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.end = end
        self.start = self.stop = start
        self.group = _END
        self.depth = 0

    def advance(self) -> None:
        match = _TOKEN(self.text, self.stop, self.end)
        self.group = match.lastindex  # type: ignore[union-attr, assignment]
        self.start, self.stop = match.span(self.group)  # type: ignore[union-attr]

    def is_punctuation(self, character: str) -> bool:
        return self.group == _PUNCTUATION and self.text[self.start] == character

    def value(self) -> Json:
        start, stop = self.start, self.stop
        if self.group == _STRING_GROUP:
            return self.string()
        if self.is_punctuation("{"):
            return self._object()
        if self.is_punctuation("["):
            return self._array()
        if self.group == _NUMBER_GROUP:
            return self._number()
        if self.group == _WORD:
            self.advance()
            return Literal(_WORDS[self.text[start:stop]], start, stop)
        raise self.unexpected("a value")

    def string(self) -> JsonString:
        start, stop = self.start, self.stop
        self.advance()
        raw = self.text[start + 1 : stop - 1]
        if "\\" in raw:
            raw = "".join(run.value for run in runs(raw, 0, _ESCAPE, _resolved))
        return JsonString(raw, start, stop)

    def _number(self) -> Json:
        start, stop = self.start, self.stop
        value = numeral(self.text[start:stop].removeprefix("-"))
        self.advance()
        if self.text[start] != "-":
            return Literal(value, start, stop)
        if isinstance(value, int | Fraction) and value:
            return Literal(-value, start, stop)
        # Negative zero is a number of its own.
        return Unary("-", Literal(value, start + 1, stop), start, stop)

    def _deeper(self) -> int:
        self.depth += 1
        if self.depth > (nesting := in_force().nesting):
            raise self._problem(f"nested deeper than the limit of {nesting}")
        start = self.start
        self.advance()
        return start

    def _closed(self, closer: str) -> int:
        if not self.is_punctuation(closer):
            raise self.unexpected(f"',' or '{closer}'")
        self.depth -= 1
        stop = self.stop
        self.advance()
        return stop

    def _array(self) -> JsonArray:
        start = self._deeper()
        items = []
        if not self.is_punctuation("]"):
            items.append(self.value())
            while self.is_punctuation(","):
                self.advance()
                items.append(self.value())
        return JsonArray(tuple(items), start, self._closed("]"))

    def _object(self) -> JsonObject:
        start = self._deeper()
        members = []
        if not self.is_punctuation("}"):
            members.append(self._member())
            while self.is_punctuation(","):
                self.advance()
                members.append(self._member())
        return JsonObject(tuple(members), start, self._closed("}"))

    def _member(self) -> tuple[JsonString, Json]:
        if self.group != _STRING_GROUP:
            raise self.unexpected("a key in double quotes")
        key = self.string()
        if not self.is_punctuation(":"):
            raise self.unexpected("':' after a key")
        self.advance()
        return key, self.value()

    def unexpected(self, expected: str) -> SyntaxProblem:
        if self.group == _QUOTE:
            return self._problem("the string is never closed, or holds a line end or an unknown escape")
        if self.text.startswith(("//", "/*", "#"), self.start):
            return self._problem('JSON has no comments: Terraform reads the key "//" as one')
        found = "the end" if self.group == _END else "something else"
        if self.group == _PUNCTUATION:
            found = f"'{self.text[self.start]}'"
        return self._problem(f"expected {expected}, found {found}")

    def _problem(self, message: str) -> SyntaxProblem:
        return SyntaxProblem(Problem(message, self.start, self.stop))
