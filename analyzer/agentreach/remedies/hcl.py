"""Edits of Terraform's native syntax, by the offsets of the syntax tree."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Span
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.hcl import parse_file
from agentreach.parsers.terraform.node import Node
from agentreach.parsers.terraform.syntax import (
    Assignment,
    Attribute,
    Block,
    Body,
    Conditional,
    FunctionCall,
    Index,
    Literal,
    Name,
    ObjectExpression,
    ObjectItem,
    Template,
)
from agentreach.remedies.edits import ByHand, Edit, indentation, line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression

_REST_OF_LINE = late_regex(r"[ \t]*+(?:,[ \t]*+)?(?:(?:#|//)[^\n]*)?(\n|\Z)")
_PLAIN_KEY = late_regex(r"[A-Za-z_][\w-]*")
_UNIT = "  "


@lru_cache(maxsize=8)
def hcl_file(source: Source) -> HclFile:
    """The file of a source; findings of one file ask for it one after the other."""
    return HclFile(source)


class Raw(str):
    """An expression to be written as it is."""

    __slots__ = ()


class Entry(NamedTuple):
    """`name = expression` of a block, or an item of an object."""

    name: str
    start: int
    value: Expression

    @property
    def end(self) -> int:
        """Where the value ends."""
        return self.value.end


Holder = Block | ObjectExpression


class HclFile:
    """One file, parsed; a file with a syntax error is edited by hand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.body = parse_file(source)
        if self.body.problems:
            raise ByHand("the file has a syntax error: correct it first")
        self._blocks = [block.start for block in self.body.blocks]

    def around(self, at: int) -> tuple[object, ...]:
        """The nodes around an offset, outermost first."""
        found: list[object] = [self.body]
        node: object | None = self._top(at)
        while node is not None:
            found.append(node)
            node = next((one for one in _children(node) if _extent(one)[0] <= at < _extent(one)[1]), None)
        return tuple(found)

    def _top(self, at: int) -> Block | None:
        """The block of the file that an offset is in."""
        number = bisect_right(self._blocks, at) - 1
        return self.body.blocks[number] if number >= 0 and at < self.body.blocks[number].end else None

    def entry(self, at: int) -> Entry | None:
        """The innermost entry whose name or value begins at an offset."""
        for node in reversed(self.around(at)):
            if isinstance(node, Assignment | ObjectItem):
                found = _entry(node)
                if at in (found.start, found.value.start):
                    return found
        return None

    def entry_around(self, at: int) -> Entry | None:
        """The innermost entry around an offset."""
        found = next((one for one in reversed(self.around(at)) if isinstance(one, Assignment | ObjectItem)), None)
        return _entry(found) if found is not None else None

    def holder(self, at: int) -> Holder:
        """The innermost block or object around an offset, or at it."""
        for node in reversed(self.around(at)):
            if isinstance(node, Block | ObjectExpression):
                return node
        raise ByHand("no block is written there")

    def resource(self, at: int) -> Block:
        """The block of the file that an offset is in."""
        found = self._top(at)
        if found is None:
            raise ByHand("no block is written there")
        return found

    def embedded(self, at: int) -> Span | None:
        """The text of the heredoc around an offset."""
        inner = self.around(at)
        template = next((node for node in reversed(inner) if isinstance(node, Template)), None)
        if template is None or not template.start < at or not self.text.startswith("<<", template.start):
            return None
        begin = self.text.index("\n", template.start) + 1
        return Span(self.source, begin, line_start(self.text, template.end))

    def replaced(self, entry: Entry, text: str) -> Edit:
        """The entry's literal as another one. Raises `ByHand` for a value that an expression makes."""
        self.literal(entry)
        value = entry.value
        return Edit(self.source, value.start, value.end, text, entry.name)

    def literal(self, entry: Entry) -> str:
        """The text of an entry's literal: a number, a bool, or a quoted string without template sequences."""
        value = entry.value
        if isinstance(value, Literal):
            return self.text[value.start : value.end]
        plain = isinstance(value, Template) and len(value.parts) <= 1 and self.text[value.start] == '"'
        if plain and all(isinstance(part, str) for part in value.parts):  # type: ignore[union-attr]
            return "".join(value.parts)  # type: ignore[union-attr, arg-type]
        raise ByHand(_elsewhere(entry.name, value, self.text))

    def entries(self, holder: Holder) -> list[Entry]:
        """What is written in a block or object itself."""
        return _entries(holder)

    def put(self, holder: Holder, path: tuple[str, ...], value: object) -> Edit:
        """`value` at a path from a block or object; what is on the way and missing is written too."""
        name, *rest = path
        found = next((one for one in _entries(holder) if one.name == name), None)
        if found is None:
            for part in reversed(rest):
                value = {part: value}
            return self._added(holder, name, value)
        if rest and isinstance(found.value, ObjectExpression):
            return self.put(found.value, tuple(rest), value)
        if rest or isinstance(value, dict):
            raise ByHand(_elsewhere(name, found.value, self.text))
        return self.replaced(found, rendered(value, "", inline=True))

    def add_block(self, holder: Block, name: str, body: dict[str, object]) -> Edit:
        """A nested block at the end of another."""
        close = holder.end - 1
        end, outer = line_end(self.text, holder.start), indentation(self.text, holder.start)
        inner = outer + _UNIT
        width = max(map(len, body))
        lines = [f"{inner}{_UNIT}{key:<{width}} = {rendered(one, '', inline=True)}" for key, one in body.items()]
        block = end.join([f"{inner}{name} {{", *lines, f"{inner}}}", ""])
        if self._closes_alone(holder):
            blank = end if _entries(holder) or holder.body.blocks else ""
            return Edit(self.source, line_start(self.text, close), line_start(self.text, close), blank + block, name)
        return self._opened(holder, block, name)

    def _closes_alone(self, holder: Holder) -> bool:
        close = holder.end - 1
        begin = line_start(self.text, close)
        return begin > holder.start and not self.text[begin:close].strip()

    def _added(self, holder: Holder, name: str, value: object) -> Edit:
        if isinstance(holder, Block):
            return self._argument(holder, name, value)
        return self._item(holder, name, value)

    def _argument(self, block: Block, name: str, value: object) -> Edit:
        last = max(block.body.attributes.values(), key=lambda one: one.start, default=None)
        end = line_end(self.text, block.start)
        if last is None or not self._closes_alone(block):
            inner = indentation(self.text, block.start) + _UNIT
            line = f"{inner}{name} = {rendered(value, inner, end=end)}{end}"
            if not self._closes_alone(block):
                return self._opened(block, line, name)
            at = self.text.index("\n", block.open_end) + 1
            return Edit(self.source, at, at, line, name)
        inner = indentation(self.text, last.start)
        rest = _REST_OF_LINE.match(self.text, last.expression.end)
        at = rest.end() if rest and rest[1] else line_start(self.text, last.start)
        line = f"{inner}{self._aligned(last, name)} {rendered(value, inner, end=end)}{end}"
        return Edit(self.source, at, at, line, name)

    def _aligned(self, neighbour: Assignment, name: str) -> str:
        """`name =` with the equals sign under the neighbour's where it fits."""
        equals = self.text.index("=", neighbour.end) - neighbour.start
        return f"{name:<{equals - 1}} =" if len(name) < equals else f"{name} ="

    def _opened(self, block: Block, lines: str, name: str) -> Edit:
        """A block on one line, spread over lines so that another item has room."""
        end, outer = line_end(self.text, block.start), indentation(self.text, block.start)
        inside = self.text[block.open_end : block.end - 1].strip()
        if "\n" in inside or "#" in inside or "//" in inside:
            raise ByHand(f"the block is written in an unusual way: add {name} there")
        first = f"{outer}{_UNIT}{inside}{end}" if inside else ""
        return Edit(self.source, block.open_end, block.end - 1, f"{end}{first}{lines}{outer}", name)

    def _item(self, holder: ObjectExpression, name: str, value: object) -> Edit:
        if not holder.items:
            written = f" {_key(name, '')} = {rendered(value, '', inline=True)} "
            return Edit(self.source, holder.start + 1, holder.end - 1, written, name)
        first, last = _entry(holder.items[0]), _entry(holder.items[-1])
        sign = re.sub(r"[ \t]+", " ", self.text[holder.items[0].key.end : first.value.start]).rstrip() + " "
        key = _key(name, self.text[first.start]) + sign
        begin = line_start(self.text, last.start)
        if self.text[begin : last.start].strip() or not self._closes_alone(holder):
            text = f", {key}{rendered(value, '', inline=True)}"
            return Edit(self.source, last.end, last.end, text, name)
        inner, end = self.text[begin : last.start], line_end(self.text, last.start)
        rest = _REST_OF_LINE.match(self.text, last.end)
        text = f"{inner}{key}{rendered(value, inner, end=end)}"
        if rest and rest[1]:
            comma = "," if "," in rest[0].partition("#")[0].partition("//")[0] else ""
            return Edit(self.source, rest.end(), rest.end(), f"{text}{comma}{end}", name)
        return Edit(self.source, last.end, last.end, f"{end}{text}", name)


