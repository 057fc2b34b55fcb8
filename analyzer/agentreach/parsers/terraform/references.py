"""References, calls and numbers, and the steps that may follow any term: `.name`, `[key]`, splats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.cursor import NESTING
from agentreach.parsers.terraform.numerals import numeral
from agentreach.parsers.terraform.plain_terms import WORDS, reference
from agentreach.parsers.terraform.syntax import Attribute, FunctionCall, Index, Literal, Name, Splat
from agentreach.parsers.terraform.templates import NOT_A_NAME, TemplateParser
from agentreach.parsers.terraform.tokens import LOOSE, NAME, NUMERAL, is_identifier

if TYPE_CHECKING:
    from agentreach.parsers.terraform.syntax import Expression

_NAMESPACE = "core::"


class ReferenceParser(TemplateParser):
    """Parses what begins with a name or follows a dot or bracket."""

    __slots__ = ()

    def name_term(self) -> Expression:
        """A reference, a call, or one of the words `true`, `false` and `null`."""
        start, lexeme = self.start, self.lexeme
        if "." in lexeme or not lexeme.isascii():
            return self._reference(start)
        stop = self.stop
        self.advance()
        if self.kind in ("(", "::"):
            return self._call(lexeme, start)
        if lexeme in WORDS:
            return Literal(WORDS[lexeme], start, stop)
        return Name(lexeme, start, stop)

    def _reference(self, start: int) -> Expression:
        path = self.lexeme
        names = self._path()
        self.advance()
        if len(names) == 1 and self.kind in ("(", "::"):
            return self._call(path, start)
        return reference(path, start)

    def _call(self, name: str, start: int) -> FunctionCall:
        while self.kind == "::":
            self.advance()
            name += "::" + self.identifier("the function's name after '::'")
        self.expect("(", "'(' after the function's name")
        scan, self.scan = self.scan, LOOSE
        self.advance()
        arguments, expand = self._arguments()
        self.scan, end = scan, self.stop
        self.advance()
        return FunctionCall(name.removeprefix(_NAMESPACE), arguments, expand, start, end)

    def _arguments(self) -> tuple[tuple[Expression, ...], bool]:
        arguments = []
        expand = False
        while self.kind != ")":
            arguments.append(self.expression())
            if self.kind == "...":
                expand = True
                self.advance()
                self.expect(")", "')' after '...'")
            elif self.kind == ",":
                self.advance()
            else:
                self.expect(")", "',' or ')' after an argument")
        return tuple(arguments), expand

    def number_term(self) -> Literal:
        """A number."""
        start, stop = self.start, self.stop
        value = numeral(self.lexeme)
        if value is None:
            raise self.problem("not a number")
        self.advance()
        return Literal(value, start, stop)

    def steps(self, node: Expression) -> Expression:
        """A term with the steps that follow it."""
        count = 0
        while self.kind in (".", "["):
            count += 1
            if count > NESTING:
                raise self.problem(f"more than {NESTING} steps in a row")
            node = self._dot(node) if self.kind == "." else self._bracket(node)
        return node

    def _dot(self, target: Expression) -> Expression:
        self.advance()
        if self.kind == NAME:
            return self._names(target)
        if self.kind == NUMERAL:
            return self._legacy_index(target)
        if self.kind == "*":
            return self._attribute_splat(target)
        raise self.unexpected("a name, a number or '*' after the dot")

    def _names(self, target: Expression) -> Expression:
        """One or more attributes: the token holds all that are only separated by dots."""
        start = self.start
        for name in self._path():
            target = Attribute(target, name, target.start, start + len(name))
            start += len(name) + 1
        self.advance()
        return target

    def _path(self) -> list[str]:
        names = self.lexeme.split(".")
        if not self.lexeme.isascii() and not all(map(is_identifier, names)):
            raise self.problem(NOT_A_NAME)
        if len(names) > NESTING:
            raise self.problem(f"more than {NESTING} steps in a row")
        return names

    def _legacy_index(self, target: Expression) -> Index:
        if "." in self.lexeme:
            raise self.problem("two legacy indexes in a row need brackets: [0][1]")
        key = self.number_term()
        return Index(target, key, target.start, key.end)

    def _attribute_splat(self, target: Expression) -> Splat:
        each: Expression = Name("*", self.start, self.stop)
        self.advance()
        while self.kind == ".":
            self.advance()
            if self.kind == NAME:
                each = self._names(each)
            elif self.kind == NUMERAL:
                each = self._legacy_index(each)
            else:
                raise self.unexpected("a name or a number after the dot of an attribute splat")
        return Splat(target, each, False, target.start, each.end)  # noqa: FBT003 - `full`, a field of the tree

    def _bracket(self, target: Expression) -> Expression:
        opening, scan = self.start, self.scan
        self.scan = LOOSE
        self.advance()
        if self.kind == "*" and self.text.startswith("]", self.stop):
            self.scan = scan
            return self._full_splat(target, opening)
        key = self.expression()
        self.expect("]", "']' to end the index")
        end = self.stop
        self.scan = scan
        self.advance()
        return Index(target, key, target.start, end)

    def _full_splat(self, target: Expression, opening: int) -> Splat:
        self.advance()
        item = Name("*", opening, self.stop)
        self.advance()
        self.deeper()
        each = self.steps(item)
        self.depth -= 1
        return Splat(target, each, True, target.start, each.end)  # noqa: FBT003 - `full`, a field of the tree
