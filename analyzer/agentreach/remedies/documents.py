"""Edits of YAML and JSON, by the offsets of the documents' values: block style, flow style and JSON alike."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, ListValue, MapValue, Scalar, Span
from agentreach.named_tuples import NamedTuple
from agentreach.parsers import yaml
from agentreach.remedies.edits import ByHand, Edit, indentation, line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Source, Value

_SCALAR = late_regex(r"(&[^\s,\[\]{}]+[ \t]+)?(?![&*!|>])(.+)", re.DOTALL)
_REST_OF_LINE = late_regex(r"[ \t]*(?:[ \t]#[^\n]*)?(\r?\n|\Z)")
_PLAIN_KEY = late_regex(r"[A-Za-z_][\w./:-]*(?<!:)")
_UNIT = 2
_WORD = late_regex(r"ENABLED|[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]+")


@lru_cache(maxsize=8)
def documents_of(source: Source) -> Documents:
    """The documents of a source; findings of one file ask for them one after the other."""
    return Documents(Span(source, 0, len(source.text)))


class Tagged(NamedTuple):
    """A scalar behind a tag: `!Ref AWS::AccountId`; in JSON the map that the tag stands for."""

    tag: str
    text: str


class Entry(NamedTuple):
    """`key: value` as written in one mapping."""

    name: str
    at: Span
    value: Value


class Documents:
    """The documents of a source, or of a text within it; one that cannot be parsed is edited by hand."""

    def __init__(self, within: Span) -> None:
        self.source: Source = within.source
        self.text = self.source.text
        self.roots: list[Value] = []
        for one in yaml.parse(self.source, start=within.start, end=within.end):
            if isinstance(one, Broken):
                raise ByHand("the text cannot be parsed as it stands (a template, perhaps): change it by hand")
            self.roots.append(one.value)

    def document(self, at: int) -> Value:
        """The document that an offset is in."""
        found = next((one for one in self.roots if one.at.start <= at <= one.at.end), None)
        if found is None:
            raise ByHand("no mapping is written there")
        return found

    def around(self, at: int) -> tuple[Value, ...]:
        """The values around an offset, outermost first; what an alias stands for is not where it is used."""
        found: list[Value] = []
        node: Value | None = next((one for one in self.roots if _holds(one, at)), None)
        while node is not None:
            found.append(node)
            node = next((one for one in _children(node) if _holds(one, at)), None)
        return tuple(found)

    def children(self, value: Value) -> tuple[Value, ...]:
        """What is written within a value, aliases aside."""
        return tuple(_children(value))

    def whole(self, at: Span) -> MapValue | None:
        """The mapping that a span is, from its first key to its last value."""
        found = (one for one in self.around(at.start) if isinstance(one, MapValue) and one.at == at)
        return next(found, None)

    def entry(self, at: int) -> Entry | None:
        """The innermost entry whose key or value begins at an offset."""
        for node in reversed(self.around(at)):
            for one in _entries(node):
                if at == one.at.start or (at == one.value.at.start and one.at.end <= at):
                    return one
        return None

    def holder(self, at: int) -> MapValue:
        """The innermost mapping around an offset, or at it."""
        for node in reversed(self.around(at)):
            if isinstance(node, MapValue):
                return node
        raise ByHand("no mapping is written there")

    def literal(self, entry: Entry) -> str:
        """The text of an entry's scalar. Raises `ByHand` where a tag, an alias or a function makes the value."""
        value = entry.value
        if not isinstance(value, Scalar):
            raise ByHand(f"{entry.name} is not one literal but a structure or a function: change it by hand")
        if not entry.at.end <= value.at.start <= entry.at.end + 200 or "*" in self._between(entry):
            raise ByHand(f"{entry.name} takes its value from an anchor: change it there, if all its users may change")
        match = _SCALAR.fullmatch(value.at.text)
        if match is None or "\n" in value.at.text:
            raise ByHand(f"{entry.name} is written with a tag or over several lines: change it by hand")
        written = match[2]
        return written[1:-1] if written[0] in "\"'" else written

    def _between(self, entry: Entry) -> str:
        return self.text[entry.at.end : entry.value.at.start]

    def replaced(self, entry: Entry, text: str) -> Edit:
        """The entry's literal as another one, in the same quotes."""
        self.literal(entry)
        at = entry.value.at
        match = _SCALAR.fullmatch(at.text)
        assert match is not None
        quote = match[2][0] if match[2][0] in "\"'" else ""
        return Edit(self.source, at.start + match.start(2), at.end, f"{quote}{text}{quote}", entry.name)

    def put(self, holder: MapValue, path: tuple[str, ...], value: object, *, beside: str = "") -> Edit:
        """`value` at a path from a mapping; what is on the way and missing is written too."""
        name, *rest = path
        found = next((one for one in _entries(holder) if one.name == name), None)
        if found is None:
            if name in holder.entries:
                raise ByHand(f"{name} comes from an anchor that is merged in: change it by hand")
            for part in reversed(rest):
                value = {part: value}
            return self._added(holder, name, value, beside)
        if rest and isinstance(found.value, MapValue):
            return self.put(found.value, tuple(rest), value)
        if rest or isinstance(value, dict | Tagged):
            raise ByHand(f"{name} is already set, to something else: change it by hand")
        if isinstance(value, list):
            return self._appended(found, value)
        return self.replaced(found, value if isinstance(value, str) else json.dumps(value))

    def _appended(self, found: Entry, items: list[object]) -> Edit:
        """A list with further items after its last one."""
        held = found.value
        if not isinstance(held, ListValue) or not held.items:
            raise ByHand(f"{found.name} is not a list with items: change it by hand")
        last = held.items[-1].at
        if self.text[held.at.start] == "[":
            return Edit(self.source, last.end, last.end, "".join(f", {_flow(one)}" for one in items), found.name)
        prefix, end = self.text[line_start(self.text, last.start) : last.start], line_end(self.text, last.start)
        if not isinstance(held.items[-1], Scalar) or prefix.strip() != "-":
            raise ByHand(f"{found.name} is written in an unusual way: change it by hand")
        text = "".join(f"{end}{prefix}{_flow(one)}" for one in items)
        return Edit(self.source, last.end, last.end, text, found.name)

    def _added(self, holder: MapValue, name: str, value: object, beside: str) -> Edit:
        if self.text[holder.at.start] == "{" and self.text[holder.at.end - 1] == "}":
            return self._in_flow(holder, name, value)
        return self._in_block(holder, name, value, beside)

    def _in_flow(self, holder: MapValue, name: str, value: object) -> Edit:
        own = _entries(holder)
        quoted = not own or self.text[own[0].at.start] == '"' or not _PLAIN_KEY.fullmatch(name)
        key = json.dumps(name) if quoted else name
        is_json = bool(own) and all(self.text[one.at.start] == '"' for one in own) and self._is_json(holder)
        if not own:
            return Edit(self.source, holder.at.start + 1, holder.at.end - 1, f"{key}: {_flow(value)}", name)
        last = max(own, key=lambda one: one.at.start)
        ends = max(last.at.end, last.value.at.end)
        begin = line_start(self.text, last.at.start)
        indent = self.text[begin : last.at.start]
        if indent.strip() or begin <= holder.at.start:
            return Edit(self.source, ends, ends, f", {key}: {_flow(value, is_json=is_json)}", name)
        end = line_end(self.text, last.at.start)
        outer = indentation(self.text, holder.at.end - 1)
        unit = indent.removeprefix(outer) if indent.startswith(outer) and indent != outer else "  "
        text = f",{end}{indent}{key}: {_over_lines(value, indent, unit, end, is_json=is_json)}"
        return Edit(self.source, ends, ends, text, name)

    def _is_json(self, holder: MapValue) -> bool:
        """Whether nothing around the mapping is in block style."""
        outermost = self.around(holder.at.start)[0]
        return self.text[outermost.at.start] in "{["

    def _in_block(self, holder: MapValue, name: str, value: object, beside: str) -> Edit:
        own = sorted(_entries(holder), key=lambda one: one.at.start)
        if not own:
            raise ByHand(f"the mapping is written in an unusual way: add {name} there")
        column = self.source.position(own[0].at.start)[1] - 1
        end = line_end(self.text, own[0].at.start)
        lines = [f"{' ' * column}{line}" for line in _block({name: value}, self._unit(holder))]
        neighbour = self._neighbour(own, value, beside)
        if neighbour is not None:
            rest = _REST_OF_LINE.match(self.text, neighbour.value.at.end)
            assert rest is not None
            text = end.join([*lines, ""]) if rest[1] else end.join(["", *lines])
            return Edit(self.source, rest.end(), rest.end(), text, name)
        below = next((one for one in own if _begins_its_line(self.text, one.at.start)), None)
        if below is None:
            raise ByHand(f"the mapping is written in an unusual way: add {name} there")
        at = line_start(self.text, below.at.start)
        return Edit(self.source, at, at, end.join([*lines, ""]), name)

    def _neighbour(self, own: list[Entry], value: object, beside: str) -> Entry | None:
        """The entry to write behind: the wanted one, the last for a whole mapping, else the first that is a line."""
        last = own[-1]
        if isinstance(value, dict) and last.at.end < last.value.at.end and self._ends_a_line(last):
            return last
        fitting = [one for one in own if self._is_one_line(one)]
        return next((one for one in fitting if one.name == beside), fitting[0] if fitting else None)

    def _ends_a_line(self, entry: Entry) -> bool:
        return _REST_OF_LINE.match(self.text, entry.value.at.end) is not None

    def _is_one_line(self, entry: Entry) -> bool:
        """Whether key and value stand on one line, and nothing but a comment behind them."""
        at = entry.value.at
        if at.start < entry.at.end or at.start == at.end:
            return False
        written = self.text[entry.at.start : at.end]
        return "\n" not in written and at.text[0] not in "|>" and self._ends_a_line(entry)

    def _unit(self, holder: MapValue) -> int:
        """How much deeper than the mapping around it a mapping stands in this file."""
        inner = self.around(holder.at.start)
        pairs = [(one, two) for one, two in pairwise(inner) if isinstance(one, MapValue) and isinstance(two, MapValue)]
        steps = [self._column(two) - self._column(one) for one, two in pairs]
        return next((one for one in reversed(steps) if one > 0), _UNIT)

    def _column(self, value: MapValue) -> int:
        first = min(_entries(value), key=lambda one: one.at.start, default=None)
        return self.source.position(first.at.start if first else value.at.start)[1] - 1

    def embedded(self, at: int) -> Span | None:
        """The text of the block scalar around an offset."""
        value = next(reversed(self.around(at)), None)
        if not isinstance(value, Scalar) or value.at.start >= at or value.at.text[:1] not in {"|", ">"}:
            return None
        return Span(self.source, self.text.index("\n", value.at.start) + 1, value.at.end)