def rendered(value: object, indent: str, *, inline: bool = False, end: str = "\n") -> str:
    """A value in native syntax; maps over lines, each deeper than `indent`, unless `inline`."""
    match value:
        case Raw():
            return str(value)
        case dict() if inline:
            items = (f"{_key(name, '')} = {rendered(one, indent, inline=True)}" for name, one in value.items())
            return f"{{ {', '.join(items)} }}"
        case dict():
            inner = indent + _UNIT
            lines = [f"{inner}{_key(k, '')} = {rendered(v, inner, end=end)}{end}" for k, v in value.items()]
            return f"{{{end}{''.join(lines)}{indent}}}"
        case list():
            return f"[{', '.join(rendered(one, indent, inline=True) for one in value)}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _key(name: str, like: str) -> str:
    return name if like != '"' and _PLAIN_KEY.fullmatch(name) else json.dumps(name)


def _children(node: object) -> Iterator[object]:
    match node:
        case Body():
            yield from node.attributes.values()
            yield from node.blocks
        case Block():
            yield node.body
        case Node():
            for name in node.__match_args__:
                value = getattr(node, name)
                yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Node))


def _extent(node: object) -> tuple[int, int]:
    match node:
        case Assignment():
            return node.start, node.expression.end
        case ObjectItem():
            return node.key.start, node.value.end
        case _:
            return node.start, node.end  # type: ignore[attr-defined]


def _entry(node: Assignment | ObjectItem) -> Entry:
    if isinstance(node, Assignment):
        return Entry(node.name, node.start, node.expression)
    key = node.key
    name = "".join(part for part in key.parts if isinstance(part, str)) if isinstance(key, Template) else ""
    return Entry(name, key.start, node.value)


def _entries(holder: Holder) -> list[Entry]:
    items = holder.items if isinstance(holder, ObjectExpression) else holder.body.attributes.values()
    return [_entry(one) for one in items]


def _elsewhere(name: str, value: Expression, text: str) -> str:
    """Where the value comes from, so that a person changes it there."""
    match value:
        case Attribute(target=Name(name="var"), name=variable):
            return f"{name} is the variable {variable!r}, which others may use too: change its default or its argument"
        case Attribute() | Index():
            return f"{name} is {text[value.start : value.end][:60]}: change the value where that is declared"
        case Conditional() | FunctionCall():
            return f"{name} is computed by an expression: change it by hand"
        case _:
            return f"{name} is written as an expression: change it by hand"
