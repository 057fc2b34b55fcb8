"""Terraform's JSON syntax as the same tree as native syntax.

What a property means depends on what reads it, so every expression has three views: as parsed, in which each string
is a template; `literal_view`, in which strings are plain text; `native_view`, in which a string is an expression in
native syntax (`depends_on`, types). A property that may be a nested block has `block_view`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression, parse_template_text
from agentreach.parsers.terraform.json_tree import JsonArray, JsonObject, JsonString, parse_json, string_runs
from agentreach.parsers.terraform.relocation import Relocation
from agentreach.parsers.terraform.stack import with_room
from agentreach.parsers.terraform.syntax import (
    Assignment,
    Block,
    Body,
    Literal,
    ObjectExpression,
    ObjectItem,
    Problem,
    Template,
    TupleExpression,
)
from agentreach.parsers.terraform.text import moves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.parsers.terraform.json_tree import Json
    from agentreach.parsers.terraform.syntax import Expression

_Parsed = TypeVar("_Parsed")

# Block types and the number of their labels, by where they may stand.
_TOP = {
    "resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1,
    "locals": 0, "terraform": 0, "moved": 0, "removed": 0, "import": 0,
}  # fmt: skip
_RESOURCE = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
_NESTED: dict[str, dict[str, int]] = {
    "resource": _RESOURCE,
    "data": _RESOURCE,
    "ephemeral": _RESOURCE,
    "removed": _RESOURCE,
    "provider": {"dynamic": 1},
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "variable": {"validation": 0},
    "output": {"precondition": 0},
    "check": {"data": 2, "assert": 0},
    "terraform": {"required_providers": 0, "backend": 1, "cloud": 0, "provider_meta": 1, "encryption": 0},
    "cloud": {"workspaces": 0},
}
# Read without a context, so `${` in it is text.
_LITERAL = {"variable": frozenset({"default", "description", "type"}), "output": frozenset({"description"})}
_COMMENT = "//"


def parse_json_file(source: Source) -> Body:
    """The body of a `.tf.json` file; its blocks parse lazily."""
    root = parse_json(source.text, 0, len(source.text))
    if isinstance(root, Problem):
        return Body({}, (), 0, len(source.text), (root,))
    return _Reader(source).body(root, _TOP, "")


def parse_json_variables(source: Source) -> Body:
    """The arguments of a `.tfvars.json` file, in which nothing is a template."""
    root = parse_json(source.text, 0, len(source.text))
    if isinstance(root, Problem):
        return Body({}, (), 0, len(source.text), (root,))
    return _Reader(source).body(root, {}, "", literal=True)


def literal_view(source: Source, expression: Expression) -> Expression:
    """An expression of JSON syntax with every string, keys too, as plain text."""
    value = parse_json(source.text, expression.start, expression.end)
    return expression if isinstance(value, Problem) else _Reader(source).expression(value, literal=True)


def native_view(source: Source, expression: Expression) -> Expression | Problem:
    """What a string of JSON syntax says in native syntax; anything else as it is."""
    value = parse_json(source.text, expression.start, expression.end)
    if not isinstance(value, JsonString):
        return expression
    return _Reader(source).within(value, parse_expression)


def block_view(source: Source, name: str, expression: Expression) -> tuple[Block, ...]:
    """A property as nested blocks: an object is one, an array of objects several; empty for anything else."""
    value = parse_json(source.text, expression.start, expression.end)
    if not isinstance(value, JsonObject | JsonArray):
        return ()
    return tuple(_Reader(source).blocks(name, value, 0, (), value.start))


class _Reader:
    """Turns JSON into bodies, blocks and expressions of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def body(self, value: Json, nested: dict[str, int], kind: str, *, literal: bool = False) -> Body:
        """A body: properties that name a block type become blocks, the others arguments."""
        attributes: dict[str, Assignment] = {}
        blocks: list[Block] = []
        texts = _LITERAL.get(kind, frozenset())
        for key, member in self._members(value, "arguments and blocks"):
            if key.value == _COMMENT:
                continue
            if key.value in nested:
                blocks += self.blocks(key.value, member, nested[key.value], (), key.start)
            elif key.value in attributes:
                self._report("the same argument is set twice", key)
            else:
                expression = self.expression(member, literal=literal or key.value in texts)
                attributes[key.value] = Assignment(key.value, expression, key.start, key.end, self.source)
        return Body(attributes, tuple(blocks), value.start, value.end, tuple(self.problems))

    def blocks(self, kind: str, value: Json, labels: int, names: tuple[str, ...], start: int) -> Iterator[Block]:
        """The blocks of a property, one level of objects for each label."""
        if labels:
            for key, member in self._members(value, "labels as keys"):
                if key.value != _COMMENT:
                    yield from self.blocks(kind, member, labels - 1, (*names, key.value), key.start)
        elif isinstance(value, JsonArray):
            for item in value.items:
                yield self._block(kind, item, names, start if len(value.items) == 1 else item.start)
        elif not isinstance(value, Literal) or value.value is not None:
            yield self._block(kind, value, names, start)

    def _block(self, kind: str, value: Json, names: tuple[str, ...], start: int) -> Block:
        parse = partial(_parse_block, self.source, value, kind)
        return Block(kind, names, self.source, start, value.end, value.start + 1, parse)

    def _members(self, value: Json, what: str) -> Iterator[tuple[JsonString, Json]]:
        """The members of an object, or of all objects of an array; null has none."""
        for item in value.items if isinstance(value, JsonArray) else (value,):
            if isinstance(item, JsonObject):
                yield from item.members
            elif not isinstance(item, Literal) or item.value is not None or isinstance(value, JsonArray):
                self._report(f"expected an object with {what}", item)

    def expression(self, value: Json, *, literal: bool = False) -> Expression:
        """A value as an expression; a string that is no valid template is reported and stays text."""
        if isinstance(value, JsonString):
            return self._plain(value) if literal else self._template(value)
        if isinstance(value, JsonArray):
            items = tuple(self.expression(item, literal=literal) for item in value.items)
            return TupleExpression(items, value.start, value.end)
        if isinstance(value, JsonObject):
            members = (
                ObjectItem(self.expression(key, literal=literal), self.expression(member, literal=literal))
                for key, member in value.members
            )
            return ObjectExpression(tuple(members), value.start, value.end)
        return value

    def _template(self, string: JsonString) -> Template:
        if "${" not in string.value and "%{" not in string.value:
            return self._plain(string)
        result = self.within(string, parse_template_text)
        if isinstance(result, Problem):
            self.problems.append(result)
            return self._plain(string)
        return Template(result.parts, string.start, string.end, result.offsets, result.moves)

    def _plain(self, string: JsonString) -> Template:
        first = string.start + 1
        if string.end - string.start - 2 == len(string.value):
            return Template((string.value,), string.start, string.end, (first,))
        moved = moves(string_runs(self.source.text, string))
        return Template((string.value,), string.start, string.end, (first,), {0: moved} if moved else {})

    def within(
        self, string: JsonString, parse: Callable[[Source, int, int | None], _Parsed | Problem]
    ) -> _Parsed | Problem:
        """What a parser of native syntax makes of a string's value, with offsets of the file."""
        if string.end - string.start - 2 == len(string.value):
            return parse(self.source, string.start + 1, string.end - 1)
        result = parse(Source(self.source.path, string.value), 0, None)
        return with_room(partial(Relocation(self._plain(string)).moved, result))

    def _report(self, message: str, value: Json) -> None:
        self.problems.append(Problem(message, value.start, value.end))


def _parse_block(source: Source, value: Json, kind: str) -> Body:
    return _Reader(source).body(value, _NESTED.get(kind, {}), kind)
