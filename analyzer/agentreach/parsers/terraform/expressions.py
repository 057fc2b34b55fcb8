"""Expressions: operators by precedence and the terms between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.collection_terms import CollectionParser
from agentreach.parsers.terraform.cursor import NESTING
from agentreach.parsers.terraform.syntax import Binary, Conditional, Parenthesized, Unary
from agentreach.parsers.terraform.tokens import HEREDOC, LOOSE, NAME, NUMERAL, QUOTE, STRING

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


class ExpressionParser(CollectionParser):
    """Parses expressions; the current token is always the first that is not yet consumed."""

    __slots__ = ()

    def expression(self) -> Expression:
        """An expression, up to the first token that cannot continue it."""
        self.depth += 1
        if self.depth > self.nesting:
            raise self.problem(f"nested deeper than the limit of {self.nesting}")
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
        return self.steps(node) if self.kind in (".", "[") else node

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


def _reduce(operands: list[Expression], operators: list[str]) -> None:
    right = operands.pop()
    left = operands.pop()
    operands.append(Binary(operators.pop(), left, right, left.start, right.end))
