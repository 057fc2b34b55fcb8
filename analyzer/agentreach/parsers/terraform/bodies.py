"""Bodies: arguments and blocks, one a line; what is broken is noted and the next line goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.cursor import PROBLEMS, SyntaxProblem
from agentreach.parsers.terraform.expressions import ExpressionParser
from agentreach.parsers.terraform.plain_terms import plain_arguments, plain_opening
from agentreach.parsers.terraform.structure import end_of_item
from agentreach.parsers.terraform.syntax import Assignment, Block, Body, Problem
from agentreach.parsers.terraform.tokens import END, LOOSE, NAME, NEWLINE, QUOTE, STRICT, STRING, is_identifier

if TYPE_CHECKING:
    import re

    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression


class TooManyProblemsError(Exception):
    """Parsing a body stops: what follows would only repeat the problem."""


class BodyParser(ExpressionParser):
    """Parses the body of a file or block."""

    __slots__ = ("source",)

    def __init__(self, source: Source, start: int, end: int) -> None:
        super().__init__(source.text, start, end)
        self.source = source

    def file(self) -> Body:
        """Everything up to the end as the body of a file."""
        start = self.stop
        self.advance()
        return self._with_problems(self._items(start, END, ends_lines=True))

    def inside(self) -> Body:
        """Everything up to the end as what stands between a block's braces."""
        start = self.stop
        self.advance()
        return self._with_problems(self._block_items(start, END))

    def _with_problems(self, body: Body) -> Body:
        return Body(body.attributes, body.blocks, body.start, body.end, tuple(self.problems))

    def _block_items(self, start: int, closer: str) -> Body:
        if self.kind in (NEWLINE, closer):
            return self._items(start, closer, ends_lines=False)
        return self._single_line(start, closer)

    def _single_line(self, start: int, closer: str) -> Body:
        """`name { argument = value }`, the only body that may stand on the line of its brace."""
        try:
            name = self._argument_name()
            self.expect("=", "'=': on one line, a block holds a single argument")
            assignment = self._assignment(*name)
            self.expect(closer, "'}' after the only argument of a block on one line")
        except SyntaxProblem as problem:
            self._note(problem.problem)
            return self._items_after(start, closer)
        return Body({assignment.name: assignment}, (), start, self.start)

    def _items_after(self, start: int, closer: str) -> Body:
        self.scan = STRICT
        self.advance_from(end_of_item(self.text, start, self.end, closes=closer == "}"))
        return self._items(start, closer, ends_lines=False)

    def _items(self, start: int, closer: str, *, ends_lines: bool) -> Body:
        attributes: dict[str, Assignment] = {}
        blocks: list[Block] = []
        while self.kind != closer:
            if self.kind == NEWLINE:
                self.advance()
                continue
            at, depth = self.start, self.depth
            if self.has_room() and (following := plain_arguments(self.source, at, self.end, attributes)) > at:
                self.advance_from(following)
                continue
            opening = plain_opening(self.text, at, self.end)
            try:
                if opening is None:
                    self._item(attributes, blocks, ends_lines=ends_lines)
                else:
                    blocks.append(self._plain_block(opening))
            except SyntaxProblem as problem:
                self._note(problem.problem)
                self.depth, self.scan = depth, STRICT
                if self._is_at_end(at, closer):
                    break
        return Body(attributes, tuple(blocks), start, self.start)

    def _is_at_end(self, at: int, closer: str) -> bool:
        """Move to the line after a broken item; True when there is none."""
        self.advance_from(end_of_item(self.text, at, self.end, closes=closer == "}"))
        return self.kind == END and closer != END

    def _item(self, attributes: dict[str, Assignment], blocks: list[Block], *, ends_lines: bool) -> None:
        name, start, end = self._argument_name()
        if self.kind == "=":
            assignment = self._assignment(name, start, end)
            self._end_of_item("an argument", may_end=ends_lines)
            if name in attributes:
                raise self.problem("the same argument is set twice", start, end)
            attributes[name] = assignment
        else:
            blocks.append(self._block(name, start))
            self._end_of_item("a block", may_end=True)

    def _argument_name(self) -> tuple[str, int, int]:
        name, start, end = self.lexeme, self.start, self.stop
        if self.kind != NAME or not is_identifier(name):
            raise self.unexpected("an argument or a block")
        self.advance()
        if self.kind not in ("=", "{", STRING, QUOTE, NAME):
            raise self.unexpected("'=', a label or '{' after the name")
        return name, start, end

    def _assignment(self, name: str, start: int, end: int) -> Assignment:
        self.advance()
        return Assignment(name, self.expression(), start, end, self.source)

    def _end_of_item(self, what: str, *, may_end: bool) -> None:
        if self.kind == NEWLINE:
            self.advance()
        elif self.kind != END or not may_end:
            raise self.unexpected(f"a line end after {what}")

    def _block(self, name: str, start: int) -> Block:
        labels = []
        while self.kind != "{":
            labels.append(self.label())
        open_end = self.stop
        self.deeper()
        self.advance()
        return self._closed(name, tuple(labels), start, open_end, self._block_items(open_end, "}"))

    def _plain_block(self, opening: re.Match[str]) -> Block:
        """A block without labels whose first item stands on a line of its own."""
        open_end = opening.start(2) + 1
        self.deeper()
        self.advance_from(opening.end())
        block = self._closed(opening[1], (), opening.start(), open_end, self._items(open_end, "}", ends_lines=False))
        self._end_of_item("a block", may_end=True)
        return block

    def _closed(self, name: str, labels: tuple[str, ...], start: int, open_end: int, body: Body) -> Block:
        if self.kind != "}":
            raise self.problem("the block is never closed", open_end - 1, open_end)
        self.depth -= 1
        end = self.stop
        self.advance()
        return Block(name, labels, self.source, start, end, open_end, _never, body)

    def label(self) -> str:
        """One label of a block, quoted or bare; moves on."""
        if self.kind == NAME:
            return self.identifier("a label without dots")
        if self.kind not in (STRING, QUOTE):
            raise self.unexpected("a label or '{'")
        template = self.simple_string() if self.kind == STRING else self.quoted()
        text = template.parts[0]
        if len(template.parts) > 1 or not isinstance(text, str):
            raise self.problem("a label cannot hold a template sequence", template.start, template.end)
        return text

    def lone_expression(self) -> Expression:
        """Everything up to the end as one expression, line ends included."""
        self.scan = LOOSE
        self.advance()
        result = self.expression()
        self.expect(END, "nothing after the expression")
        return result

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= PROBLEMS:
            raise TooManyProblemsError


def _never() -> Body:
    raise AssertionError
