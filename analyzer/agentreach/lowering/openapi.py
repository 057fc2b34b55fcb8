"""Operations that an OpenAPI document declares for a tool, and which of them ask for confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Operation
from agentreach.lowering import yaml_text
from agentreach.lowering.operations import mutating
from agentreach.model import Broken, Encoded, MapValue, Reference, Scalar, Text, Unknown, child, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Value

METHODS = ("get", "head", "options", "trace", "post", "put", "patch", "delete")
CONFIRMATION = "x-requireConfirmation"
"""Bedrock's vendor extension: `ENABLED` on an operation makes the agent ask before it calls it."""


def document(value: Value) -> Value | Unknown:
    """The document in a payload: structured, encoded, or a JSON or YAML text. Unknown says why there is none."""
    match value:
        case Encoded(value=inner):
            return document(inner)
        case Text() | Scalar(value=str()):
            found = yaml_text.decode(value)
            return Unknown(found.message, found.at) if isinstance(found, Broken) else found
        case Reference():
            return Unknown(f"{value.key}.{value.attribute} is only known after deployment", value.at)
        case _:
            return value


def operations(api: Value, *, confirmable: bool) -> Iterator[Operation]:
    """Every method of every path. `confirmable`: the vendor extension counts here."""
    for _, _, operation in located(api, confirmable=confirmable):
        yield operation


def located(api: Value, *, confirmable: bool) -> Iterator[tuple[str, str, Operation]]:
    """The same, each with its path and method."""
    paths = child(api, "paths")
    if not isinstance(paths, MapValue):
        return
    for path, item in paths.entries.items():
        if not isinstance(item, MapValue):
            continue
        for method in METHODS:
            body = item.entries.get(method)
            if isinstance(body, MapValue):
                name = _known(body.entries.get("operationId")) or f"{method.upper()} {path}"
                answer = _confirmation(body, confirmable=confirmable)
                place = item.keys.get(method, body.at)
                place = body.keys.get(CONFIRMATION, place) if answer else place
                yield path, method, Operation(name, mutating(name, method), answer, place)


def _known(value: Value | None) -> str:
    """The known parts of a name."""
    return "".join(part for part in text_parts(value) if isinstance(part, str))


def _confirmation(body: MapValue, *, confirmable: bool) -> bool | None:
    value = body.entries.get(CONFIRMATION)
    if value is None or not confirmable:
        return False
    known = string(value)
    return None if known is None else known.upper() in {"ENABLED", "TRUE"}
