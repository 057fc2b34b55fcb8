"""JSON for people and machines: indented, Unicode as it is where it is safe, keys of known shapes hidden.

The standard library's indenting encoder takes a minute for what this writes in a second: reports of thousands of
findings repeat the same few strings and records, and each is spelled and masked once here.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

from agentreach.late_regex import late_regex
from agentreach_reports.masking import masked

# What a terminal or an editor could act on, and lone surrogates, which UTF-8 cannot hold: written as JSON escapes.
UNSAFE = late_regex(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
STEP = "  "


class Shared(dict[str, Any]):
    """A record that stands in many places of a document and never changes."""


def dumped(value: object) -> str:
    """The text of a document, as `json.dumps` with an indent of two writes it."""
    return _Writer(plain=False).text(value, "\n")


def compact(value: object) -> str:
    """The text of a document in as few characters as can be, all of them ASCII."""
    return _Writer(plain=True).text(value, "")


class _Writer:
    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self._strings: dict[str, str] = {}
        self._shared: dict[tuple[int, int], str] = {}

    def text(self, value: object, margin: str) -> str:
        """A value; `margin` is the line break and the indent of its closing bracket, empty for no line breaks."""
        if isinstance(value, str):
            return self._strings.get(value) or self._string(value)
        if isinstance(value, Shared):
            key = id(value), len(margin)
            if key not in self._shared:
                self._shared[key] = self._record(value, margin)
            return self._shared[key]
        if isinstance(value, dict):
            return self._record(value, margin)
        if isinstance(value, list | tuple):
            inner = _within(margin)
            return _bracketed("[", [self.text(one, inner) for one in value], "]", margin)
        return json.dumps(value)

    def _record(self, value: dict[str, Any], margin: str) -> str:
        inner = _within(margin)
        colon = ": " if margin else ":"
        known = self._strings.get
        rows = [f"{known(key) or self._string(key)}{colon}{self.text(one, inner)}" for key, one in value.items()]
        return _bracketed("{", rows, "}", margin)

    def _string(self, value: str) -> str:
        spelled = encode_basestring_ascii(value) if self._plain else encode_basestring(value)
        if not spelled.isprintable():
            spelled = UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", spelled)
        self._strings[value] = written = masked(spelled)
        return written


def _within(margin: str) -> str:
    return margin and margin + STEP


def _bracketed(start: str, rows: list[str], end: str, margin: str) -> str:
    inner = _within(margin)
    return f"{start}{inner}{f',{inner}'.join(rows)}{margin}{end}" if rows else start + end
