"""The values of what most arguments are, without a budget and an evaluation of their own.

Each function answers for one kind of expression, or returns None, and then it is evaluated as ever. What they answer is
small, and the same that evaluation would yield.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform.constants import literal, text
from agentreach.parsers.terraform.evaluate import ordered
from agentreach.parsers.terraform.extents import size
from agentreach.parsers.terraform.syntax import (
    Attribute,
    Literal,
    Name,
    ObjectExpression,
    Template,
    TupleExpression,
)
from agentreach.parsers.terraform.texts import normal
from agentreach.parsers.terraform.values import Failure, String, Tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.parsers.terraform.scope import ModuleScope
    from agentreach.parsers.terraform.syntax import Expression
    from agentreach.parsers.terraform.values import Value

_CHARACTERS = 1_000
_ITEMS = 100
_PARTS = 1_000


def shortcut(scope: ModuleScope, expression: Expression) -> Value | None:
    """The value of a simple expression, None where it takes more."""
    answer = _ANSWERS.get(type(expression))
    return None if answer is None else answer(scope, expression)


def _shared(scope: ModuleScope, expression: Attribute) -> Value | None:
    """The value of `var.x` or `local.x` alone."""
    target = expression.target
    if type(target) is not Name or target.name not in ("var", "local") or target.name in scope.names:
        return None
    at = Span(scope.source, expression.start, expression.end)
    resolve = scope.module.local if target.name == "local" else scope.module.variable
    return resolve(expression.name, at)


def _template(scope: ModuleScope, node: Template) -> Value | None:
    """Text, or text with `var.x` and `local.x` that are text, all on one line."""
    if len(node.parts) == 1:
        return text(node, scope.source)
    parts: list[str] = []
    for part in node.parts:
        if type(part) is not str:
            value = _shared(scope, part) if type(part) is Attribute else None
            if type(value) is not String or value.pieces:
                return None
            part = value.text  # noqa: PLW2901 - what stands in its place
        parts.append(part)
    whole = "".join(parts)
    if len(whole) > _CHARACTERS or node.moves or scope.source.text.find("\n", node.start, node.end) >= 0:
        return None
    return String(normal(whole), Span(scope.source, node.start, node.end))


def _tuple(scope: ModuleScope, node: TupleExpression) -> Value | None:
    items = _all(scope, node.items)
    return None if items is None else Tuple(tuple(items), Span(scope.source, node.start, node.end))


def _object(scope: ModuleScope, node: ObjectExpression) -> Value | None:
    values = _all(scope, tuple(item.value for item in node.items))
    if values is None:
        return None
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    for item, value in zip(node.items, values, strict=True):
        key = item.key
        if type(key) is not Template or len(key.parts) != 1 or type(name := key.parts[0]) is not str:
            return None
        entries[name] = value
        keys[name] = Span(scope.source, key.start, key.end)
    return ordered(entries, keys, [], Span(scope.source, node.start, node.end))


def _all(scope: ModuleScope, nodes: tuple[Expression, ...]) -> list[Value] | None:
    if len(nodes) > _ITEMS:
        return None
    values: list[Value] = []
    parts = 0
    for node in nodes:
        value = shortcut(scope, node)
        if value is None or type(value) is Failure:
            return None
        parts += size(value)
        values.append(value)
    return values if parts <= _PARTS else None


_ANSWERS: Mapping[type, Callable[..., Value | None]] = {
    Attribute: _shared,
    Literal: lambda scope, node: literal(node, scope.source),
    ObjectExpression: _object,
    Template: _template,
    TupleExpression: _tuple,
}
