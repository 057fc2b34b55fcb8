"""YAML text to values, by the rules of `yamldecode`: a mix of YAML 1.1 and 1.2 that go-cty-yaml resolves itself."""

from __future__ import annotations

from binascii import a2b_base64
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from agentreach.late_regex import late_regex
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.json_reading import (
    DEPTH,
    BeyondLimitError,
    Document,
    MalformedError,
    document,
    read_number,
)
from agentreach.parsers.terraform.texts import normal, text_of
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import (
    Bool,
    Failure,
    Null,
    Number,
    Object,
    Partial,
    String,
    Tuple,
    Unknown,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NODES = 1_000_000
_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = {"str", "bool", "int", "float", "null", "timestamp", "binary"}
_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INFINITE = {sign + word: sign + "inf" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_NAN = frozenset((".nan", ".NaN", ".NAN"))
_INTEGER = late_regex(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = late_regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TIMESTAMP = late_regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_HINTED = frozenset("yYnNtTfFoO~.+-0123456789")


def read_yaml(value: String | Partial) -> Value:
    """The value of a YAML text of one document. Raises MalformedError."""
    source = document(value)
    if "\ufeff" in source.text[1:]:
        raise BeyondLimitError("the YAML has a byte order mark within")
    try:
        return _Reader(source, yaml.parse(source.text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "not YAML"
        raise MalformedError(str(problem)) from None
    except RecursionError:
        raise BeyondLimitError("the YAML is nested too deeply") from None


class _Reader:
    """Consumes parse events; an alias costs as much as what it stands for."""

    def __init__(self, source: Document, events: Iterator[Any]) -> None:
        self.source = source
        self.events = events
        self.anchors: dict[str, tuple[Value, int] | None] = {}
        self.nodes = 0
        self.seen = 0

    def next(self) -> Any:  # noqa: ANN401 - PyYAML's events have no common type
        return next(self.events)

    def document(self) -> Value:
        self.next()
        if not isinstance(self.next(), yaml.DocumentStartEvent):
            raise MalformedError("there is no YAML document")
        result = self.value(self.next(), 0)
        self.next()
        if not isinstance(self.next(), yaml.StreamEndEvent):
            raise MalformedError("there is more than one YAML document")
        return result

    def value(self, event: Any, depth: int) -> Value:  # noqa: ANN401
        if depth > DEPTH:
            raise BeyondLimitError("the YAML is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.count(1)
        before = self.nodes
        if event.anchor:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            result = self.scalar(event)
        else:
            _expect(event.tag, "map" if isinstance(event, yaml.MappingStartEvent) else "seq")
            collect = self.mapping if isinstance(event, yaml.MappingStartEvent) else self.sequence
            result = collect(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = result, self.nodes - before + 1
        return result

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > _NODES:
            raise BeyondLimitError("the YAML has too many nodes")

    def alias(self, event: Any) -> Value:  # noqa: ANN401
        found = self.anchors.get(event.anchor)
        if found is None:
            raise MalformedError("an alias has no anchor before it, or stands within it")
        self.count(found[1])
        return found[0]

    def sequence(self, event: Any, depth: int) -> Value:  # noqa: ANN401
        items: list[Value] = []
        while not isinstance(following := self.next(), yaml.SequenceEndEvent):
            items.append(self.value(following, depth + 1))
        return Tuple(tuple(items), self.span(event, following))

    def mapping(self, event: Any, depth: int) -> Value:  # noqa: ANN401
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        rest: list[Value] = []
        while not isinstance(following := self.next(), yaml.MappingEndEvent):
            if _is_merge(following):
                merged = self.value(self.next(), depth + 1)
                for one in merged.items if isinstance(merged, Tuple) else (merged,):
                    if not isinstance(one, Object):
                        raise MalformedError("only mappings can be merged into a mapping")
                    entries.update(one.entries)
                    keys.update(one.keys)
                continue
            key = self.key(following)
            value = self.value(self.next(), depth + 1)
            if isinstance(key, String):
                entries[key.text], keys[key.text] = value, key.at
            else:
                rest.append(value)
        at = self.span(event, following)
        further = one_of(rest, at, "keys that are not known") if rest else None
        return Object(dict(sorted(entries.items())), at, keys, further)

    def key(self, event: Any) -> Value:  # noqa: ANN401
        if not isinstance(event, yaml.ScalarEvent):
            raise MalformedError("a key must be a scalar")
        key = convert(self.resolved(event), STRING)
        if isinstance(key, Null | Failure):
            raise MalformedError("a key must not be null")
        return key

    def scalar(self, event: Any) -> Value:  # noqa: ANN401
        value = self.resolved(event)
        # Quoted and block text is a string, even where its characters were resolved as something else.
        return value if event.implicit[0] or event.tag else convert(value, STRING)

    def resolved(self, event: Any) -> Value:  # noqa: ANN401
        at = self.span(event, event)
        text = event.value
        if self.source.mark and self.source.mark in text:
            return self.with_holes(event, text, at)
        tag = _short(event.tag)
        if tag and tag not in _SCALAR_TAGS:
            raise MalformedError("a tag is not supported")
        hinted = text == "" or text[0] in _HINTED
        if hinted and tag not in ("str", "binary"):
            if event.style in ("'", '"'):
                return String(normal(text), at)
            found = _plain(text, tag, at)
            if found is not None:
                return found
        return _tagged(text, tag, at)

    def with_holes(self, event: Any, text: str, at: Span) -> Value:  # noqa: ANN401
        parts: list[str | Unknown] = []
        for index, part in enumerate(text.split(self.source.mark)):
            if index:
                parts.append(self.source.holes[min(self.seen, len(self.source.holes) - 1)])
                self.seen += 1
            parts.append(part)
        if len(text) == 1 and event.implicit[0]:
            unknown = parts[1]
            assert isinstance(unknown, Unknown)
            return Unknown(DYNAMIC, unknown.reason, unknown.at, unknown.kind, reference=unknown.reference)
        return text_of(parts, at)

    def span(self, first: Any, last: Any) -> Span:  # noqa: ANN401
        return self.source.locate(first.start_mark.index, max(last.end_mark.index, first.start_mark.index + 1))


def _short(tag: str | None) -> str:
    return "" if not tag else tag.removeprefix(_TAG)


def _expect(tag: str | None, kind: str) -> None:
    if tag and _short(tag) != kind:
        raise MalformedError("a tag does not fit what it stands before")


def _is_merge(event: Any) -> bool:  # noqa: ANN401
    if not isinstance(event, yaml.ScalarEvent):
        return False
    return (not event.tag and event.value == "<<") or _short(event.tag) == "merge"


def _plain(text: str, tag: str, at: Span) -> Value | None:
    """What unquoted text stands for when its first character hints at more than a string."""
    if text in _TRUE or text in _FALSE:
        return Bool(text in _TRUE, at)
    if text in _NULL:
        return Null(at)
    if text in _INFINITE:
        return Number(float(_INFINITE[text]), at)
    if not tag and text in _NAN:
        raise MalformedError("NaN is not a number of Terraform")
    if text[0] == ".":
        return read_number(text, at) if _FLOAT.fullmatch(text) else None
    if tag in ("", "timestamp") and (timestamp := _timestamp(text)):
        return String(timestamp, at)
    if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
        return _number(text, at)
    return None


def _number(text: str, at: Span) -> Value:
    plain = text.replace("_", "")
    for prefix, base in (("0o", 8), ("0x", 16)):
        if plain.startswith(prefix):
            return Number(int(plain[2:], base), at)
    return read_number(plain, at)


def _tagged(text: str, tag: str, at: Span) -> Value:
    if tag in ("", "str", "binary"):
        if tag == "binary" and not _is_base64(text):
            raise MalformedError("binary data is not base64")
        return String(normal(text), at)
    if tag in ("int", "float"):
        return _number(text, at)
    if tag == "null":
        return Null(at)
    raise MalformedError("a value does not fit its tag")


def _is_base64(text: str) -> bool:
    try:
        return a2b_base64(text.replace("\n", "").replace("\r", ""), strict_mode=True) is not None
    except ValueError:
        return False


def _timestamp(text: str) -> str | None:
    """A timestamp as RFC 3339 writes it, without fractions of a second; None if the text is none."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, introducer, hour, minute, second, zone = match.groups()
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if introducer is None:
        return f"{found.isoformat()}T00:00:00Z"
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59 or (zone is None) is not (introducer == " "):  # noqa: PLR2004
        return None
    offset = "Z" if zone in (None, "Z", "+00:00", "-00:00") else zone
    return f"{found.isoformat()}T{int(hour):02d}:{int(minute):02d}:{int(second):02d}{offset}"
