"""YAML (or JSON) that the code holds as text, decoded into values located in the file that holds it.

A part only known at deploy time is a private-use character while the text is read, and a part of the value it stands
in afterwards; several parts are several characters, so that none is taken for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering import json_text
from agentreach.lowering.offsets import Offsets
from agentreach.model import Broken, Encoded, ListValue, MapValue, Reference, Scalar, Source, Text, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Value

_DEPTH = 100
_HOLES = range(0xE000, 0xF8FF)


def decode(value: Scalar | Text, *, template: bool = False) -> Value | Broken:
    """The structure in a JSON or YAML text. `template`: CloudFormation's short forms (`!Ref`) become long ones."""
    parts = value.parts if isinstance(value, Text) else (value.value,)
    known = "".join(part for part in parts if isinstance(part, str))
    if known.lstrip()[:1] in ("{", "["):
        return json_text.decode(value)
    text, holes = _joined(parts, known)
    offsets = Offsets(text, value.at)
    found = _parsed(Source(value.at.source.path, text), template=template)
    if found is None:
        return Broken(value.at, "the text is empty")
    if isinstance(found, Broken):
        return Broken(offsets.span(found.at.start, found.at.end), found.message)
    return _Moved(offsets, holes).value(found, _DEPTH)


def _parsed(source: Source, *, template: bool) -> Value | Broken | None:
    from agentreach.parsers import yaml  # noqa: PLC0415 - a scan without YAML never imports it

    if template:
        from agentreach.parsers.cloudformation.tags import long_form  # noqa: PLC0415 - likewise

        documents = yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION, tag=long_form)
    else:
        documents = yaml.parse(source)
    first = documents[0] if documents else None
    return first.value if isinstance(first, yaml.Document) else first


def _joined(parts: tuple[object, ...], known: str) -> tuple[str, dict[str, Unknown | Reference]]:
    """The text with a character for each hole; holes beyond the characters there are stay out of it."""
    free = (chr(code) for code in _HOLES if chr(code) not in known)
    holes: dict[str, Unknown | Reference] = {}
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif isinstance(part, Unknown | Reference) and (mark := next(free, None)) is not None:
            holes[mark] = part
            text += mark
    return text, holes


class _Moved:
    """Values with their places in the decoded text replaced by those in the file, and holes put back."""

    def __init__(self, offsets: Offsets, holes: dict[str, Unknown | Reference]) -> None:
        self._offsets = offsets
        self._holes = holes

    def value(self, value: Value, depth: int) -> Value:
        at = self._offsets.span(value.at.start, value.at.end)
        match value:
            case Scalar(value=str(known)) if not self._holes.keys().isdisjoint(known):
                parts = tuple(self._parts(known))
                return Text(parts, at) if len(parts) > 1 or isinstance(parts[0], str) else parts[0]
            case Scalar(value=known):
                return Scalar(known, at)
            case ListValue(items=items) if depth:
                return ListValue(tuple(self.value(item, depth - 1) for item in items), at)
            case MapValue(entries=entries, keys=keys) if depth:
                return MapValue(
                    {name: self.value(entry, depth - 1) for name, entry in entries.items()},
                    at,
                    {name: self._offsets.span(key.start, key.end) for name, key in keys.items()},
                    open=not self._holes.keys().isdisjoint("".join(entries)),
                )
            case Encoded(value=inner) if depth:
                return self.value(inner, depth - 1)
            case _:
                return value

    def _parts(self, text: str) -> Iterator[str | Unknown | Reference]:
        known = ""
        for letter in text:
            hole = self._holes.get(letter)
            if hole is None:
                known += letter
                continue
            if known:
                yield known
            known = ""
            yield hole
        if known:
            yield known
