"""YAML as most of it is written, read line by line without events: three times as fast.

Block mappings and sequences of one-line scalars, literal texts, collections in brackets on one line and custom tags;
no anchors, escapes, folded texts or several documents. What is accepted means to libyaml exactly what is answered
here, places included; everything else, every mistake above all, is answered with None and read by events.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import ListValue, MapValue, Scalar, Span
from agentreach.parsers.yaml_build import Document, Duplicate
from agentreach.parsers.yaml_scalars import Plain, plain_scalar

if TYPE_CHECKING:
    import re

    from agentreach.model import Source, Value
    from agentreach.parsers.yaml_build import Bounds, Tag
    from agentreach.parsers.yaml_scalars import Dialect

_DEEPEST = 40
# The last group of an entry whose value takes more than its line's pattern.
_SOMETHING_ELSE = 8
_made = tuple.__new__

_LINE_END = r"[ ]*+(?:(?<=[ ])#[^\n]*+)?+(?:\n|\Z)"
# Up to the next line that holds something, and its indentation.
_GAP = r"(?:[ ]*+(?:#[^\n]*+)?+\n)*+([ ]*+)(?:#[^\n]*+\Z)?+"
_PLAIN = (
    r"(?:[A-Za-z0-9_./$(~<=+^;\\\xa1-\U0010ffff]|-(?=[^ \n]))"
    r"(?:[^ \n:#]++|:(?=[^ \n])|(?<=[^ ])#|[ ]++(?=[^ \n#]))*+"
)
_QUOTED = r""""((?:[^"\\\n]++|\\[nrt"\\/])*+)"|'([^'\n]*+)'(?!')"""
_KEY = r"""(?:([A-Za-z0-9_./$](?:[A-Za-z0-9_./$@-]|:(?=[^ \n])){0,200}+)|"([^"\\\n]{1,200}+)"|'([^'\n]{1,200}+)')"""
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\", "\\/": "/"}

_FIRST = late_regex(rf"{_GAP}(?:(?<![^\n])---{_LINE_END}{_GAP})?+")
_ENTRY = late_regex(rf"{_KEY}:(?:(?:[ ]++(?:({_PLAIN})|{_QUOTED}))?+{_LINE_END}{_GAP}|[ ]++()(?=[\[{{!|]))")
_SCALAR = late_regex(rf"(?:({_PLAIN})|{_QUOTED}){_LINE_END}{_GAP}")
_ITEM = late_regex(rf"-(?:[ ]++(?=[^ \n#])|{_LINE_END}{_GAP})")
_BLANKS = late_regex(_GAP)
_REST = late_regex(_LINE_END + _GAP)
_TAG = late_regex(r"![A-Za-z][A-Za-z0-9]*+(?:[ ]++|(?=\n))")
_LITERAL = late_regex(r"\|(-?+)[ ]*+\n(\n*+)([ ]++)(?=[^ \n])")
_FLOW_PLAIN = r"[A-Za-z0-9_./$(~+](?:[A-Za-z0-9_./$()~+=*@%-]|:(?=[A-Za-z0-9_/.$]))*+"
_FLOW_SCALAR = late_regex(rf"(?:({_FLOW_PLAIN})|{_QUOTED})[ ]*+([,\]}}])[ ]*+")
_FLOW_KEY = late_regex(rf"(?:({_FLOW_PLAIN})|{_QUOTED}):[ ]++")
_FLOW_NEXT = late_regex(r"[ ]*+([,\]}])[ ]*+")
_ESCAPE = late_regex(r"\\.")


class _Unusual(Exception):  # noqa: N818 - never leaves this module: events read what it stands for
    pass


def usual_document(
    source: Source, text: str, offset: int, dialect: Dialect, tag: Tag | None, bounds: Bounds
) -> Document | None:
    """The one document of a text that stands at an offset of the source, None where it takes events to read it."""
    if len(text) > bounds.nodes or bounds.nesting < _DEEPEST or not text.replace("\n", "").isprintable():
        return None
    try:
        return _Lines(source, text, offset, dialect, tag).document()
    except _Unusual:
        return None


