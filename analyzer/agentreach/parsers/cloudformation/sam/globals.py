"""`Globals` merged into the resources of a type.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html:
maps merge, lists are added to (globals first), anything else is replaced by the resource's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Value, child, elements, string
from agentreach.parsers.cloudformation.sam.writing import intrinsic, properties_of

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

PREFIX = "AWS::Serverless::"
_REPLACED = {"Architectures"}


def merged(scope: Scope, entry: Entry) -> Entry:
    """The resource with what Globals give to its type."""
    given = scope.section("Globals").entries.get(entry.type.removeprefix(PREFIX))
    if not entry.type.startswith(PREFIX) or not isinstance(given, MapValue) or not isinstance(entry.value, MapValue):
        return entry
    kept = _without_ignored(given, child(entry.value, "IgnoreGlobals"))
    properties = _merged_maps(kept, properties_of(entry))
    value = MapValue({**entry.value.entries, "Properties": properties}, entry.value.at, entry.value.keys)
    return entry._replace(value=value)


def _without_ignored(given: MapValue, ignored: Value | None) -> MapValue:
    names = {string(one) for one in elements(ignored)}
    if not names:
        return given
    kept = {} if "*" in names else {name: value for name, value in given.entries.items() if name not in names}
    return MapValue(kept, given.at, given.keys)


def _merged(name: str, given: Value, own: Value) -> Value:
    if intrinsic(given) or intrinsic(own) or name in _REPLACED:
        return own
    if isinstance(given, MapValue) and isinstance(own, MapValue):
        return _merged_maps(given, own)
    if isinstance(given, ListValue) and isinstance(own, ListValue):
        return ListValue(given.items + own.items, own.at)
    return given if isinstance(own, Scalar) and own.value is None else own


def _merged_maps(given: MapValue, own: MapValue) -> MapValue:
    entries = dict(given.entries)
    for name, value in own.entries.items():
        entries[name] = _merged(name, entries[name], value) if name in entries else value
    return MapValue(entries, own.at, {**given.keys, **own.keys}, open=own.open)