def _begins_its_line(text: str, at: int) -> bool:
    return not text[line_start(text, at) : at].strip(" ")


def _holds(value: Value, at: int) -> bool:
    return value.at.start <= at < max(value.at.end, value.at.start + 1)


def _children(value: Value) -> Iterator[Value]:
    inner = value.items if isinstance(value, ListValue) else [one.value for one in _entries(value)]
    yield from (one for one in inner if value.at.start <= one.at.start and one.at.end <= value.at.end)


def _entries(value: Value) -> list[Entry]:
    """What is written in this mapping itself: what a merge brings stands elsewhere."""
    if not isinstance(value, MapValue):
        return []
    own = ((name, value.keys.get(name)) for name in value.entries)
    return [
        Entry(name, at, value.entries[name])
        for name, at in own
        if at is not None and at.source is value.at.source and value.at.start <= at.start < value.at.end
    ]


def _block(value: dict[str, object], unit: int) -> Iterator[str]:
    for name, one in value.items():
        key = name if _PLAIN_KEY.fullmatch(name) else json.dumps(name)
        if isinstance(one, dict):
            yield f"{key}:"
            yield from (f"{' ' * unit}{line}" for line in _block(one, unit))
        elif isinstance(one, Tagged):
            yield f"{key}: !{one.tag} {one.text}"
        else:
            yield f"{key}: {_flow(one)}"


def _flow(value: object, *, is_json: bool = False) -> str:
    match value:
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_flow(one, is_json=is_json)}' for key, one in value.items())}}}"
        case Tagged() if not is_json:
            return f'!{value.tag} "{value.text}"'
        case Tagged():
            return f'{{"{value.tag}": "{value.text}"}}'
        case list():
            return f"[{', '.join(_flow(one, is_json=is_json) for one in value)}]"
        case _:
            return json.dumps(value) if is_json else _scalar(value)


def _over_lines(value: object, indent: str, unit: str, end: str, *, is_json: bool) -> str:
    """A map over lines, closed where the key that holds it begins."""
    if not isinstance(value, dict):
        return _flow(value, is_json=is_json)
    inner = indent + unit
    items = [
        f"{inner}{json.dumps(key)}: {_over_lines(one, inner, unit, end, is_json=is_json)}" for key, one in value.items()
    ]
    return f"{{{end}{f',{end}'.join(items)}{end}{indent}}}"


def _scalar(value: object) -> str:
    """Words of an API plain; any other text in quotes, so that YAML takes it for nothing else."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else json.dumps(value)
