"""The catalogue of agent-related resource types, as data: what each attribute is about.

Compiled from a fact sheet by `tools/build_agent_resources.py`. Lowerings are code; the catalogue says what they
have to cover, what an unlisted member of a family is, and which unit, default and limits a lifetime has.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from agentreach.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute. `path` is dotted, `[]` marks lists; `unit`, `default` and limits are as documented."""

    role: str
    path: str
    unit: str = ""
    default: str = ""
    minimum: str = ""
    maximum: str = ""
    values: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One resource type. `kind` is its class in the fact sheet, such as "agent", "agent-tool" or "credential"."""

    type: str
    kind: str
    dialect: str
    same_as: str = ""
    attributes: tuple[Attribute, ...] = ()

    def of(self, *roles: str) -> tuple[Attribute, ...]:
        """The attributes with one of these roles."""
        return tuple(one for one in self.attributes if one.role in roles)


LIFETIMES = ("ttl", "retention", "rotation")
"""Roles of attributes that say how long something lives."""


@cache
def entries() -> dict[str, Entry]:
    """Every entry by its type."""
    text = (Path(__file__).parent / "data" / "agent_resources.json").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = json.loads(text)
    return {type_: _entry(type_, row) for type_, row in rows.items()}


def lifetimes() -> tuple[tuple[str, Attribute], ...]:
    """The one table of lifetimes: every type and attribute that says how long something lives, with its unit."""
    return tuple((type_, one) for type_, entry in entries().items() for one in entry.of(*LIFETIMES) if one.unit)


def _entry(type_: str, row: dict[str, Any]) -> Entry:
    attributes = tuple(_attribute(role, one) for role, rows in row["attributes"].items() for one in rows)
    return Entry(
        type=type_,
        kind=row["class"],
        dialect=row["dialect"],
        same_as=row.get("same_as", ""),
        attributes=attributes,
    )


def _attribute(role: str, row: list[Any]) -> Attribute:
    details: dict[str, Any] = row[1] if len(row) > 1 else {}
    return Attribute(
        role=role,
        path=row[0],
        unit=str(details.get("unit", "")),
        default=str(details.get("default", "")),
        minimum=str(details.get("min", "")),
        maximum=str(details.get("max", "")),
        values=_texts(details.get("values")),
        good=_texts(details.get("good")),
        bad=_texts(details.get("bad")),
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
