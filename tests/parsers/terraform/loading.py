"""Loading Terraform written in a test, and reading what came out in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import (
    Encoded,
    ListValue,
    MapValue,
    OneOf,
    Parsed,
    Reference,
    Resource,
    Scalar,
    Text,
    Unknown,
    Value,
)
from agentreach.parsers.terraform import TerraformOptions, load
from agentreach.sources import Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def parsed(
    directory: Path,
    files: dict[str, str],
    options: TerraformOptions | None = None,
    wanted: Callable[[str], bool] = lambda _: True,
) -> Parsed:
    return load(Tree([write(directory, files)]), options or TerraformOptions(), wanted)


def resources(directory: Path, files: dict[str, str], options: TerraformOptions | None = None) -> dict[str, Resource]:
    found = parsed(directory, files, options)
    assert not found.broken, found.broken
    return {resource.key.address: resource for resource in found.resources}


def plain(value: Value | None) -> object:
    """Known values as Python has them; others as short texts: `?reason`, `@address.attribute`, `(a | b)`."""
    match value:
        case None:
            return None
        case Scalar(known):
            return known
        case MapValue(entries, _, _, is_open):
            return {name: plain(entry) for name, entry in entries.items()} | ({"…": None} if is_open else {})
        case ListValue(items, _, is_open):
            return [plain(item) for item in items] + (["…"] if is_open else [])
        case Encoded(inner):
            return plain(inner)
        case Reference(key, attribute):
            return f"@{key.address}.{attribute}"
        case Unknown(reason):
            return f"?{reason}"
        case OneOf(alternatives):
            return f"({' | '.join(str(plain(one)) for one in alternatives)})"
        case Text(parts):
            return "".join(part if isinstance(part, str) else f"<{plain(part)}>" for part in parts)


def attribute(resource: Resource, name: str) -> object:
    return plain(resource.attributes.entries.get(name))


def line(value: Value | None) -> int:
    assert value is not None
    return value.at.location.line
