"""Raw template values written by SAM's transform, placed at the line that causes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Span, Value, child, string
from agentreach.parsers.cloudformation.language_extensions import Entry
from agentreach.parsers.cloudformation.pseudo import NO_VALUE

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.scope import Scope

Plain = str | float | bool | None | Value | Sequence["Plain"] | Mapping[str, "Plain"]

# What a generated resource takes over from the one that causes it.
_PASSED_ON = ("Condition", "DeletionPolicy", "UpdateReplacePolicy")


def written(plain: Plain, at: Span) -> Value:
    """A raw value of plain data; values inside it stay what they are."""
    if isinstance(plain, Mapping):
        entries = {name: written(value, at) for name, value in plain.items() if value is not None}
        return MapValue(entries, at, dict.fromkeys(entries, at))
    if plain is None or isinstance(plain, str | int | float):
        return Scalar(plain, at)
    if isinstance(plain, Sequence):
        return ListValue(tuple(written(item, at) for item in plain), at)
    return plain


def ref(name: str) -> Plain:
    """A raw `Ref`."""
    return {"Ref": name}


def get_att(name: str, attribute: str = "Arn") -> Plain:
    """A raw `Fn::GetAtt`."""
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str, variables: Mapping[str, Plain] | None = None) -> Plain:
    """A raw `Fn::Sub`."""
    return {"Fn::Sub": [text, variables or {}]}


def generated(cause: Entry, name: str, type_: str, properties: Plain, at: Span | None = None) -> Entry:
    """A resource that another one causes, under the same condition."""
    place = at or cause.at
    passed = {key: child(cause.value, key) for key in _PASSED_ON}
    value = written({"Type": type_, "Properties": properties, **passed}, place)
    whole = Span(place.source, place.start, max(place.end, cause.value.at.end)) if at is None else place
    if isinstance(value, MapValue):
        value = MapValue(value.entries, whole, value.keys)
    return Entry(name, value, place, cause.bindings, cause.certain)


def replaced(cause: Entry, type_: str, properties: MapValue) -> Entry:
    """The same resource as another type, with other properties."""
    assert isinstance(cause.value, MapValue)
    entries = {**cause.value.entries, "Type": Scalar(type_, cause.value.entries["Type"].at), "Properties": properties}
    return cause._replace(value=MapValue(entries, cause.value.at, cause.value.keys))


def properties_of(entry: Entry) -> MapValue:
    """A resource's raw properties; empty where it has none."""
    found = child(entry.value, "Properties")
    return found if isinstance(found, MapValue) else MapValue({}, entry.at)


def key_span(properties: MapValue, name: str) -> Span:
    """Where a property is named."""
    return properties.keys.get(name, properties.at)


def intrinsic(value: Value | None) -> str | None:
    """The name of the function that a raw value calls; None for anything else."""
    if isinstance(value, MapValue) and len(value.entries) == 1:
        name = next(iter(value.entries))
        return name if name == "Ref" or name.startswith("Fn::") else None
    return None


def is_no_value(value: Value | None) -> bool:
    """Whether a raw value is `!Ref AWS::NoValue`."""
    return intrinsic(value) == "Ref" and string(child(value, "Ref")) == NO_VALUE


def literal(scope: Scope, value: Value | None) -> str | None:
    """A raw text, also through a parameter. Never looks at resources, which are not complete yet."""
    name = string(child(value, "Ref")) if intrinsic(value) == "Ref" else None
    if name is not None and value is not None and name in scope.section("Parameters").entries:
        return string(scope.ref(name, value.at))
    return string(value)


def tag_list(tags: Value | None) -> Value | None:
    """SAM's map of tags as CloudFormation's list; anything else as it is."""
    if not isinstance(tags, MapValue) or intrinsic(tags) is not None:
        return tags
    items = ({"Key": Scalar(name, tags.keys.get(name, tags.at)), "Value": tags.entries[name]} for name in tags.entries)
    return ListValue(tuple(written(item, tags.at) for item in items), tags.at)
