"""A smaller statement as text to paste over the one that is there, in the syntax it is written in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.findings import Remedy

_OBJECT = late_regex(r"\{\s*+(?:(?:#|\/\/)[^\n]*+\s*+)*+\"?\w++\"?\s*+=")
_BLOCK_NAMES = {"Action": "actions", "NotAction": "not_actions", "Resource": "resources", "Effect": "effect"}


def as_statement(remedy: Remedy) -> list[str]:
    """The lines of the smaller statement; none where something else than a statement of the file says it."""
    assert isinstance(remedy.value, dict)
    text, path = remedy.at.text, remedy.at.source.path
    if path.endswith((".tf", ".tofu")) and text.startswith(("statement", "rule")):
        return list(_block(text.split(maxsplit=1)[0], remedy.value))
    if path.endswith((".tf", ".tofu")) and _OBJECT.match(text):
        return list(_object(remedy.value))
    if text.startswith("{") and text.lstrip("{ \t\r\n").startswith('"'):
        return json.dumps(remedy.value, indent=2, ensure_ascii=False).split("\n")
    if path.endswith((".yaml", ".yml", ".template", ".json")) and re.match(r"\{?\s*\w+:", text):
        return list(_mapping(remedy.value))
    return []


def _block(name: str, value: Mapping[str, object]) -> Iterator[str]:
    rows = {_BLOCK_NAMES.get(key, _snake(key)): one for key, one in value.items() if one != "Allow"}
    width = max(map(len, rows))
    yield f"{name} {{"
    yield from (f"  {key:<{width}} = {_listed(one)}" for key, one in rows.items())
    yield "}"


def _object(value: Mapping[str, object]) -> Iterator[str]:
    width = max(map(len, value))
    yield "{"
    yield from (f"  {key:<{width}} = {json.dumps(one, ensure_ascii=False)}" for key, one in value.items())
    yield "}"


def _mapping(value: Mapping[str, object]) -> Iterator[str]:
    for number, (key, one) in enumerate(value.items()):
        lead = "- " if number == 0 else "  "
        if isinstance(one, list):
            yield f"{lead}{key}:"
            yield from (f"    - {json.dumps(item, ensure_ascii=False)}" for item in one)
        else:
            yield f"{lead}{key}: {one}"


def _listed(value: object) -> str:
    return json.dumps(value if isinstance(value, list) else [value], ensure_ascii=False)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
