"""Values written as YAML text, laid out as `yamlencode` lays it out, with holes where a part is unknown.

Keys and strings are quoted, a string with line breaks is a literal block, a list under a key is not indented, and
quoted text is folded at column 80 (go-cty-yaml's emitter, which is libyaml's).
"""

from __future__ import annotations

import re

from agentreach.late_regex import late_regex
from agentreach.parsers.terraform.number_text import text as number_text
from agentreach.parsers.terraform.texts import longest
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Mapping,
    Null,
    Number,
    Partial,
    Perhaps,
    Sequence,
    String,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import as_text, hole, is_shuffled
from agentreach.sources.limits import megabytes

_WIDTH = 80
_LONGEST_KEY = 128
_BREAKS = "\n\r\x85\u2028\u2029"
_LINE_BREAKS = "\n\u2028\u2029"
_SPACE_OR_BREAK = " " + _LINE_BREAKS
_LINE = late_regex(f"[^{_LINE_BREAKS}]*[{_LINE_BREAKS}]|[^{_LINE_BREAKS}]+")
_UNPRINTABLE = late_regex("[^\x0a\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_QUOTED = late_regex('["\\\\\ufeff' + _BREAKS + "]|" + _UNPRINTABLE.pattern)
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def written_yaml(value: Value) -> list[str | Unknown]:
    """The YAML text of a value in pieces."""
    writer = _Writer()
    try:
        writer.node(value, -1, mapping=False)
    except _TooLongError:
        return [hole(f"a text of more than {megabytes(longest())}", value.at)]
    if writer.column:
        writer.put("\n...\n" if isinstance(value, Number | Bool | Null) else "\n")
    return writer.parts


class _TooLongError(Exception):
    """The text is longer than a string may be."""


class _Writer:
    """Collects the text and knows the column it has come to."""

    def __init__(self) -> None:
        self.parts: list[str | Unknown] = []
        self.column = 0
        self.length = 0

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text) + 1
        if self.length > 2 * longest():
            raise _TooLongError
        end = text.rfind("\n")
        self.column = self.column + len(text) if end < 0 else len(text) - end - 1

    def hole(self, part: Unknown) -> None:
        self.parts.append(part)
        self.column += 1

    def line(self, indent: int) -> None:
        """Start a line of that indentation, unless that is where we are."""
        if self.column > indent or (self.parts and self.column == indent and not self._at_start()):
            self.put("\n")
        self.put(" " * (max(indent, 0) - self.column))

    def _at_start(self) -> bool:
        last = self.parts[-1]
        return isinstance(last, str) and (last.endswith((*_LINE_BREAKS, "- ")) or last == ": " or last.isspace())

    def node(self, value: Value, indent: int, *, mapping: bool) -> None:
        if isinstance(value, Encoded):
            value = as_text(value)
        if isinstance(value, SEQUENCES) and value.items and not is_shuffled(value):
            self.sequence(value, indent if mapping else indent + 2 if indent >= 0 else 0)
        elif isinstance(value, MAPPINGS) and value.entries and value.rest is None and not value.maybe:
            self.mapping(value, indent)
        else:
            self.put(" " if mapping else "")
            self.scalar(value, indent)

    def sequence(self, value: Sequence, inner: int) -> None:
        for item in value.items:
            self.line(inner)
            self.put("- ")
            if isinstance(item, Perhaps):
                self.hole(hole("elements that may be missing", value.at))
            else:
                self.node(item, inner, mapping=False)

    def mapping(self, value: Mapping, indent: int) -> None:
        inner = indent + 2 if indent >= 0 else 0
        for name, entry in value.entries.items():
            self.line(inner)
            if len(name.encode()) <= _LONGEST_KEY and not any(character in _BREAKS for character in name):
                self.put(_escaped(f'"{name}"') + ":")
                self.node(entry, inner, mapping=True)
            else:
                self.put("? ")
                self.text((name,), inner)
                self.line(inner)
                self.put(": ")
                self.node(entry, inner, mapping=False)

    def scalar(self, value: Value, indent: int) -> None:
        if isinstance(value, String | Partial):
            self.text((value.text,) if isinstance(value, String) else value.parts, indent)
        elif isinstance(value, Number):
            self.put(number_text(value.value, value.precision))
        elif isinstance(value, Bool | Null):
            self.put("null" if isinstance(value, Null) else str(value.value).lower())
        elif isinstance(value, SEQUENCES) and not value.items:
            self.put("[]")
        elif isinstance(value, MAPPINGS) and value.rest is None and not value.maybe:
            self.put("{}")
        else:
            self.hole(hole(value.reason if isinstance(value, Unknown) else "not known", value.at))

    def text(self, parts: tuple[str | Unknown, ...], indent: int) -> None:
        plain = "".join(part if isinstance(part, str) else "x" for part in parts)
        indent = indent + 2 if indent >= 0 else 2
        if "\n" in plain and _may_be_block(plain):
            self.block(parts, plain, indent)
        else:
            self.put('"')
            for part in parts:
                if isinstance(part, str):
                    self.folded(part, indent)
                else:
                    self.hole(part)
            self.put('"')

    def block(self, parts: tuple[str | Unknown, ...], plain: str, indent: int) -> None:
        self.put("|" + ("2" if plain[0] in _SPACE_OR_BREAK else "") + _chomping(plain) + "\n")
        for part in parts:
            if not isinstance(part, str):
                self.hole(part)
                continue
            for line in _LINE.findall(part):
                if self.column == 0 and line[0] not in _LINE_BREAKS:
                    self.put(" " * indent)
                self.put(line)
                if line[-1] in _LINE_BREAKS:
                    self.column = 0

    def folded(self, text: str, indent: int) -> None:
        """Quoted text; a single space past the width becomes a line break."""
        spaces = False
        for index, character in enumerate(text):
            last = index == len(text) - 1
            if character == " " and not spaces and self.column > _WIDTH and index and not last:
                self.put("\n" + " " * indent + ("\\" if text[index + 1] == " " else ""))
            else:
                self.put(_escaped(character) if character != '"' else '\\"')
            spaces = character == " "


def _escaped(text: str) -> str:
    """Quoted text with escapes where they are needed; the outermost quotes stay."""
    return _QUOTED.sub(_escape, text) if len(text) == 1 else f'"{_QUOTED.sub(_escape, text[1:-1])}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    code = ord(character)
    for limit, letter, digits in ((0xFF, "x", 2), (0xFFFF, "u", 4)):
        if code <= limit:
            return f"\\{letter}{code:0{digits}X}"
    return f"\\U{code:08X}"


def _may_be_block(text: str) -> bool:
    return not (text.endswith(" ") or re.search(r" [\n\r\x85\u2028\u2029]", text) or _UNPRINTABLE.search(text))


def _chomping(text: str) -> str:
    if text[-1] not in _LINE_BREAKS:
        return "-"
    return "+" if len(text) == 1 or text[-2] in _LINE_BREAKS else ""
