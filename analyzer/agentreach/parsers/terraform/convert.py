"""Conversion of values to types, as Terraform converts arguments, operands and variables.

A conversion that is impossible yields a Failure. What is unknown converts to an unknown value of the wanted type;
parts that are known stay known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.comparison import is_shuffled, set_of
from agentreach.parsers.terraform.convert_scalars import (
    bool_to_string,
    failed,
    from_bool,
    from_null,
    from_number,
    from_partial,
    from_string,
    from_unknown,
    mismatch,
    number_to_string,
)
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    has_open,
    is_open,
    without_optional,
)
from agentreach.parsers.terraform.unify import common_element, convertible, shared, unify
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Failure,
    Item,
    List,
    Map,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    Sequence,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
    known_items,
    one_of,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.model import Span


def convert(value: Value, target: Type) -> Value:
    """The value as the wanted type; a Failure where Terraform reports an error."""
    if target is STRING:
        kind = type(value)
        if kind is String or kind is Partial:
            return value
        return _STRINGS.get(kind, mismatch)(value, target)
    if is_open(target):
        return value
    return _CONVERSIONS.get(type(value), mismatch)(value, target)


def unified(values: list[Value], at: Span, *, unsafe: bool = True) -> tuple[Type, list[Value]] | Failure:
    """The values as their most general common type, and that type."""
    element = unify([type_of(value) for value in values], unsafe=unsafe)
    if element is None:
        return Failure("the elements have no type in common", at)
    converted = [convert(value, element) for value in values]
    failure = next((value for value in converted if type(value) is Failure), None)
    return failure or (element, converted)


def _from_encoded(value: Encoded, target: Type) -> Value:
    text = as_text(value)
    return text if target is STRING else convert(text, target)


def _encoded_to_string(value: Encoded, _target: Type) -> Value:
    return value


def _from_one_of(value: OneOf, target: Type) -> Value:
    return one_of([convert(one, target) for one in value.alternatives], value.at, value.reason)


def _from_sequence(value: Sequence, target: Type) -> Value:
    if isinstance(target, ListType | SetType):
        return _to_collection(value, target)
    if isinstance(target, TupleType) and isinstance(value, Tuple):
        return _to_tuple(value, target)
    return mismatch(value, target)


def _to_collection(value: Sequence, target: ListType | SetType) -> Value:
    if isinstance(value, Set) and isinstance(target, ListType):
        value = List(value.items, value.at, value.element, is_shuffled(value))
    if not isinstance(value, Tuple) and _has_element(value, target):
        if type_of(value) == target:
            return value
        return _collected(value.items, value.element, target, value)
    if not value.items:
        return _empty(value, target)
    element: Type | None = target.element
    if is_open(target.element):
        element = _common_element(value)
    if element is None:
        return Failure("the elements have no type in common", value.at)
    items = _converted_items(value.items, element)
    return items if isinstance(items, Failure) else _collected(items, element, target, value)


def _has_element(value: List | Set, target: ListType | SetType) -> bool:
    return value.element == target.element or is_open(target.element)


def _common_element(value: Sequence) -> Type | None:
    return common_element([type_of(item.value if isinstance(item, Perhaps) else item) for item in value.items])


def _empty(value: Sequence, target: ListType | SetType) -> Value:
    if not isinstance(value, Tuple) and not convertible(value.element, target.element):
        return mismatch(value, target)
    element = without_optional(target.element)
    return List((), value.at, element) if isinstance(target, ListType) else Set((), value.at, element)


def _converted_items(items: Iterable[Item], element: Type) -> tuple[Item, ...] | Failure:
    converted: list[Item] = []
    for item in items:
        result = convert(item.value if isinstance(item, Perhaps) else item, element)
        if type(result) is Failure:
            if isinstance(item, Perhaps):
                continue  # It cannot be there.
            return result
        converted.append(Perhaps(result, item.many) if isinstance(item, Perhaps) else result)
    return tuple(converted)


def _collected(items: tuple[Item, ...], element: Type, target: ListType | SetType, source: Sequence) -> Value:
    at = source.at
    if has_open(element) and not is_open(element):
        settled = _settled(items, at)
        if isinstance(settled, Failure):
            return settled
        element, items = settled
    element = without_optional(element)
    if isinstance(target, SetType):
        return set_of(items, element, at)
    return List(items, at, element, is_shuffled(source))


def _settled(items: tuple[Item, ...], at: Span) -> tuple[Type, tuple[Item, ...]] | Failure:
    """Elements of one type where the wanted type left parts of theirs open."""
    element = unify([type_of(item.value if isinstance(item, Perhaps) else item) for item in items])
    if element is None:
        return Failure("the elements have no type in common", at)
    converted = _converted_items(items, element)
    if isinstance(converted, Failure):
        return converted
    if shared(type_of(item.value if isinstance(item, Perhaps) else item) for item in converted) is None:
        return Failure("the elements are not of one type", at)
    return element, converted


def _to_tuple(value: Tuple, target: TupleType) -> Value:
    items = known_items(value)
    if items is None:
        return Unknown(without_optional(target), "its elements are not known", value.at, nullable=False)
    if len(items) != len(target.elements):
        return mismatch(value, target)
    converted = [convert(item, part) for item, part in zip(items, target.elements, strict=True)]
    failure = next((item for item in converted if type(item) is Failure), None)
    return failure or Tuple(tuple(converted), value.at, value.unordered)


def _from_mapping(value: Map | Object, target: Type) -> Value:
    if isinstance(target, MapType):
        return _to_map(value, target)
    if isinstance(target, ObjectType):
        return _to_object(value, target)
    return mismatch(value, target)


def _to_map(value: Map | Object, target: MapType) -> Value:
    element: Type | None = target.element
    if isinstance(value, Map) and (value.element == element or is_open(target.element)):
        return value
    if not value.entries and isinstance(value, Map) and not convertible(value.element, target.element):
        return mismatch(value, target)
    if is_open(target.element) and value.entries:
        element = _common_attribute(value)
    if element is None:
        return Failure("the attributes have no type in common", value.at)
    entries = _converted_entries(value, element)
    if isinstance(entries, Failure):
        return entries
    rest = None if value.rest is None else convert(value.rest, element)
    return _mapped(Map(entries, value.at, element, value.keys, rest, value.maybe & entries.keys()))


def _common_attribute(value: Map | Object) -> Type | None:
    types = [type_of(entry) for entry in value.entries.values()]
    element = unify(types)
    return shared(types) if element is DYNAMIC else element


def _converted_entries(value: Map | Object, element: Type) -> dict[str, Value] | Failure:
    converted: dict[str, Value] = {}
    for name, entry in value.entries.items():
        result = convert(entry, element)
        if type(result) is not Failure:
            converted[name] = result
        elif name not in value.maybe:
            return result
    return converted


def _mapped(value: Map) -> Value:
    """The map with all elements of one type, where the wanted type left parts of theirs open."""
    element = value.element
    entries: dict[str, Value] | Failure = value.entries
    if has_open(element) and not is_open(element) and value.entries:
        unified_element = unify([type_of(entry) for entry in value.entries.values()])
        if unified_element is None:
            return Failure("the attributes have no type in common", value.at)
        element, entries = unified_element, _converted_entries(value, unified_element)
        if not isinstance(entries, Failure) and shared(map(type_of, entries.values())) is None:
            return Failure("the attributes are not of one type", value.at)
    if isinstance(entries, Failure):
        return entries
    return Map(entries, value.at, without_optional(element), value.keys, value.rest, value.maybe & entries.keys())


def _to_object(value: Map | Object, target: ObjectType) -> Value:
    entries: dict[str, Value] = {}
    for name, wanted in sorted(target.attributes.items()):
        entry = _attribute(value, name, wanted, optional=name in target.optional)
        if type(entry) is Failure:
            return entry
        entries[name] = entry
    keys = {name: span for name, span in value.keys.items() if name in entries}
    return Object(entries, value.at, keys)


def _attribute(value: Map | Object, name: str, wanted: Type, *, optional: bool) -> Value:
    if name in value.entries:
        entry = convert(value.entries[name], wanted)
        absent = Null(value.at, without_optional(wanted))
        return one_of([entry, absent], value.at, "may be absent") if name in value.maybe and optional else entry
    if value.rest is not None:
        return convert(value.rest, wanted)
    if optional:
        return Null(value.at, without_optional(wanted))
    return Failure(f"attribute {name!r} is required", value.at)


_STRINGS: dict[type, Callable[..., Value]] = {
    Number: number_to_string,
    Bool: bool_to_string,
    Encoded: _encoded_to_string,
    Null: from_null,
    Unknown: from_unknown,
    OneOf: _from_one_of,
    Failure: failed,
}


_CONVERSIONS: dict[type, Callable[..., Value]] = {
    String: from_string,
    Number: from_number,
    Bool: from_bool,
    Null: from_null,
    Unknown: from_unknown,
    Partial: from_partial,
    Encoded: _from_encoded,
    OneOf: _from_one_of,
    Failure: failed,
    **dict.fromkeys(SEQUENCES, _from_sequence),
    **dict.fromkeys(MAPPINGS, _from_mapping),
}
