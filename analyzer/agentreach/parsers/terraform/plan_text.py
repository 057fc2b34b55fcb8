"""JSON text whose values know where they stand, located only when asked.

The standard library decodes; this module walks one level at a time, so that the parts nobody wants are skipped at
its speed. A string that itself holds JSON (a policy in a plan) is read with a map back to the file's characters.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Encoded, ListValue, MapValue, Scalar, Span, Unknown
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Source, Value

DEPTH = 200
_SPACE = late_regex(r"[ \t\r\n]*")
_ESCAPE = late_regex(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)


def _whole(digits: str) -> int | float:
    """An integer, or infinity for one with more digits than Python converts."""
    return int(digits) if len(digits) <= 4000 else float(digits)  # noqa: PLR2004 -- Python's limit is 4300


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole)


class NotJsonError(ValueError):
    """The text is not JSON; `offset` is where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the characters of a decoded text stand in its file.

    Character `decoded[i]` and those after it stand at `stood[i]` onwards.
    """

    source: Source
    decoded: tuple[int, ...] = (0,)
    stood: tuple[int, ...] = (0,)

    def offset(self, index: int) -> int:
        """The file's offset of a character of the text."""
        at = bisect_right(self.decoded, index) - 1
        return self.stood[at] + index - self.decoded[at]

    def span(self, start: int, end: int) -> Span:
        """The file's characters that hold `start` to `end` of the text."""
        return Span(self.source, self.offset(start), self.offset(end))


class Entry(NamedTuple):
    """One `"name": value` of an object."""

    name: str
    at: Span
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON text, from `start` to `end` (exclusive)."""

    text: str
    start: int
    end: int
    origin: Origin

    @property
    def at(self) -> Span:
        """Where the value is written."""
        return self.origin.span(self.start, self.end)

    def plain(self) -> object:
        """The value as the standard library decodes it."""
        return _decode(self.text, self.start)[0]

    def entries(self) -> Iterator[Entry]:
        """The entries of an object; nothing for any other value."""
        if not self.text.startswith("{", self.start):
            return
        at = _skip(self.text, self.start + 1)
        while not self.text.startswith("}", at):
            name, name_end = _decode(self.text, at)
            value = _node(self.text, _skip(self.text, _skip(self.text, name_end) + 1), self.origin)
            yield Entry(str(name), self.origin.span(at, name_end), value)
            at = self._next(value.end)

    def items(self) -> Iterator[Node]:
        """The elements of an array; nothing for any other value."""
        if not self.text.startswith("[", self.start):
            return
        at = _skip(self.text, self.start + 1)
        while not self.text.startswith("]", at):
            item = _node(self.text, at, self.origin)
            yield item
            at = self._next(item.end)

    def get(self, *path: str) -> Node | None:
        """The value below a path of names, None where there is none."""
        node: Node | None = self
        for name in path:
            if node is None:
                return None
            node = next((entry.node for entry in node.entries() if entry.name == name), None)
        return node

    def _next(self, end: int) -> int:
        at = _skip(self.text, end)
        return _skip(self.text, at + 1) if self.text.startswith(",", at) else at


def parse(source: Source) -> Node:
    """The one value of a JSON file. Raises NotJsonError."""
    node = _node(source.text, _skip(source.text, 1 if source.text.startswith("\ufeff") else 0), Origin(source))
    rest = _skip(source.text, node.end)
    if rest != len(source.text):
        message = "expected the end of the file"
        raise NotJsonError(message, rest)
    return node


def parse_at(source: Source, start: int) -> Node:
    """The JSON value that starts at an offset of a file. Raises NotJsonError."""
    return _node(source.text, start, Origin(source))


def located(node: Node, depth: int = DEPTH) -> Value:
    """A value with the places of all its parts; a string that holds a JSON object becomes Encoded."""
    if depth == 0:
        return Unknown("nested too deeply", node.at)
    first = node.text[node.start]
    if first == "{":
        entries = list(node.entries())
        return MapValue(
            {entry.name: located(entry.node, depth - 1) for entry in entries},
            node.at,
            {entry.name: entry.at for entry in entries},
        )
    if first == "[":
        return ListValue(tuple(located(item, depth - 1) for item in node.items()), node.at)
    value = node.plain()
    if isinstance(value, str):
        return located_text(node, value, depth)
    return Scalar(value, node.at)  # type: ignore[arg-type]  # arrays and objects are handled above


def located_text(node: Node, value: str, depth: int = DEPTH) -> Value:
    """A string's value; when it holds a JSON object or array of objects, the structure with its places."""
    inner = nested(node, value)
    return Scalar(value, node.at) if inner is None else Encoded(located(inner, depth - 1), node.at)


def nested(node: Node, value: str) -> Node | None:
    """The JSON object that a string holds, None when it holds something else."""
    if not value.lstrip().startswith("{"):
        return None
    try:
        inner = _node(value, _skip(value, 0), _origin(node))
    except NotJsonError:
        return None
    return inner if _skip(value, inner.end) == len(value) else None


def _origin(node: Node) -> Origin:
    """Where the characters of a string's value stand, escapes counted."""
    decoded, stood = [0], [node.origin.offset(node.start + 1)]
    shift = node.start + 1
    for escape in _ESCAPE.finditer(node.text, node.start + 1, node.end - 1):
        shift += len(escape.group()) - 1
        decoded.append(escape.end() - shift)
        stood.append(node.origin.offset(escape.end()))
    return Origin(node.origin.source, tuple(decoded), tuple(stood))


def _node(text: str, start: int, origin: Origin) -> Node:
    return Node(text, start, _decode(text, start)[1], origin)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _decode(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise NotJsonError(error.msg, error.pos) from error
    except RecursionError as error:
        message = "nested too deeply"
        raise NotJsonError(message, at) from error
