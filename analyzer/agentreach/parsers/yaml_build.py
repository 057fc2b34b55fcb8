"""Located values from a stream of YAML events: one pass, no recursion, bounded.

Events are PyYAML's; nothing is ever constructed from a tag. A tag outside YAML's own is offered to
the caller's hook (CloudFormation's `!Ref`), and is otherwise dropped: `!!python/object:os.system`
is the structure written behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import TYPE_CHECKING

from yaml import events as yaml_events

from agentreach.model import ListValue, MapValue, Scalar, Source, Span, Value, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.yaml_scalars import Dialect, Plain, plain_scalar, standard_scalar
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaml._yaml import Mark as FastMark
    from yaml.error import Mark

Tag = Callable[[str, Value, Span], Value]
"""What a custom tag makes of the value behind it; the span covers tag and value."""

_STANDARD = "tag:yaml.org,2002:"
_MERGE = "<<"
_BLOCKS = frozenset("|>")
_made = tuple.__new__


class Bounds(NamedTuple):
    """What one file may cost. `expanded` counts the nodes that aliases stand for."""

    nodes: int = 5_000_000
    expanded: int = 1_000_000
    nesting: int = 200

    @classmethod
    def of_scan(cls) -> Bounds:
        """Those of the scan that runs."""
        limits = in_force()
        return cls(limits.nodes, limits.alias_nodes, limits.nesting)


class Duplicate(NamedTuple):
    """A key written again in the same mapping. The last value counts; `first` is the ignored one."""

    key: str
    first: Span
    at: Span


class Document(NamedTuple):
    """One document of a stream. An empty one is a null Scalar."""

    value: Value
    at: Span
    duplicates: tuple[Duplicate, ...] = ()


class Problem(Exception):  # noqa: N818 - never leaves the parsers; becomes model.Broken
    """What is wrong, and where."""

    def __init__(self, message: str, at: Span) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class _Anchored(NamedTuple):
    value: Value
    size: int
    height: int


class _Open:
    """A mapping or sequence whose end has not been read."""

    __slots__ = (
        "anchor", "end", "entries", "flow", "height", "items", "key", "keys", "merges", "size", "start", "tag",
    )  # fmt: skip

    def __init__(self, event: yaml_events.CollectionStartEvent, start: int, *, mapping: bool) -> None:
        self.start = start
        self.end = start
        self.tag: str | None = event.tag
        self.anchor: str | None = event.anchor
        self.flow = bool(event.flow_style)
        self.entries: dict[str, Value] | None = {} if mapping else None
        self.keys: dict[str, Span] = {}
        self.items: list[Value] = []
        self.merges: list[Value] | None = None
        self.key: str | None = None
        self.size = 1
        self.height = 1


class Builder:
    """Turns events into documents. `offset` is where the parsed text starts in the source."""

    def __init__(self, source: Source, offset: int, dialect: Dialect, tag: Tag | None, bounds: Bounds) -> None:
        self._source = source
        self._offset = offset
        self._dialect = dialect
        self._known: dict[str, Plain] = {}
        self._tag = tag
        self._bounds = bounds
        self._nodes = 0
        self._expanded = 0
        self._start_document(offset)

    def documents(self, events: Iterable[yaml_events.Event]) -> Iterator[Document]:
        """Each document as soon as it is complete; raises Problem where the text breaks a rule or a bound."""
        # Not kept in the object: methods that an object holds keep it, and all that it read, for good.
        handlers: dict[type[yaml_events.Event], Callable[..., None]] = {
            yaml_events.ScalarEvent: self._scalar,
            yaml_events.MappingStartEvent: self._mapping,
            yaml_events.SequenceStartEvent: self._sequence,
            yaml_events.MappingEndEvent: self._close,
            yaml_events.SequenceEndEvent: self._close,
            yaml_events.AliasEvent: self._alias,
        }
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
            elif type(event) is yaml_events.DocumentEndEvent and self._root is not None:
                yield Document(self._root, self._root.at, tuple(self._duplicates))
            elif type(event) is yaml_events.DocumentStartEvent:
                self._start_document(_index(event.start_mark) + self._offset)

    def _start_document(self, start: int) -> None:
        self._root: Value | None = None
        self._stack: list[_Open] = []
        self._top: _Open | None = None
        self._anchors: dict[str, _Anchored | None] = {}
        self._duplicates: list[Duplicate] = []
        self._document_start = start

    def _span(self, event: yaml_events.NodeEvent) -> Span:
        offset, start, end = self._offset, event.start_mark, event.end_mark
        # Half the cost of Span(…), hundreds of thousands of times. The parser marks every event.
        return _made(Span, (self._source, start.index + offset, end.index + offset))  # type: ignore[union-attr]

    def _too_many(self, at: Span) -> Problem:
        return Problem(f"more than {self._bounds.nodes:,} nodes in one file", at)

    # Scalars ---------------------------------------------------------------------------------

    def _scalar(self, event: yaml_events.ScalarEvent) -> None:
        at = self._span(event)
        self._nodes += 1
        if self._nodes > self._bounds.nodes:
            raise self._too_many(at)
        if event.style in _BLOCKS:
            at = at._replace(end=at.start + len(at.text.rstrip()))
        top = self._top
        if top is not None and top.key is None and top.entries is not None:
            self._open_key(top, intern(event.value), at, merge=event.value == _MERGE and event.implicit[0])
            if event.anchor:
                self._anchors[event.anchor] = _Anchored(Scalar(event.value, at), 1, 0)
            return
        self._add(self._scalar_value(event, at), at.end, 1, 0, event.anchor)

    def _scalar_value(self, event: yaml_events.ScalarEvent, at: Span) -> Value:
        text, tag = event.value, event.tag
        if tag is None:
            return Scalar(self._plain(text) if event.implicit[0] else text, at)
        if tag.startswith(_STANDARD):
            return Scalar(standard_scalar(tag, text, self._dialect), at)
        return self._tagged(tag, Scalar(text, at), at)

    def _plain(self, text: str) -> Plain:
        """What a plain scalar means; the same few words fill every file."""
        if text not in self._known:
            self._known[text] = plain_scalar(text, self._dialect)
        return self._known[text]

    def _tagged(self, tag: str, value: Value, at: Span) -> Value:
        if self._tag is None or tag == "!" or tag.startswith(_STANDARD):
            return value
        return self._tag(tag, value, at)

    # Mappings and sequences ------------------------------------------------------------------

    def _mapping(self, event: yaml_events.MappingStartEvent) -> None:
        self._open(event, mapping=True)

    def _sequence(self, event: yaml_events.SequenceStartEvent) -> None:
        self._open(event, mapping=False)

    def _open(self, event: yaml_events.CollectionStartEvent, *, mapping: bool) -> None:
        at = self._span(event)
        self._nodes += 1
        if self._nodes > self._bounds.nodes:
            raise self._too_many(at)
        top = self._top
        if top is not None and top.key is None and top.entries is not None:
            raise Problem("expected a plain string as key, found a list or a mapping", at)
        if len(self._stack) >= self._bounds.nesting:
            raise Problem(f"nested deeper than {self._bounds.nesting} levels", at)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._top = _Open(event, at.start, mapping=mapping)
        self._stack.append(self._top)

    def _close(self, event: yaml_events.CollectionEndEvent) -> None:
        closed = self._stack.pop()
        self._top = self._stack[-1] if self._stack else None
        end = _index(event.end_mark) + self._offset if closed.flow else closed.end
        at = Span(self._source, closed.start, max(end, closed.start))
        value: Value
        if closed.entries is None:
            value = ListValue(tuple(closed.items), at)
        else:
            value = MapValue(closed.entries, at, closed.keys)
            for merged in closed.merges or ():
                _merge(value, merged)
        if closed.tag:
            value = self._tagged(closed.tag, value, at)
        self._add(value, at.end, closed.size, closed.height, closed.anchor)

    def _open_key(self, top: _Open, key: str, at: Span, *, merge: bool) -> None:
        assert top.entries is not None
        top.size += 1
        if merge:
            top.merges = top.merges if top.merges is not None else []
            top.key = _MERGE
            return
        if key in top.keys:
            self._duplicates.append(Duplicate(key, top.keys[key], at))
        top.key = key
        top.keys[key] = at

    def _add(self, value: Value, end: int, size: int, height: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = _Anchored(value, size, height)
        top = self._top
        if top is None:
            self._root = value
            return
        top.size += size
        if height >= top.height:
            top.height = height + 1
        top.end = max(top.end, end)
        if top.entries is None:
            top.items.append(value)
            return
        key, top.key = top.key, None
        assert key is not None
        if key == _MERGE and top.merges is not None and _MERGE not in top.keys:
            top.merges.append(value)
        else:
            top.entries[key] = value

    # Aliases ---------------------------------------------------------------------------------

    def _alias(self, event: yaml_events.AliasEvent) -> None:
        at = self._span(event)
        anchored = self._anchored(event.anchor or "", at)
        self._expanded += anchored.size
        if self._expanded > self._bounds.expanded:
            raise Problem(f"aliases stand for more than {self._bounds.expanded:,} nodes", at)
        if len(self._stack) + anchored.height > self._bounds.nesting:
            raise Problem(f"aliases nest deeper than {self._bounds.nesting} levels", at)
        top = self._top
        if top is not None and top.entries is not None and top.key is None:
            key = string(anchored.value)
            if key is None:
                raise Problem("expected a plain string as key, found an alias of something else", at)
            self._open_key(top, key, at, merge=False)
            return
        self._add(anchored.value, at.end, anchored.size, anchored.height, None)

    def _anchored(self, name: str, at: Span) -> _Anchored:
        if name not in self._anchors:
            raise Problem(f"alias *{name} has no anchor before it", at)
        anchored = self._anchors[name]
        if anchored is None:
            raise Problem(f"alias *{name} refers to the value that contains it", at)
        return anchored


def _index(mark: Mark | FastMark | None) -> int:
    """The character a mark stands at; the parser marks every event."""
    assert mark is not None
    return mark.index


def _merge(into: MapValue, merged: Value) -> None:
    """YAML's merge key: keys written here win, then earlier mappings of a list over later ones."""
    for mapping in merged.items if isinstance(merged, ListValue) else (merged,):
        if not isinstance(mapping, MapValue):
            raise Problem("expected a mapping, or a list of mappings, behind the merge key <<", mapping.at)
        for key, value in mapping.entries.items():
            if key not in into.entries:
                into.entries[key] = value
                into.keys[key] = mapping.keys.get(key, value.at)
