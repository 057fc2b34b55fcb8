"""A block's body as a value: arguments evaluated, nested blocks as lists of objects, `dynamic` blocks expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.configuration import META
from agentreach.parsers.terraform.instances import elements
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Failure, Null, Object, Perhaps, String, Tuple, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.configuration import Content
    from agentreach.parsers.terraform.instances import Element
    from agentreach.parsers.terraform.scope import ModuleScope
    from agentreach.parsers.terraform.syntax import Assignment, Block
    from agentreach.parsers.terraform.values import Item, Value

DEPTH = 64
STEPS_PER_BLOCK = 50


def body(
    content: Content, at: Span, scope: ModuleScope, depth: int = DEPTH, skip: frozenset[str] = frozenset()
) -> Object:
    """Arguments that are set, and for every type of nested block the tuple of its blocks."""
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    for name, argument in content.arguments.items():
        if name not in skip:
            value = scope.within(argument.source).value(argument.expression)
            if type(value) is not Null:
                entries[name] = value
                keys[name] = argument.at
    if content.blocks:
        for name, items in nested(content, scope, depth, skip).items():
            entries[name] = Tuple(tuple(items), _first(items, at))
    return Object(entries, at, keys)


def resource_body(content: Content, at: Span, scope: ModuleScope) -> Object:
    """The attributes of a resource: its body without meta-arguments."""
    return body(content, at, scope, skip=META)


def argument_value(argument: Assignment, scope: ModuleScope) -> Value:
    """The value of an argument in a scope of its module."""
    return scope.within(argument.source).value(argument.expression)


def nested(content: Content, scope: ModuleScope, depth: int, skip: frozenset[str]) -> dict[str, list[Item]]:
    """The nested blocks by type, in order."""
    found: dict[str, list[Item]] = {}
    for block in content.blocks:
        if block.type == "dynamic" and block.labels:
            found.setdefault(block.labels[0], []).extend(_dynamic(block, scope, depth))
        elif block.type not in skip:
            found.setdefault(block.type, []).append(_block(block, scope, depth))
    return found


def _block(block: Block, scope: ModuleScope, depth: int, at: Span | None = None) -> Value:
    place = at or Span(block.source, block.start, block.end)
    if depth == 0:
        return Unknown(DYNAMIC, "blocks are nested too deeply", place)
    return body(scope.module.root.trouble.content(block), place, scope, depth - 1)


def _dynamic(block: Block, scope: ModuleScope, depth: int) -> Iterator[Item]:
    """The blocks that a `dynamic` block stands for.

    https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
    """
    place = Span(block.source, block.start, block.end)
    if depth == 0:
        yield Unknown(DYNAMIC, "blocks are nested too deeply", place)
        return
    content = scope.module.root.trouble.content(block)
    bodies = [inner for inner in content.blocks if inner.type == "content"]
    each = content.arguments.get("for_each")
    if each is None or not bodies:
        return
    found = _elements(argument_value(each, scope), place, scope)
    name = _iterator(content, block.labels[0])
    for element in found:
        if not scope.module.root.spends(STEPS_PER_BLOCK, place):
            yield Perhaps(Unknown(DYNAMIC, "dynamic blocks make too many blocks", place), many=True)
            return
        iterator = Object({"key": element.key, "value": element.value}, element.value.at)
        made = _block(bodies[0], scope.with_names({name: iterator}), depth - 1)
        yield made if element.certain else Perhaps(made, element.many)


def _elements(value: Value, at: Span, scope: ModuleScope) -> list[Element]:
    found = list(elements(value))
    limit = scope.module.root.options.instances
    if len(found) <= limit:
        return found
    reason = f"a dynamic block makes more than {limit} blocks"
    scope.module.root.limited(at, reason)
    return list(elements(Failure(reason, at)))


def _iterator(content: Content, name: str) -> str:
    """The name that stands for the element: the block's type, or the one `iterator` gives."""
    argument = content.arguments.get("iterator")
    match argument.expression if argument else None:
        case syntax.Name(given) | syntax.Template(parts=(str() as given,)):
            return given
    return name


def _first(items: list[Item], at: Span) -> Span:
    """Where a type of nested block is written first."""
    if not items:
        return at
    first = items[0].value if isinstance(items[0], Perhaps) else items[0]
    return first.at


def text_of(value: Value | None) -> str | None:
    """The text of a known string."""
    return value.text if isinstance(value, String) else None
