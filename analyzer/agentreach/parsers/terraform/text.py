"""Literal text of templates as runs: pieces whose characters stand in the source exactly as in the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Report = Callable[[str, int, int], None]

# What Go's unicode.IsSpace accepts; Python's str.isspace has four more.
SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"

_ESCAPE = late_regex(r"\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|[\s\S]?)|\$\$\{|%%\{")
_DOUBLED = late_regex(r"\$\$\{|%%\{")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class Run(NamedTuple):
    """Characters that stand at `offset` of the source one by one; of an escape only the first does."""

    value: str
    offset: int


def quoted_runs(raw: str, offset: int, report: Report) -> list[Run]:
    """Runs of a quoted string's text, escapes resolved; what is wrong with them goes to `report`."""
    if "\\" not in raw and "${" not in raw and "%{" not in raw:
        return [Run(raw, offset)]
    return runs(raw, offset, _ESCAPE, lambda escape, at: _unescaped(escape, at, report))


def line_runs(raw: str, offset: int) -> list[Run]:
    """Runs of a heredoc's or template file's text, where only `$${` and `%%{` are escapes."""
    if "${" not in raw and "%{" not in raw:
        return [Run(raw, offset)]
    return runs(raw, offset, _DOUBLED, _undoubled)


def runs(raw: str, offset: int, escape: re.Pattern[str], resolve: Callable[[str, int], list[Run]]) -> list[Run]:
    """Runs of text in which every match of `escape` stands for what `resolve` makes of it."""
    found: list[Run] = []
    at = 0
    for match in escape.finditer(raw):
        start, end = match.span()
        if start > at:
            found.append(Run(raw[at:start], offset + at))
        found += resolve(match[0], offset + start)
        at = end
    if at < len(raw) or not found:
        found.append(Run(raw[at:], offset + at))
    return found


def _undoubled(escape: str, offset: int) -> list[Run]:
    return [Run(escape[0], offset), Run("{", offset + 2)]


def _unescaped(escape: str, offset: int, report: Report) -> list[Run]:
    if escape[0] != "\\":
        return _undoubled(escape, offset)
    selector = escape[1:2]
    if selector in _SIMPLE:
        return [Run(_SIMPLE[selector], offset)]
    if selector in ("u", "U"):
        return [Run(_character(escape, offset, report), offset)]
    report('a backslash must be followed by n, r, t, ", \\, u or U', offset, offset + len(escape))
    return [Run(escape[1:], offset + 1)]


def _character(escape: str, offset: int, report: Report) -> str:
    digits = 4 if escape[1] == "u" else 8
    end = offset + len(escape)
    if len(escape) != 2 + digits:
        report(f"\\{escape[1]} must be followed by {digits} hexadecimal digits", offset, end)
        return escape
    code = int(escape[2:], base=16)  # noqa: FURB166 - what comes first is no prefix Python knows
    if code <= _LAST_CHARACTER and code not in _SURROGATES:
        return chr(code)
    report("this escape is not a Unicode character", offset, end)
    return "\N{REPLACEMENT CHARACTER}"


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


def moves(pieces: list[Run]) -> tuple[tuple[int, int], ...]:
    """Where value and source part ways: empty when they run alike from the first character on."""
    found = []
    index = 0
    expected = -1
    for value, offset in pieces:
        if offset != expected and value:
            found.append((index, offset))
        index += len(value)
        expected = offset + len(value)
    return tuple(found) if len(found) > 1 else ()
