"""Terraform's type system: primitives, collections of one element type, and structures with a type for each part.

`DYNAMIC` is the type of a literal null and, in a constraint, of anything. `UNDETERMINED` is the type of a value that
has a type of its own which we do not know; what it does to its neighbours is not known either, so it is left out
where types are unified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, dataclass_transform

from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True)
def _type(kind: type[_Class]) -> type[_Class]:
    """Frozen to the type checker only: a frozen dataclass takes several times as long to define."""
    return dataclass(slots=True)(kind)


class Primitive(NamedTuple):
    """`string`, `number`, `bool` or `dynamic`."""

    name: str


@_type
class ListType:
    """`list(element)`."""

    element: Type


@_type
class SetType:
    """`set(element)`."""

    element: Type


@_type
class MapType:
    """`map(element)`."""

    element: Type


@_type
class TupleType:
    """`tuple([element, …])`: the type of `[…]`."""

    elements: tuple[Type, ...]


@_type
class ObjectType:
    """`object({name = type, …})`: the type of `{…}`. `optional` attributes may be absent where it is a constraint."""

    attributes: Mapping[str, Type]
    optional: frozenset[str] = frozenset()


CollectionType = ListType | SetType | MapType
Type = Primitive | ListType | SetType | MapType | TupleType | ObjectType

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")
UNDETERMINED = Primitive("undetermined")


def is_primitive(type_: Type) -> bool:
    """True for string, number and bool."""
    return type_ is STRING or type_ is NUMBER or type_ is BOOL


def is_open(type_: Type) -> bool:
    """True for the types that say nothing."""
    return type_ is DYNAMIC or type_ is UNDETERMINED


def has_open(type_: Type) -> bool:
    """True when the type, or a part of it, says nothing."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return has_open(element)
        case TupleType(elements):
            return any(map(has_open, elements))
        case ObjectType(attributes):
            return any(map(has_open, attributes.values()))
        case _:
            return is_open(type_)


def is_undetermined(type_: Type) -> bool:
    """True when an unknown value decides the type, or a part of it."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return is_undetermined(element)
        case TupleType(elements):
            return any(map(is_undetermined, elements))
        case ObjectType(attributes):
            return any(map(is_undetermined, attributes.values()))
        case _:
            return type_ is UNDETERMINED


def without_optional(type_: Type) -> Type:
    """The type of values that satisfy a constraint: no attribute is optional any more."""
    match type_:
        case ListType(element):
            return ListType(without_optional(element))
        case SetType(element):
            return SetType(without_optional(element))
        case MapType(element):
            return MapType(without_optional(element))
        case TupleType(elements):
            return TupleType(tuple(map(without_optional, elements)))
        case ObjectType(attributes):
            return ObjectType({name: without_optional(part) for name, part in attributes.items()})
        case _:
            return type_


def spelled(type_: Type) -> str:
    """The type as people write it, for messages."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return f"{type(type_).__name__[:-4].lower()} of {spelled(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
        case _:
            return "any" if is_open(type_) else type_.name
