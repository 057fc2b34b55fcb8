"""Literal text of templates as runs: pieces whose characters stand in the source exactly as in the value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# What Go's unicode.IsSpace accepts; Python's str.isspace has four more.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|[\s\S]?)|\$\$\{|%%\{")
_DOUBLED = re.compile(r"\$\$\{|%%\{")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class Run(NamedTuple):
    """Characters that stand at `offset` of the source one by one; of an escape only the first does."""

    value: str
    offset: int


Report = "Callable[[str, int, int], None]"


def quoted_runs(raw: str, offset: int, report: Callable[[str, int, int], None]) -> list[Run]:
    """Runs of a quoted string's text, escapes resolved; what is wrong with them goes to `report`."""
    if "\\" not in raw and "${" not in raw and "%{" not in raw:
        return [Run(raw, offset)]
    return _runs(raw, offset, _ESCAPE, report)


def line_runs(raw: str, offset: int) -> list[Run]:
    """Runs of a heredoc's or template file's text, where only `$${` and `%%{` are escapes."""
    if "${" not in raw and "%{" not in raw:
        return [Run(raw, offset)]
    return _runs(raw, offset, _DOUBLED, _ignore)


def _runs(raw: str, offset: int, pattern: re.Pattern[str], report: Callable[[str, int, int], None]) -> list[Run]:
    runs = []
    at = 0
    for match in pattern.finditer(raw):
        start, end = match.span()
        if start > at:
            runs.append(Run(raw[at:start], offset + at))
        escape = match[0]
        if escape[0] == "\\":
            runs.append(Run(_unescaped(escape, offset + start, report), offset + start))
        else:
            runs += (Run(escape[0], offset + start), Run("{", offset + end - 1))
        at = end
    if at < len(raw) or not runs:
        runs.append(Run(raw[at:], offset + at))
    return runs


def _unescaped(escape: str, offset: int, report: Callable[[str, int, int], None]) -> str:
    selector = escape[1:2]
    if selector in _SIMPLE:
        return _SIMPLE[selector]
    if selector in ("u", "U"):
        digits = 4 if selector == "u" else 8
        if len(escape) != 2 + digits:
            report(f"\\{selector} must be followed by {digits} hexadecimal digits", offset, offset + len(escape))
            return escape
        code = int(escape[2:], 16)
        if code <= _LAST_CHARACTER and code not in _SURROGATES:
            return chr(code)
        report("this escape is not a Unicode character", offset, offset + len(escape))
        return "\N{REPLACEMENT CHARACTER}"
    report('a backslash must be followed by n, r, t, ", \\, u or U', offset, offset + len(escape))
    return escape[1:]


def _ignore(_message: str, _start: int, _end: int) -> None:
    """Text without backslash escapes has nothing to report."""


class Text:
    """A literal piece of a template while it is put together: it may still be trimmed or dedented."""

    __slots__ = ("runs",)

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs

    @property
    def value(self) -> str:
        """The characters it stands for."""
        return self.runs[0].value if len(self.runs) == 1 else "".join(run.value for run in self.runs)

    def trim_left(self) -> None:
        """Drop white space at the beginning, as `~}` before it asks."""
        value = self.value
        self.drop(len(value) - len(value.lstrip(SPACE)))

    def trim_right(self) -> None:
        """Drop white space at the end, as `${~` after it asks."""
        while self.runs[-1].value.rstrip(SPACE) == "" and len(self.runs) > 1:
            self.runs.pop()
        last = self.runs[-1]
        self.runs[-1] = Run(last.value.rstrip(SPACE), last.offset)

    def drop(self, count: int) -> None:
        """Drop that many characters at the beginning."""
        while count >= len(self.runs[0].value) and len(self.runs) > 1:
            count -= len(self.runs[0].value)
            self.runs.pop(0)
        first = self.runs[0]
        self.runs[0] = Run(first.value[count:], first.offset + count)


def moves(runs: list[Run]) -> tuple[tuple[int, int], ...]:
    """Where value and source part ways: empty when they run alike from the first character on."""
    found = []
    index = 0
    expected = -1
    for value, offset in runs:
        if offset != expected and value:
            found.append((index, offset))
        index += len(value)
        expected = offset + len(value)
    return tuple(found) if len(found) > 1 else ()
