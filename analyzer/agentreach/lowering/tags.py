"""Tags in every spelling: a map, a list of Key and Value, repeated blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, alternatives, string

if TYPE_CHECKING:
    from agentreach.model import Value

_KEYS = ("Key", "key")
_VALUES = ("Value", "value")
LATER = "known at deploy time"


def read(*values: Value | None) -> dict[str, str]:
    """Return the tags whose keys are known; an unknown value reads "known at deploy time". Later maps win."""
    found: dict[str, str] = {}
    for value in values:
        for branch in alternatives(value) if value is not None else ():
            found.update(_pairs(branch))
    return found


def _pairs(value: Value) -> dict[str, str]:
    if isinstance(value, MapValue):
        return {name: _text(tag) for name, tag in value.entries.items()}
    if not isinstance(value, ListValue):
        return {}
    entries = [item.entries for item in value.items if isinstance(item, MapValue)]
    pairs = [(_first(entry, _KEYS), _first(entry, _VALUES)) for entry in entries]
    return {name: _text(tag) for key, tag in pairs if (name := string(key))}


def _first(entry: dict[str, Value], names: tuple[str, ...]) -> Value | None:
    return next((entry[name] for name in names if name in entry), None)


def _text(value: Value | None) -> str:
    """The text of a tag; null and absent are empty, anything not known from the code is said to be so."""
    if value is None or (isinstance(value, Scalar) and value.value is None):
        return ""
    known = string(value)
    return LATER if known is None else known
