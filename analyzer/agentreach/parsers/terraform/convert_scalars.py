"""Conversion of strings, numbers, bools, null and unknown values; see `convert`."""

from __future__ import annotations

from agentreach.parsers.terraform import number_text, numbers
from agentreach.parsers.terraform.types import (
    BOOL,
    NUMBER,
    ListType,
    MapType,
    Primitive,
    SetType,
    Type,
    is_open,
    spelled,
    without_optional,
)
from agentreach.parsers.terraform.unify import convertible
from agentreach.parsers.terraform.values import (
    Bool,
    Failure,
    Null,
    Number,
    Partial,
    String,
    Unknown,
    Value,
    type_of,
)

_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def mismatch(value: Value, target: Type) -> Value:
    """The error of a value that is of another type."""
    return Failure(f"{spelled(target)} required, but this is {spelled(type_of(value))}", value.at)


def failed(value: Failure, _target: Type) -> Value:
    """A failure stays what it is."""
    return value


def number_to_string(value: Number, _target: Type) -> Value:
    """All digits of a number."""
    return String(number_text.text(value.value, value.precision), value.at)


def bool_to_string(value: Bool, _target: Type) -> Value:
    """The word for a bool."""
    return String("true" if value.value else "false", value.at)


def from_string(value: String, target: Type) -> Value:
    """A string as a number or bool."""
    if target is NUMBER:
        return _parsed(value)
    if target is BOOL:
        known = _BOOLS.get(value.text)
        return Failure("a bool is required", value.at) if known is None else Bool(known, value.at)
    return mismatch(value, target)


def _parsed(value: String) -> Value:
    try:
        number = numbers.parse(value.text)
    except numbers.HugeError:
        return Unknown(NUMBER, "a number of too many digits", value.at, nullable=False)
    return Failure("a number is required", value.at) if number is None else Number(number, value.at)


def from_number(value: Number, target: Type) -> Value:
    """A number only converts to a string."""
    return value if target is NUMBER else mismatch(value, target)


def from_bool(value: Bool, target: Type) -> Value:
    """A bool only converts to a string."""
    return value if target is BOOL else mismatch(value, target)


def from_null(value: Null, target: Type) -> Value:
    """Null of another type."""
    if value.type != target and not convertible(value.type, target):
        return mismatch(value, target)
    return Null(value.at, _replaced(value.type, target))


def from_unknown(value: Unknown, target: Type) -> Value:
    """An unknown value of another type."""
    source = type_of(value)
    if source == target:
        return value
    if not convertible(source, target):
        return mismatch(value, target)
    result = _replaced(value.type, target)
    return Unknown(result, value.reason, value.at, value.kind, value.nullable, value.reference)


def _replaced(source: Type, target: Type) -> Type:
    """The target, but the source's own type where the target says nothing."""
    if is_open(target):
        return source
    if isinstance(target, ListType | SetType | MapType) and isinstance(source, ListType | SetType | MapType):
        return type(target)(_replaced(source.element, target.element))
    return without_optional(target)


def from_partial(value: Partial, target: Type) -> Value:
    """A string with holes as a number or bool is unknown."""
    if not isinstance(target, Primitive):
        return mismatch(value, target)
    hole = next(part for part in value.parts if isinstance(part, Unknown))
    return Unknown(target, hole.reason, value.at, nullable=False)