class _Lines:
    """A pass over a text: `at` is where the next line with something in it begins, `indent` how far in (-1: none)."""

    __slots__ = ("_dialect", "_duplicates", "_known", "_offset", "_source", "_tag", "at", "indent", "text")

    def __init__(self, source: Source, text: str, offset: int, dialect: Dialect, tag: Tag | None) -> None:
        self._source = source
        self._offset = offset
        self._dialect = dialect
        self._tag = tag
        self._known: dict[str, Plain] = {}
        self._duplicates: list[Duplicate] = []
        self.text = text
        self.at = self.indent = 0

    def document(self) -> Document:
        """The document, if it is one mapping or sequence."""
        first: re.Match[str] = _FIRST.match(self.text)  # type: ignore[assignment]  # it matches nothing too
        self._went(first.end(), first[1] if first[2] is None else first[2])
        if self.indent != 0:
            raise _Unusual
        value = self._block(0, 0)
        if self.indent >= 0:
            raise _Unusual
        return Document(value, value.at, tuple(self._duplicates))

    def _went(self, at: int, blanks: str) -> None:
        self.at = at
        self.indent = len(blanks) if at < len(self.text) else -1

    def _span(self, start: int, end: int) -> Span:
        offset = self._offset
        return _made(Span, (self._source, start + offset, end + offset))

    # Blocks ----------------------------------------------------------------------------------

    def _block(self, indent: int, depth: int, start: int | None = None) -> Value:
        """The mapping or sequence whose lines are indented so far, up to a line that is indented less."""
        if depth > _DEEPEST:
            raise _Unusual
        at = self.at
        start = at if start is None else start
        return self._sequence(indent, depth, start) if self._is_item(at) else self._mapping(indent, depth, start)

    def _is_item(self, at: int) -> bool:
        return self.text.startswith("-", at) and self.text[at + 1 : at + 2] in {" ", "\n", ""}

    def _mapping(self, indent: int, depth: int, start: int) -> Value:
        text, entry, offset, source = self.text, _ENTRY.match, self._offset, self._source
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        end = start + offset
        while True:
            at = self.at
            match = entry(text, at)
            if match is None:
                raise _Unusual
            key, stop = match[1], match.end(1)
            if key is None:
                quoted = 2 if match[3] is None else 3
                key, stop = match[quoted], match.end(quoted) + 1
            key = intern(key)
            place: Span = _made(Span, (source, at + offset, stop + offset))
            if key in keys:
                self._duplicates.append(Duplicate(key, keys[key], place))
            keys[key] = place
            value = entries[key] = self._behind(match, stop + 1, indent, depth)
            end = max(end, value.at.end)
            if self.indent != indent:
                if self.indent > indent:
                    raise _Unusual
                return MapValue(entries, _made(Span, (source, start + offset, end)), keys)

    def _behind(self, match: re.Match[str], colon: int, indent: int, depth: int) -> Value:
        """The value behind a key."""
        if match.lastindex == _SOMETHING_ELSE:
            return self._other(match.end(), indent, depth)
        at = self.at = match.end()
        self.indent = len(match[7]) if at < len(self.text) else -1
        if match[4] is None and match[5] is None and match[6] is None:
            return self._below(indent, depth, colon, at_key=True)
        return self._scalar(match, 4)

    def _scalar(self, match: re.Match[str], first: int, start: int | None = None) -> Value:
        """The scalar of a line whose groups from `first` on are plain and quoted; from the tag before it."""
        offset = self._offset
        begin, end = match.span(first)
        if begin >= 0:
            words = match[first]
            said: Plain = words
            if start is None:
                known = self._known
                said = known[words] if words in known else known.setdefault(words, plain_scalar(words, self._dialect))
        else:
            double, single = match[first + 1], match[first + 2]
            said = single if double is None else _unescaped(double)
            begin, end = match.span(first + 2 if double is None else first + 1)
            begin, end = begin - 1, end + 1
        begin = begin if start is None else start
        return Scalar(said, _made(Span, (self._source, begin + offset, end + offset)))

    def _below(self, indent: int, depth: int, at: int, *, at_key: bool, start: int | None = None) -> Value:
        """What stands in the next lines for a key or dash that nothing stands behind; null where nothing does."""
        if self.indent > indent or (at_key and self.indent == indent and start is None and self._is_item(self.at)):
            return self._block(self.indent, depth + 1, start)
        if start is not None:
            raise _Unusual
        return Scalar(None, self._span(at, at))

    def _sequence(self, indent: int, depth: int, start: int) -> Value:
        items: list[Value] = []
        end = start + self._offset
        while self._is_item(self.at):
            at = self.at
            match: re.Match[str] = _ITEM.match(self.text, at)  # type: ignore[assignment]  # or it were no item
            if match.lastindex:
                self._went(match.end(), match[1])
                value = self._below(indent, depth, at + 1, at_key=False)
            else:
                value = self._item(match.end(), indent, indent + match.end() - at, depth)
            items.append(value)
            end = max(end, value.at.end)
            if self.indent != indent:
                break
        if self.indent > indent:
            raise _Unusual
        return ListValue(tuple(items), self._span(start, end - self._offset))

    def _item(self, at: int, indent: int, column: int, depth: int) -> Value:
        """What stands behind a dash."""
        if self.text[at] in "[{!|":
            return self._other(at, indent, depth)
        match = _SCALAR.match(self.text, at)
        if match is None:
            self._went(at, " " * column)
            return self._block(column, depth + 1)
        self._went(match.end(), match[4])
        return self._scalar(match, 1)

    # Tags, literal texts, collections in brackets ----------------------------------------------

    def _other(self, at: int, indent: int, depth: int) -> Value:
        start, text = at, self.text
        tag = None
        if text[at] == "!":
            match = _TAG.match(text, at)
            if match is None:
                raise _Unusual
            tag, at = match[0].rstrip(" "), match.end()
        return self._tagged(tag, self._untagged(start, at, indent, depth, has_tag=tag is not None))

    def _tagged(self, tag: str | None, value: Value) -> Value:
        return value if tag is None or self._tag is None else self._tag(tag, value, value.at)

    def _untagged(self, start: int, at: int, indent: int, depth: int, *, has_tag: bool) -> Value:
        opening = self.text[at : at + 1]
        if opening == "|":
            return self._literal(start, at, indent)
        if opening and opening in "[{":
            value, at = self._flow(start, at, depth)
            self._ends(at)
            return value
        match = _SCALAR.match(self.text, at) if has_tag else None
        if match is not None:
            self._went(match.end(), match[4])
            return self._scalar(match, 1, start)
        if opening != "\n":
            raise _Unusual
        self._ends(at)
        return self._below(indent, depth, at, at_key=False, start=start)

    def _ends(self, at: int) -> None:
        match = _REST.match(self.text, at)
        if match is None:
            raise _Unusual
        self._went(match.end(), match[1])

    def _literal(self, start: int, at: int, indent: int) -> Value:
        text = self.text
        match = _LITERAL.match(text, at)
        if match is None or len(match[3]) <= indent:
            raise _Unusual
        blanks, at = match[3], match.start(3)
        lines = [""] * len(match[2])
        while at < len(text):
            stop = text.find("\n", at)
            line = text[at:stop]
            if stop < 0 or (len(line) > len(blanks) and not line.strip(" ")):
                raise _Unusual
            if line.strip(" ") and not line.startswith(blanks):
                break
            lines.append(line[len(blanks) :])
            at = stop + 1
        after: re.Match[str] = _BLANKS.match(text, at)  # type: ignore[assignment]  # it matches nothing too
        self._went(after.end(), after[1])
        said = "\n".join(lines).rstrip("\n") + ("" if match[1] else "\n")
        return Scalar(said, self._span(start, start + len(text[start:at].rstrip())))

    def _flow(self, start: int, at: int, depth: int) -> tuple[Value, int]:
        """A collection in brackets, from the tag before it, and the offset behind it."""
        if depth > _DEEPEST:
            raise _Unusual
        is_map = self.text[at] == "{"
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        items: list[Value] = []
        closer = "}" if is_map else "]"
        at += 1
        while self.text.startswith(" ", at):
            at += 1
        going = not self.text.startswith(closer, at)
        while going:
            key = self._flow_key(at, keys) if is_map else None
            at = at if key is None else key.end()
            match = _FLOW_SCALAR.match(self.text, at)
            if match is not None:
                value = self._scalar(match, 1)
            else:
                value, at = self._tagged_or_nested(at, depth)
                match = _FLOW_NEXT.match(self.text, at)
            if match is None or match[match.lastindex] not in (",", closer):  # type: ignore[index]  # one of the groups
                raise _Unusual
            going = match[match.lastindex] == ","  # type: ignore[index]
            at = match.end() if going else match.start(match.lastindex)  # type: ignore[arg-type]
            if key is None:
                items.append(value)
            else:
                entries[intern(key[key.lastindex])] = value  # type: ignore[index]
        place = self._span(start, at + 1)
        return (MapValue(entries, place, keys) if is_map else ListValue(tuple(items), place)), at + 1

    def _flow_key(self, at: int, keys: dict[str, Span]) -> re.Match[str]:
        match = _FLOW_KEY.match(self.text, at)
        if match is None:
            raise _Unusual
        index: int = match.lastindex  # type: ignore[assignment]  # one of the groups has matched
        key = match[index]
        place = self._span(at, match.end(index) + (index > 1))
        if key in keys:
            self._duplicates.append(Duplicate(key, keys[key], place))
        keys[intern(key)] = place
        return match

    def _tagged_or_nested(self, at: int, depth: int) -> tuple[Value, int]:
        start = at
        tag = None
        if self.text.startswith("!", at):
            match = _TAG.match(self.text, at)
            if match is None:
                raise _Unusual
            tag, at = match[0].rstrip(" "), match.end()
        if self.text[at : at + 1] in {"[", "{"}:
            value, at = self._flow(start, at, depth + 1)
            return self._tagged(tag, value), at
        match = _FLOW_SCALAR.match(self.text, at)
        if match is None:
            raise _Unusual
        value = self._scalar(match, 1, start)
        return self._tagged(tag, value), value.at.end - self._offset


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], text) if "\\" in text else text
