"""Strings, references and numbers of the shapes that most have, each read with one pattern instead of token by token.

A shape accepts less than the parser does and yields the same tree: what it does not match is parsed as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.possessive import compiled
from agentreach.parsers.terraform.syntax import (
    Assignment,
    Attribute,
    Literal,
    Name,
    ObjectItem,
    Template,
    TupleExpression,
)
from agentreach.parsers.terraform.tokens import INLINE_BLANK, LINE_END, SIMPLE_STRING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression

# What the deepest shape nests: an expression in a template in a list.
NESTED = 4
WORDS = {"true": True, "false": False, "null": None}

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*+"
_PATH = rf"{_NAME}(?:\.{_NAME}){{0,30}}+"
_TEMPLATE = rf'"(?:[^"\\$%\r\n]++|\$\{{{_PATH}\}})++"'
_INTEGER = "[0-9]{1,15}+"
_TERM = rf"(?:{SIMPLE_STRING}|{_TEMPLATE}|{_PATH}|{_INTEGER})[ \t\n]*+"
_LIST = rf"\[[ \t\n]*+(?!for\b){_TERM}(?:,[ \t\n]*+{_TERM})*+(?:,[ \t\n]*+)?+\]"
_GROUPS = rf"({SIMPLE_STRING})|({_TEMPLATE})|({_PATH})|({_INTEGER})"
_ARGUMENT = compiled(rf"({_NAME})[ \t]*+=[ \t]*+(?:{_GROUPS}|({_LIST})){INLINE_BLANK}{LINE_END}").match
_ENTRY = compiled(
    rf"(?!for\b)({_NAME}|{SIMPLE_STRING})[ \t]*+[=:][ \t]*+(?:{_GROUPS}|({_LIST})){INLINE_BLANK}"
    rf"(?:,{INLINE_BLANK}(?:{LINE_END})?+|{LINE_END}|(?=\}}))"
).match
# What opens a block without labels, up to its first item.
plain_opening = compiled(rf"({_NAME})[ \t]*+(\{{){INLINE_BLANK}{LINE_END}").match
_EACH = compiled(_GROUPS).finditer
_QUOTED = compiled(_TEMPLATE).match
_PIECES = compiled(rf"([^$]++)|\$\{{({_PATH})\}}").finditer


def plain_arguments(source: Source, at: int, end: int, attributes: dict[str, Assignment]) -> int:
    """Add the plain arguments that stand one after the other; returns the offset where the first other item starts."""
    text = source.text
    while (match := _ARGUMENT(text, at, end)) is not None and (name := match[1]) not in attributes:
        kind: int = match.lastindex  # type: ignore[assignment]  # one of the groups has matched
        attributes[name] = Assignment(name, _MAKERS[kind - 2](text, *match.span(kind)), at, at + len(name), source)
        at = match.end()
    return at


def plain_entries(text: str, at: int, end: int, items: list[ObjectItem]) -> int:
    """As `plain_arguments`, for the entries of an object."""
    while (match := _ENTRY(text, at, end)) is not None:
        kind: int = match.lastindex  # type: ignore[assignment]  # one of the groups has matched
        after = match.end(1)
        key = _string(text, at, after) if text[at] == '"' else Template((match[1],), at, after, (at,))
        items.append(ObjectItem(key, _MAKERS[kind - 2](text, *match.span(kind))))
        at = match.end()
    return at


def plain_template(text: str, start: int, end: int) -> Template | None:
    """The quoted string that starts here, if it holds only text and references."""
    match = _QUOTED(text, start, end)
    return None if match is None else _template(text, start, match.end())


def reference(path: str, start: int) -> Expression:
    """`a.b.c`; the words `true`, `false` and `null` are no names."""
    first, *rest = path.split(".")
    at = start + len(first)
    node: Expression = Literal(WORDS[first], start, at) if first in WORDS else Name(first, start, at)
    for name in rest:
        at += len(name) + 1
        node = Attribute(node, name, start, at)
    return node


def _string(text: str, start: int, end: int) -> Template:
    return Template((text[start + 1 : end - 1],), start, end, (start + 1,))


def _template(text: str, start: int, end: int) -> Template:
    parts: list[str | Expression] = []
    offsets = []
    for match in _PIECES(text, start + 1, end - 1):
        literal, path = match.groups()
        at = match.start() if path is None else match.start(2)
        parts.append(literal if path is None else reference(path, at))
        offsets.append(at)
    return Template(tuple(parts), start, end, tuple(offsets))


def _reference(text: str, start: int, end: int) -> Expression:
    return reference(text[start:end], start)


def _integer(text: str, start: int, end: int) -> Literal:
    return Literal(int(text[start:end]), start, end)


def _list(text: str, start: int, end: int) -> TupleExpression:
    return TupleExpression(tuple(_item(text, match) for match in _EACH(text, start + 1, end - 1)), start, end)


def _item(text: str, match: re.Match[str]) -> Expression:
    return _MAKERS[match.lastindex - 1](text, *match.span())  # type: ignore[operator]  # one of the groups


_MAKERS: tuple[Callable[[str, int, int], Expression], ...] = (_string, _template, _reference, _integer, _list)
