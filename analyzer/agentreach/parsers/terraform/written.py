"""Values written as JSON text, with holes where a part is unknown."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.number_text import text as number_text
from agentreach.parsers.terraform.numbers import is_infinite
from agentreach.parsers.terraform.texts import text_of
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Failure,
    Mapping,
    Null,
    Number,
    OneOf,
    Partial,
    Perhaps,
    Sequence,
    Set,
    String,
    Unknown,
    Value,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Span


_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def as_text(value: Encoded) -> String | Partial | Unknown:
    """The text that an encoded structure stands for."""
    if value.format == "yaml":
        from agentreach.parsers.terraform.yaml_writing import written_yaml  # noqa: PLC0415 - seldom needed

        return text_of((value.before, *written_yaml(value.value), value.after), value.at)
    return text_of(chain((value.before,), written_json(value.value), (value.after,)), value.at)


def known_text(value: Value) -> str | None:
    """The characters of a string that is known, None for anything else."""
    text = as_text(value) if isinstance(value, Encoded) else value
    return text.text if isinstance(text, String) else None


def cannot_write(value: Value) -> Failure | None:
    """Why a value has no JSON text: an infinity in it, or a part that failed."""
    if type(value) is Failure:
        return value
    if isinstance(value, Number) and is_infinite(value.value):
        return Failure("infinity has no JSON", value.at)
    parts: list[Value] = []
    if isinstance(value, SEQUENCES):
        parts = [item.value if isinstance(item, Perhaps) else item for item in value.items]
    elif isinstance(value, MAPPINGS):
        parts = list(value.entries.values())
    return next(filter(None, map(cannot_write, parts)), None)


def written_json(value: Value) -> Iterator[str | Unknown]:
    """The JSON text of a value in pieces."""
    return _WRITERS[type(value)](value)


def quoted(text: str) -> str:
    """A JSON string as Go writes it: without `<`, `>`, `&` and line separators."""
    return json.dumps(text, ensure_ascii=False).translate(_HTML)


def hole(reason: str, at: Span) -> Unknown:
    """An unknown part of a text."""
    return Unknown(STRING, reason, at, nullable=False)


def _string(value: String) -> Iterator[str | Unknown]:
    yield quoted(value.text)


def _partial(value: Partial) -> Iterator[str | Unknown]:
    yield '"'
    for part in value.parts:
        yield quoted(part)[1:-1] if isinstance(part, str) else part
    yield '"'


def _number(value: Number) -> Iterator[str | Unknown]:
    infinite = is_infinite(value.value)
    yield hole("infinity has no JSON", value.at) if infinite else number_text(value.value, value.precision)


def _bool(value: Bool) -> Iterator[str | Unknown]:
    yield "true" if value.value else "false"


def _null(_value: Null) -> Iterator[str | Unknown]:
    yield "null"


def _unknown(value: Unknown) -> Iterator[str | Unknown]:
    if value.type is STRING and not value.nullable:
        yield from ('"', value, '"')
    else:
        yield Unknown(STRING, value.reason, value.at, value.kind, nullable=False)


def _sequence(value: Sequence) -> Iterator[str | Unknown]:
    if any(isinstance(item, Perhaps) for item in value.items) or is_shuffled(value):
        yield hole("elements that may be missing, or stand in another order", value.at)
        return
    yield "["
    for index, item in enumerate(value.items):
        if index:
            yield ","
        yield from written_json(item)  # type: ignore[arg-type]  # there is no Perhaps
    yield "]"


def is_shuffled(value: Sequence) -> bool:
    """True when what is unknown decides the order of the elements."""
    if len(value.items) < 2:  # noqa: PLR2004 - one element has no order
        return False
    return not is_known(value) if isinstance(value, Set) else value.unordered


def _mapping(value: Mapping) -> Iterator[str | Unknown]:
    if value.rest is not None or value.maybe:
        yield hole("keys that are not known", value.at)
        return
    separator = "{"
    for name, entry in value.entries.items():
        yield f"{separator}{quoted(name)}:"
        yield from written_json(entry)
        separator = ","
    yield "{}" if not value.entries else "}"


def _one_of(value: OneOf) -> Iterator[str | Unknown]:
    yield hole(value.reason, value.at)


def _encoded(value: Encoded) -> Iterator[str | Unknown]:
    text = as_text(value)
    return written_json(text)


def _failure(value: Failure) -> Iterator[str | Unknown]:
    yield hole(value.message, value.at)


_WRITERS: dict[type, Callable[..., Iterator[str | Unknown]]] = {
    String: _string,
    Partial: _partial,
    Number: _number,
    Bool: _bool,
    Null: _null,
    Unknown: _unknown,
    OneOf: _one_of,
    Encoded: _encoded,
    Failure: _failure,
    **dict.fromkeys(SEQUENCES, _sequence),
    **dict.fromkeys(MAPPINGS, _mapping),
}
