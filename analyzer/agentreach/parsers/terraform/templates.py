"""Templates: quoted strings, heredocs and template files, with interpolations and directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.cursor import PROBLEMS, Cursor
from agentreach.parsers.terraform.dedent import dedent
from agentreach.parsers.terraform.plain_terms import plain_template
from agentreach.parsers.terraform.syntax import Problem, Template
from agentreach.parsers.terraform.template_tree import Mark, template
from agentreach.parsers.terraform.text import SPACE, Text, line_runs, quoted_runs
from agentreach.parsers.terraform.tokens import LINE_TEXT, LOOSE, NAME, QUOTED_TEXT, SEQUENCE, is_identifier

if TYPE_CHECKING:
    from agentreach.parsers.terraform.syntax import Expression
    from agentreach.parsers.terraform.template_tree import Item

NOT_A_NAME = "a character that cannot be part of a name"
_UNCLOSED_QUOTE = "the string is never closed: a quoted string ends on its line"


class _Line(NamedTuple):
    raw: str
    offset: int


class TemplateParser(Cursor):
    """Parses templates; what is wrong within literal text is collected, so that the rest is still read."""

    __slots__ = ("problems",)

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self.problems: list[Problem] = []

    def expression(self) -> Expression:
        """Parse an expression; the current token is the first after it."""
        raise NotImplementedError

    def simple_string(self) -> Template:
        """A quoted string of plain text only."""
        start, stop = self.start, self.stop
        self.advance()
        return Template((self.text[start + 1 : stop - 1],), start, stop, (start + 1,))

    def quoted(self) -> Template:
        """A quoted string with escapes, interpolations or directives."""
        plain = plain_template(self.text, self.start, self.end) if self.has_room() else None
        if plain is not None:
            self.advance_from(plain.end)
            return plain
        opening, scan = self.start, self.scan
        self.deeper()
        items: list[Item] = []
        trims = False
        at = self.stop
        while True:
            stop = self._end_of_quoted_text(opening, at)
            if stop > at:
                self._add_text(items, Text(quoted_runs(self.text[at:stop], at, self.report)), trims=trims)
                trims = False
            if self.text[stop] == '"':
                break
            trims = self._sequence(items, stop)
            at = self.stop
        self.depth -= 1
        self.scan = scan
        result = template(self, items, opening, stop + 1)
        self.advance_from(stop + 1)
        return result

    def _end_of_quoted_text(self, opening: int, at: int) -> int:
        stop = QUOTED_TEXT(self.text, at, self.end).end()  # type: ignore[union-attr]
        if stop >= self.end or self.text[stop] in "\r\n\\":
            raise self.problem(_UNCLOSED_QUOTE, opening, stop)
        return stop

    def heredoc(self) -> Template:
        """A heredoc, plain or indented."""
        opening, scan = self.start, self.scan
        marker = self.lexeme[2:].rstrip("\r\n")
        is_indented = marker.startswith("-")
        self.deeper()
        items, stop = self._lines(self.stop, marker.removeprefix("-"), opening)
        self.depth -= 1
        if is_indented:
            dedent(items)
        self.scan = scan
        result = template(self, items, opening, stop)
        self.advance_from(stop)
        return result

    def template_text(self) -> Template:
        """The whole text as one template, as templatefile() reads it."""
        start = self.stop
        items, stop = self._lines(start, None, start)
        return template(self, items, start, stop)

    def _lines(self, at: int, marker: str | None, opening: int) -> tuple[list[Item], int]:
        """The pieces of a template line by line until the line that is the marker, or the end without one."""
        items: list[Item] = []
        begins = True
        trims = False
        while True:
            raw = LINE_TEXT(self.text, at, self.end)[0]  # type: ignore[index]
            is_line = raw.endswith("\n")
            if begins and is_line and marker is not None and raw.strip(SPACE) == marker:
                return items, at + len(raw.rstrip("\r\n"))
            if raw:
                self._add_text(items, Text(line_runs(raw, at)), trims=trims)
                trims = False
                at += len(raw)
            if SEQUENCE(self.text, at, self.end):
                trims = self._sequence(items, at)
                at = self.stop
                is_line = False
            elif not is_line:
                return self._rest(items, at, marker, opening), self.end
            begins = is_line

    def _rest(self, items: list[Item], at: int, marker: str | None, opening: int) -> list[Item]:
        """What follows where no line can be read: nothing, or a carriage return without its line feed."""
        if marker is not None and at < self.end:
            raise self.problem("a carriage return without a line feed", at, at + 1)
        if marker is not None:
            raise self.problem("the heredoc is never closed: no line is its marker alone", opening, at)
        if at < self.end:
            # Terraform takes all that follows as text, sequences included.
            items.append(Text(line_runs(self.text[at : self.end], at)))
        return items

    @staticmethod
    def _add_text(items: list[Item], text: Text, *, trims: bool) -> None:
        if trims:
            text.trim_left()
        items.append(text)

    def _sequence(self, items: list[Item], at: int) -> bool:
        """One `${…}` or `%{…}`; returns whether it asks to trim what follows."""
        opening = SEQUENCE(self.text, at, self.end)[0]  # type: ignore[index]
        if opening.endswith("~") and items and isinstance(items[-1], Text):
            items[-1].trim_right()
        self.scan = LOOSE
        self.advance_from(at + len(opening))
        items.append(self.expression() if opening[0] == "$" else self._directive(at))
        if self.kind not in ("}", "~}"):
            raise self.unexpected("'}' to end the template sequence")
        if isinstance(items[-1], Mark):
            items[-1] = items[-1]._replace(end=self.stop)
        return self.kind == "~}"

    def _directive(self, at: int) -> Mark:
        word = self.lexeme if self.kind == NAME else ""
        start = self.start
        self.advance()
        if word == "if":
            return Mark(word, at, at, self.expression())
        if word == "for":
            return self._for(at)
        if word in ("else", "endif", "endfor"):
            return Mark(word, at, at)
        raise self.problem("expected if, else, endif, for or endfor after %{", start)

    def _for(self, at: int) -> Mark:
        key, value = None, self.identifier("a name after 'for'")
        if self.kind == ",":
            self.advance()
            key, value = value, self.identifier("a name after the comma")
        self.keyword("in")
        return Mark("for", at, at, self.expression(), key, value)

    def identifier(self, expected: str) -> str:
        """The current token as a plain name; moves on."""
        name = self.lexeme
        if self.kind != NAME:
            raise self.unexpected(expected)
        if not is_identifier(name):
            raise self.problem(f"expected {expected} without dots" if "." in name else NOT_A_NAME)
        self.advance()
        return name

    def keyword(self, word: str) -> None:
        """Require a word that is only special here; moves on."""
        if self.kind != NAME or self.lexeme != word:
            raise self.unexpected(f"'{word}'")
        self.advance()

    def report(self, message: str, start: int, end: int) -> None:
        """Note a problem that does not stop parsing."""
        if len(self.problems) < PROBLEMS:
            self.problems.append(Problem(message, start, end))
