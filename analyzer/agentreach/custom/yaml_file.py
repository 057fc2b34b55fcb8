"""YAML that the user names: small, without aliases, with errors that name file and key."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import yaml

from agentreach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

MOST_BYTES = 1024 * 1024


class _Loader(yaml.SafeLoader):
    """Without aliases, which could make a small file large."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not used here")
        return super().compose_node(parent, index)


def table(path: Path, keys: Collection[str]) -> dict[str, Any]:
    """The file's top-level table, its keys known."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: larger than {MOST_BYTES} bytes")
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    return record(content, str(path), keys)


def record(value: object, where: str, keys: Collection[str], required: Collection[str] = ()) -> dict[str, Any]:
    """A table that has the required keys and no others than `keys`."""
    if not isinstance(value, dict):
        raise UsageError(f"{where}: must be a table, not {_shown(value)}")
    for key in value:
        if key not in keys:
            raise UsageError(f"{where}: unknown key {_shown(key)}{hint(str(key), keys)}")
    missing = [key for key in required if key not in value]
    if missing:
        raise UsageError(f"{where}: {missing[0]!r} is missing")
    return value


def rows(value: object, where: str) -> list[Any]:
    """A list; nothing is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UsageError(f"{where}: must be a list, not {_shown(value)}")
    return value


def text(value: object, where: str, *, choices: Collection[str] = (), default: str | None = None) -> str:
    """A string, of the choices when there are any."""
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: must be text, not {_shown(value)}")
    if choices and value not in choices:
        raise UsageError(f"{where}: unknown {value!r}{hint(value, choices)}")
    return value.strip()


def hint(word: str, known: Collection[str]) -> str:
    """The nearest known word, or all of them."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"


def _shown(value: object) -> str:
    return repr(value)[:60]
