"""A declaration with one attribute at line 2, and the facts it states: a minimal example of a row of the catalogue."""

from __future__ import annotations

from dataclasses import fields
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from agentreach.lowering import lower
from agentreach.model import Format, Key, ListValue, MapValue, Resource, Scalar, Source, Span, Value
from lowering.loading import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.identity import Fact
    from agentreach.lowering.catalogue import Entry

Plain = str | float | bool
BODY = "body."


class Row(NamedTuple):
    """What is written at the path, and a fact that says so: its type, and some of its fields as plain Python.

    `at` is the line of the fact: 2 is the attribute, 1 the declaration.
    """

    value: Plain
    kind: type
    says: Mapping[str, object]
    at: int = 2


def declared(type_: str, path: str, value: Plain, beside: Mapping[str, Plain]) -> Resource:
    """A resource of a type; an Azure type is an azapi resource, with the path in its body."""
    source = Source("row", "\n" * 60)
    lines = count(2)
    body: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    azure = type_.startswith("Microsoft.")
    written = {f"{BODY}{path}" if azure and not path.startswith("identity") else path: value, **beside}
    if azure:
        written["type"] = f"{type_}@2025-06-01"
    for name, one in written.items():
        line = next(lines)
        _put(body, keys, name.split("."), one, Span(source, line - 1, line - 1))
    top = Span(source, 0, 0)
    terraform = "azapi_resource" if azure else type_
    return Resource(
        format=Format.TERRAFORM,
        type=terraform,
        key=Key(".", f"{terraform}.row"),
        name="row",
        attributes=MapValue(body, top, keys),
        at=top,
    )


def _put(body: dict[str, Value], keys: dict[str, Span], names: list[str], value: Plain, at: Span) -> None:
    name, rest = names[0].removesuffix("[]"), names[1:]
    keys.setdefault(name, at)
    if not rest:
        body[name] = ListValue((Scalar(value, at),), at) if names[0].endswith("[]") else Scalar(value, at)
        return
    inner = body.get(name)
    if isinstance(inner, ListValue):
        inner = inner.items[0]
    nested = inner if isinstance(inner, MapValue) else MapValue({}, at, {})
    _put(nested.entries, nested.keys, rest, value, at)
    body[name] = ListValue((nested,), at) if names[0].endswith("[]") else nested


def facts(type_: str, path: str, value: Plain, beside: Mapping[str, Plain]) -> tuple[Fact, ...]:
    return lower([declared(type_, path, value, beside)])


def says(found: tuple[Fact, ...], row: Row) -> bool:
    """Whether one of the facts is of the kind, at the line, with these fields."""
    return any(_fits(fact, row) for fact in found if type(fact) is row.kind)


def _fits(fact: Fact, row: Row) -> bool:
    known = {one.name: getattr(fact, one.name) for one in fields(fact)}
    shown = {name: _shown(known[name]) for name in row.says}
    return shown == dict(row.says) and fact.at.location.line == row.at


def _shown(value: object) -> object:
    return value if isinstance(value, str | float | bool) and not isinstance(value, Key) else plain(value)


def described(found: tuple[Fact, ...]) -> str:
    """The facts, for a failing test."""
    return "\n".join(f"{type(fact).__name__} line {fact.at.location.line}: {plain(fact)}" for fact in found)


def rows_of(entries: Mapping[str, Entry], prefixes: tuple[str, ...]) -> set[str]:
    """Every row of the catalogue for types with these prefixes, as `type.path`."""
    return {
        f"{entry.type}.{one.path}"
        for entry in entries.values()
        if entry.type.startswith(prefixes)
        for one in entry.attributes
    }
