"""Finding where brackets, strings, heredocs and comments end without parsing what is in them."""

from __future__ import annotations

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.possessive import compiled
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.tokens import BLOCK_COMMENT, HEREDOC_OPENING, IDENTIFIER, QUOTED_TEXT
from agentreach.sources.limits import in_force

# A quoted string whose template sequences, if any, hold nothing that needs a stack.
_STRING = r'"(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{)|[$%]\{[^"{}#/\r\n]*+\})*+"'
_PLAIN = rf'[^"#/<{{}}()\[\]\n]++|{_STRING}|#[^\n]*+|//[^\n]*+|{BLOCK_COMMENT}|/(?![/*])|<(?!<)'


def _balanced(levels: int, plain: str) -> str:
    inner = rf"(?:{plain})*+"
    for _ in range(levels):
        inner = rf"(?:{plain}|\{{{inner}\}}|\({inner}\)|\[{inner}\])*+"
    return inner


# Everything up to what needs the stack: deep brackets, nested strings, heredocs, whatever is not closed.
_SKIP = compiled(_balanced(2, rf"{_PLAIN}|\n")).match
_SKIP_LINE = compiled(rf"(?:{_PLAIN})*+").match
_HEREDOC = compiled(
    rf"<<-?({IDENTIFIER})\r?+\n"
    r"(?:(?![^\S\n]*+\1[^\S\n]*+\n)(?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{)|[$%]\{[^\"{}\n]*+\})*+\n)*+"
    r"[^\S\n]*+\1(?=[^\S\n]*+\n)"
).match
_HEREDOC_OPENING = compiled(HEREDOC_OPENING).match
_LINE = compiled(r"(?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{))*+\n?+").match

_CLOSERS = {"{": "}", "(": ")", "[": "]", "${": "}"}
_NAMES = {"{": "brace", "(": "parenthesis", "[": "bracket", "${": "template sequence", '"': "string"}


class _Open(NamedTuple):
    """Something that is open: a bracket, a string (`"`), a heredoc (its marker), a template sequence (`${`)."""

    what: str
    offset: int
    marker: str = ""


class _Unbalanced(Exception):  # noqa: N818 - a problem of the scanned text, not an error of ours
    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.problem = Problem(message, start, end)


class _Scan:
    """A stack of what is open, over one text."""

    __slots__ = ("end", "stack", "text")

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.end = end
        self.stack: list[_Open] = []

    def push(self, what: str, offset: int, marker: str = "") -> None:
        self.stack.append(_Open(what, offset, marker))
        if len(self.stack) > (nesting := in_force().nesting):
            message = f"nested deeper than the limit of {nesting}"
            raise _Unbalanced(message, offset, offset + 1)

    def until_closed(self, at: int) -> int:
        """The offset after everything open is closed."""
        while self.stack:
            top = self.stack[-1]
            if top.what == '"':
                at = self._string(at)
            elif top.marker:
                at = self._lines(at, top.marker)
            else:
                at = self._code(_SKIP(self.text, at, self.end).end())  # type: ignore[union-attr]
        return at

    def _code(self, at: int) -> int:
        """One character, or one opening of a string or heredoc, that the pattern could not skip."""
        if at >= self.end:
            raise self._unclosed(at)
        character = self.text[at]
        if character in "{([":
            self.push(character, at)
        elif character in "})]":
            self._close(character, at)
        elif character == '"':
            self.push('"', at)
        elif character == "<":
            return self.angle(at)
        elif self.text.startswith("/*", at):
            message = "the comment is never closed"
            raise _Unbalanced(message, at, at + 2)
        return at + 1

    def _close(self, character: str, at: int) -> None:
        top = self.stack.pop()
        if _CLOSERS[top.what] != character:
            line = self.text.count("\n", 0, top.offset) + 1
            message = f"expected '{_CLOSERS[top.what]}' for the {_NAMES[top.what]} of line {line}, found '{character}'"
            raise _Unbalanced(message, at, at + 1)

    def angle(self, at: int) -> int:
        """The offset after a heredoc that needs no stack, after the opening of one that does, or after `<`."""
        whole = _HEREDOC(self.text, at, self.end)
        if whole is not None:
            return whole.end()
        opening = _HEREDOC_OPENING(self.text, at, self.end)
        if opening is None:
            return at + 1
        self.push("heredoc", at, opening[0][2:].removeprefix("-").rstrip("\r\n"))
        return self._first_line(opening.end())

    def _first_line(self, at: int) -> int:
        marker = self.stack[-1].marker
        return self._lines(at, marker, begins=True)

    def _string(self, at: int) -> int:
        stop = QUOTED_TEXT(self.text, at, self.end).end()  # type: ignore[union-attr]
        if stop >= self.end or self.text[stop] in "\r\n\\":
            raise self._unclosed(stop)
        if self.text[stop] == '"':
            self.stack.pop()
            return stop + 1
        self.push("${", stop)
        return stop + 2

    def _lines(self, at: int, marker: str, *, begins: bool = False) -> int:
        while True:
            line = _LINE(self.text, at, self.end)[0]  # type: ignore[index]
            at += len(line)
            if line.endswith("\n"):
                if begins and line.strip() == marker:
                    self.stack.pop()
                    return at - len(line) + len(line.rstrip("\r\n"))
                begins = True
            elif at >= self.end:
                raise self._unclosed(at)
            else:
                self.push("${", at)
                return at + 2

    def _unclosed(self, at: int) -> _Unbalanced:
        top = self.stack[-1]
        if top.marker:
            return _Unbalanced("the heredoc is never closed: no line is its marker alone", top.offset, at)
        if top.what == '"':
            return _Unbalanced("the string is never closed: a quoted string ends on its line", top.offset, at)
        return _Unbalanced(f"the {_NAMES[top.what]} is never closed", top.offset, top.offset + len(top.what))


def closing(text: str, opening: int, end: int) -> int | Problem:
    """The offset after the bracket that closes the one at `opening`, or what is wrong in between."""
    at = _SKIP(text, opening + 1, end).end()  # type: ignore[union-attr]  # it matches nothing too
    if text.startswith(_CLOSERS[text[opening]], at, end) and in_force().nesting:
        return at + 1
    scan = _Scan(text, end)
    try:
        scan.push(text[opening], opening)
        return scan.until_closed(opening + 1)
    except _Unbalanced as unbalanced:
        return unbalanced.problem


def end_of_item(text: str, at: int, end: int, *, closes: bool) -> int:
    """The offset after the line end that ends the item at `at`, brackets and strings in it skipped.

    With `closes`, a closing brace ends the item too. `end` when something in it is never closed.
    """
    scan = _Scan(text, end)
    try:
        while (at := _SKIP_LINE(text, at, end).end()) < end and text[at] != "\n":  # type: ignore[union-attr]
            character = text[at]
            if character in "})]":
                if closes and character == "}":
                    return at
                at += 1
            elif character == "<":
                at = scan.until_closed(scan.angle(at))
            elif text.startswith("/*", at):
                return end
            else:
                scan.push(character, at)
                at = scan.until_closed(at + 1)
    except _Unbalanced:
        return end
    return min(at + 1, end)
