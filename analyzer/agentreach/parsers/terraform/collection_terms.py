"""Tuples, objects, and the `for` expressions that build them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.plain_terms import plain_entries
from agentreach.parsers.terraform.references import ReferenceParser
from agentreach.parsers.terraform.syntax import (
    ForExpression,
    Literal,
    Name,
    ObjectExpression,
    ObjectItem,
    Template,
    TupleExpression,
)
from agentreach.parsers.terraform.tokens import LOOSE, NAME, NEWLINE, STRICT

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.parsers.terraform.syntax import Expression


class CollectionParser(ReferenceParser):
    """Parses what begins with a bracket or brace."""

    __slots__ = ()

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
        items: list[ObjectItem] = []
        while self.kind != "}":
            at = self.start
            if self.has_room() and (following := plain_entries(self.text, at, self.end, items)) > at:
                self.advance_from(following)
                continue
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
