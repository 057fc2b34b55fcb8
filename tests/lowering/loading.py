"""Declarations written in a test, as facts; and facts as plain Python, without what only one language has."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar

from agentreach.lowering import lower, wanted
from agentreach.lowering.declaration import fold
from agentreach.model import (
    Encoded,
    Key,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Span,
    Text,
    Unknown,
)
from agentreach.parsers import cloudformation, terraform
from agentreach.sources import Tree

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact
    from agentreach.model import Parsed

Kind = TypeVar("Kind")
HEADER = 'AWSTemplateFormatVersion: "2010-09-09"\n'


def from_terraform(directory: Path, text: str) -> tuple[Fact, ...]:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return _facts(terraform.load(Tree([directory]), terraform.TerraformOptions(), wanted))


def from_template(directory: Path, text: str) -> tuple[Fact, ...]:
    (directory / "template.yaml").write_text(text, encoding="utf-8")
    return _facts(cloudformation.load(Tree([directory]), cloudformation.CloudFormationOptions(), wanted))


def _facts(parsed: Parsed) -> tuple[Fact, ...]:
    assert not parsed.broken, [(str(one.at.location), one.message) for one in parsed.broken]
    return lower(parsed.resources)


def only(facts: tuple[Fact, ...], kind: type[Kind]) -> list[Kind]:
    return [fact for fact in facts if isinstance(fact, kind)]


def line(place: Span) -> int:
    return place.location.line


NOT_COMPARED = frozenset({"at", "note", "stored_in", "because"})
SAME = {"value": "apikeyvalue", "password": "masteruserpassword", "user_data": "UserData"}
"""Attribute names of Terraform that CloudFormation spells otherwise."""


def plain(value: object) -> object:
    """A fact as nested tuples: keys by their own name, references by what they name, no places."""
    match value:
        case Key(address=address):
            return _name(address)
        case Span() | None:
            return None
        case Scalar(known):
            return known
        case Text(parts):
            return "".join(str(plain(part)) for part in parts)
        case Reference(key):
            return f"<{_name(key.address)}>"
        case Unknown(_, _, kind):
            return f"<{kind.value}>"
        case ListValue(items) | OneOf(items):
            return tuple(map(plain, items))
        case MapValue(entries):
            return tuple((name, plain(entry)) for name, entry in entries.items())
        case Encoded(inner):
            return plain(inner)
        case str():
            return SAME.get(value, str(value))
        case tuple():
            return _tuple(value)
        case dict():
            return tuple(sorted((name, plain(entry)) for name, entry in value.items()))
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _fact(value)
        case _:
            return value


def _tuple(value: tuple[object, ...]) -> object:
    names: tuple[str, ...] = getattr(value, "_fields", ())
    if names:
        return tuple(plain(part) for name, part in zip(names, value, strict=True) if name not in NOT_COMPARED)
    return tuple(map(plain, value))


def _fact(value: object) -> object:
    assert is_dataclass(value)
    pairs = [(one.name, getattr(value, one.name)) for one in fields(value) if one.name not in NOT_COMPARED]
    shown = [(name, fold(str(part)) if name == "attribute" else plain(part)) for name, part in pairs]
    return (type(value).__name__, *((name, _last(part) if name == "attribute" else part) for name, part in shown))


def _last(path: object) -> str:
    last = str(path).rpartition(".")[2]
    return SAME.get(last, last)


def _name(address: str) -> str:
    """Without the type that Terraform puts before a name and what CloudFormation nests it in."""
    base, mark, detail = address.partition("#")
    return base.rpartition(".")[2] + (mark + _last(fold(detail)) if mark else "")
