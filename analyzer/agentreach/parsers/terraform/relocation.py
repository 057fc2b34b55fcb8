"""Moving a tree that was parsed from the decoded text of a string to where that text stands in its file."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TypeVar

from agentreach.parsers.terraform.syntax import Template

Node = TypeVar("Node")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a node of the tree; none for what is no node."""
    return tuple(getattr(kind, "__dataclass_fields__", ()))


class Relocation:
    """Offsets of decoded text as offsets of the file; `decoded` is the string as a template of one text."""

    def __init__(self, decoded: Template) -> None:
        self._decoded = decoded
        self._length = len(str(decoded.parts[0]))
        self._moves = decoded.moves.get(0, ())

    def offset(self, index: int) -> int:
        """Where a character of the decoded text stands; its end stands before the closing quote."""
        return self._decoded.locate(0, index) if index < self._length else self._decoded.end - 1

    def moved(self, node: Node) -> Node:
        """The same tree with the offsets of the file."""
        if isinstance(node, tuple):
            return tuple(self.moved(item) for item in node)  # type: ignore[return-value]
        names = _field_names(type(node))  # type: ignore[arg-type]
        if not names:
            return node
        values: dict[str, object] = {}
        for name in names:
            value = getattr(node, name)
            if name in ("start", "end"):
                values[name] = self.offset(value)
            else:
                values[name] = value if name in ("offsets", "moves") else self.moved(value)
        if isinstance(node, Template):
            values["offsets"] = tuple(map(self.offset, node.offsets))
            values["moves"] = dict(self._text_moves(node))
        return type(node)(**values)

    def _text_moves(self, node: Template) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
        texts = [(part, text) for part, text in enumerate(node.parts) if isinstance(text, str)]
        breaks = [(part, tuple(self._breaks(node, part, len(text)))) for part, text in texts]
        return [(part, found) for part, found in breaks if len(found) > 1]

    def _breaks(self, node: Template, part: int, length: int) -> list[tuple[int, int]]:
        """Where one text and the file part ways: at its own breaks, and at those of the string around it."""
        own = node.moves.get(part) or ((0, node.offsets[part]),)
        ends = [index for index, _ in own[1:]] + [length]
        breaks = []
        for (index, start), end in zip(own, ends, strict=True):
            breaks.append((index, self.offset(start)))
            first = bisect_right(self._moves, (start, self._decoded.end))
            for at, offset in self._moves[first:]:
                if at >= start + end - index:
                    break
                breaks.append((index + at - start, offset))
        return breaks
