"""YAML (or JSON) that the code holds as text, decoded into values located in the file that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering import json_text
from agentreach.lowering.offsets import Offsets
from agentreach.model import Broken, Encoded, ListValue, MapValue, Scalar, Source, Text

if TYPE_CHECKING:
    from agentreach.model import Value

_DEPTH = 100


def decode(value: Scalar | Text) -> Value | Broken:
    """The structure in a JSON or YAML text; holes in YAML are read as empty text."""
    text = "".join(
        part for part in (value.parts if isinstance(value, Text) else (value.value,)) if isinstance(part, str)
    )
    if text.lstrip()[:1] in ("{", "["):
        return json_text.decode(value)
    from agentreach.parsers import yaml  # noqa: PLC0415 - a scan without YAML never imports it

    documents = yaml.parse(Source(value.at.source.path, text))
    offsets = Offsets(text, value.at)
    if not documents:
        return Broken(value.at, "the text is empty")
    first = documents[0]
    if isinstance(first, Broken):
        return Broken(offsets.span(first.at.start, first.at.end), first.message)
    return _moved(first.value, offsets, _DEPTH)


def _moved(value: Value, offsets: Offsets, depth: int) -> Value:
    """The value with its places in the decoded text replaced by those in the file."""
    at = offsets.span(value.at.start, value.at.end)
    match value:
        case Scalar(value=known):
            return Scalar(known, at)
        case ListValue(items=items) if depth:
            return ListValue(tuple(_moved(item, offsets, depth - 1) for item in items), at)
        case MapValue(entries=entries, keys=keys) if depth:
            return MapValue(
                {name: _moved(entry, offsets, depth - 1) for name, entry in entries.items()},
                at,
                {name: offsets.span(key.start, key.end) for name, key in keys.items()},
            )
        case Encoded(value=inner) if depth:
            return _moved(inner, offsets, depth - 1)
        case _:
            return value
