"""Expressions: operators by precedence, terms, and the steps that follow them.

Three stack frames a level of nesting (expression, operand, the bracket's own), so that the nesting limit stays
well below Python's recursion limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.cursor import NESTING
from agentreach.parsers.terraform.numerals import numeral
from agentreach.parsers.terraform.syntax import (
    Attribute,
    Binary,
    Conditional,
    ForExpression,
    FunctionCall,
    Index,
    Literal,
    Name,
    ObjectExpression,
    ObjectItem,
    Parenthesized,
    Splat,
    Template,
    TupleExpression,
    Unary,
)
from agentreach.parsers.terraform.templates import TemplateParser
from agentreach.parsers.terraform.tokens import (
    HEREDOC,
    LOOSE,
    NAME,
    NEWLINE,
    NUMERAL,
    QUOTE,
    STRICT,
    STRING,
    is_identifier,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.parsers.terraform.syntax import Expression

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_WORDS = {"true": True, "false": False, "null": None}
_NAMESPACE = "core::"


class ExpressionParser(TemplateParser):
    """Parses expressions; the current token is always the first that is not yet consumed."""

    __slots__ = ()

    def expression(self) -> Expression:
        """An expression, up to the first token that cannot continue it."""
        self.depth += 1
        if self.depth > NESTING:
            raise self.problem(f"nested deeper than the limit of {NESTING}")
        left = self.operand()
        if self.kind in _PRECEDENCE:
            left = self._operations(left)
        if self.kind == "?":
            left = self._conditional(left)
        self.depth -= 1
        return left

    def _conditional(self, condition: Expression) -> Conditional:
        self.advance()
        then = self.expression()
        self.expect(":", "':' and the value if the condition is false")
        self.advance()
        otherwise = self.expression()
        return Conditional(condition, then, otherwise, condition.start, otherwise.end)

    def _operations(self, first: Expression) -> Expression:
        """Binary operators from the left, those that bind tighter first."""
        operands = [first]
        operators: list[str] = []
        count = 0
        while (level := _PRECEDENCE.get(self.kind)) is not None:
            count += 1
            if count > NESTING:
                raise self.problem(f"more than {NESTING} operators in a row")
            while operators and _PRECEDENCE[operators[-1]] >= level:
                _reduce(operands, operators)
            operators.append(self.kind)
            self.advance()
            operands.append(self.operand())
        while operators:
            _reduce(operands, operators)
        return operands[0]

    def operand(self) -> Expression:
        """A term and the steps that follow it."""
        term = _TERMS.get(self.kind)
        if term is None:
            raise self.unexpected("an expression")
        node = term(self)
        return self._steps(node) if self.kind in (".", "[") else node

    def _steps(self, node: Expression) -> Expression:
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
            raise self.problem("a character that cannot be part of a name")
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
        each = self._steps(item)
        self.depth -= 1
        return Splat(target, each, True, target.start, each.end)  # noqa: FBT003 - `full`, a field of the tree

    def name_term(self) -> Expression:
        """A reference, a call, or one of the words `true`, `false` and `null`."""
        start, lexeme = self.start, self.lexeme
        if "." in lexeme or not lexeme.isascii():
            return self._reference(start)
        stop = self.stop
        self.advance()
        if self.kind in ("(", "::"):
            return self._call(lexeme, start)
        if lexeme in _WORDS:
            return Literal(_WORDS[lexeme], start, stop)
        return Name(lexeme, start, stop)

    def _reference(self, start: int) -> Expression:
        names = self._path()
        self.advance()
        if len(names) == 1 and self.kind in ("(", "::"):
            return self._call(names[0], start)
        return _reference(names, start)

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

    def parenthesized(self) -> Parenthesized:
        """`( … )`."""
        start, scan = self.start, self.scan
        self.scan = LOOSE
        self.advance()
        inner = self.expression()
        self.expect(")", "')'")
        self.scan, end = scan, self.stop
        self.advance()
        return Parenthesized(inner, start, end)

    def tuple_term(self) -> TupleExpression | ForExpression:
        """`[ … ]`."""
        start, scan = self.start, self.scan
        self.scan = LOOSE
        self.advance()
        if self._is_for():
            return self._for_expression(start, scan, "]")
        items = []
        while self.kind != "]":
            items.append(self.expression())
            if self.kind == ",":
                self.advance()
            else:
                self.expect("]", "',' or ']' after an element")
        self.scan, end = scan, self.stop
        self.advance()
        return TupleExpression(tuple(items), start, end)

    def object_term(self) -> ObjectExpression | ForExpression:
        """`{ … }`: line ends separate items as commas do."""
        start, scan = self.start, self.scan
        self.scan = STRICT
        self.advance()
        if self.kind == NEWLINE:
            self.advance()
        if self._is_for():
            return self._for_expression(start, scan, "}")
        items = []
        while self.kind != "}":
            items.append(self._object_item())
            if self.kind in (",", NEWLINE):
                self.advance()
                if self.kind == NEWLINE:
                    self.advance()
            else:
                self.expect("}", "a line end, ',' or '}' after a value")
        self.scan, end = scan, self.stop
        self.advance()
        return ObjectExpression(tuple(items), start, end)

    def _object_item(self) -> ObjectItem:
        start = self.start
        key = self.expression()
        if self.kind not in ("=", ":"):
            raise self.unexpected("'=' and a value after the key")
        if isinstance(key, Name | Literal) and self.text[start].isidentifier():
            word = self.text[key.start : key.end]
            key = Template((word,), key.start, key.end, (key.start,))
        self.advance()
        return ObjectItem(key, self.expression())

    def _is_for(self) -> bool:
        if self.kind != NAME or not self.text.startswith("for", self.start):
            return False
        root = self.lexeme.split(".", 1)[0]
        if root == "for" and root != self.lexeme:
            raise self.problem("expected a name after 'for'")
        return root == "for"

    def _for_expression(self, start: int, scan: Callable[..., object], closer: str) -> ForExpression:
        self.scan = LOOSE
        self.advance()
        key_name, value_name = None, self.identifier("a name after 'for'")
        if self.kind == ",":
            self.advance()
            key_name, value_name = value_name, self.identifier("a name after the comma")
        self.keyword("in")
        collection = self.expression()
        self.expect(":", "':' after the collection")
        self.advance()
        key, value = self._for_result(closer)
        group = self.kind == "..."
        if group and key is None:
            raise self.problem("'...' groups values under keys, which a tuple has not")
        if group:
            self.advance()
        condition = self._for_condition()
        self.expect(closer, f"'{closer}' to end the for expression")
        self.scan, end = scan, self.stop  # type: ignore[assignment]
        self.advance()
        return ForExpression(key_name, value_name, collection, key, value, condition, group, start, end)

    def _for_result(self, closer: str) -> tuple[Expression | None, Expression]:
        value = self.expression()
        if self.kind != "=>":
            if closer == "}":
                raise self.unexpected("'=>' between the key and the value")
            return None, value
        if closer == "]":
            raise self.problem("a tuple has no keys: use { for … } to build an object")
        self.advance()
        return value, self.expression()

    def _for_condition(self) -> Expression | None:
        if self.kind != NAME or self.lexeme != "if":
            return None
        self.advance()
        return self.expression()

    def number_term(self) -> Literal:
        """A number."""
        start, stop = self.start, self.stop
        value = numeral(self.lexeme)
        if value is None:
            raise self.problem("not a number, or one with too many digits")
        self.advance()
        return Literal(value, start, stop)

    def unary(self) -> Unary:
        """`-` or `!` and its operand, steps included."""
        operator, start = self.kind, self.start
        self.deeper()
        self.advance()
        operand = self.operand()
        self.depth -= 1
        return Unary(operator, operand, start, operand.end)


_TERMS: dict[str, Callable[[ExpressionParser], Expression]] = {
    NAME: ExpressionParser.name_term,
    STRING: ExpressionParser.simple_string,
    QUOTE: ExpressionParser.quoted,
    HEREDOC: ExpressionParser.heredoc,
    NUMERAL: ExpressionParser.number_term,
    "-": ExpressionParser.unary,
    "!": ExpressionParser.unary,
    "(": ExpressionParser.parenthesized,
    "[": ExpressionParser.tuple_term,
    "{": ExpressionParser.object_term,
}


def _reference(names: list[str], start: int) -> Expression:
    at = start + len(names[0])
    node: Expression = Literal(_WORDS[names[0]], start, at) if names[0] in _WORDS else Name(names[0], start, at)
    for name in names[1:]:
        at += len(name) + 1
        node = Attribute(node, name, start, at)
    return node


def _reduce(operands: list[Expression], operators: list[str]) -> None:
    right = operands.pop()
    left = operands.pop()
    operands.append(Binary(operators.pop(), left, right, left.start, right.end))
