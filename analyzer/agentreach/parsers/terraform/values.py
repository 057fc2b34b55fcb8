"""The values that evaluation works on: Terraform's own types, with holes where something is only known at deploy time.

    String Number Bool Null      known
    Partial                      a string with holes
    List Set Tuple               elements in order; a `Perhaps` among them may be there or not, once or often
    Map Object                   entries by key; `rest` stands for further keys that are not known
    OneOf                        one of finitely many values
    Encoded                      a string that holds a structure (`jsonencode`, `yamlencode`), not written out yet
    Unknown                      anything of a type, perhaps an attribute of a declared resource
    Failure                      an evaluation error: `try` and `can` catch it

Every value knows where it was written. `to_model` turns them into what lowering reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, dataclass_transform

from agentreach.model import Kind, Reference, Span
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

ALTERNATIVES = 64


_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def _value(kind: type[_Class]) -> type[_Class]:
    """Frozen to the type checker only: a frozen dataclass takes several times as long to define and to make."""
    return dataclass(slots=True)(kind)


class Piece(NamedTuple):
    """From character `offset` of a text on, its characters were written at `at`, one for one."""

    offset: int
    at: Span


class String(NamedTuple):
    """A known string. `pieces` say where its characters stand, `reference` which resource it was read from."""

    text: str
    at: Span
    pieces: tuple[Piece, ...] = ()
    reference: Reference | None = None


class Number(NamedTuple):
    """A known number: exact, a multiple of a power of two; a float only for negative zero and the infinities.

    `precision` is that of the binary mantissa in bits.
    """

    value: int | Fraction | float
    at: Span
    precision: int = 512


class Bool(NamedTuple):
    """A known bool."""

    value: bool
    at: Span


class Null(NamedTuple):
    """The absence of a value, of a type if something gave it one."""

    at: Span
    type: Type = DYNAMIC


@_value
class Unknown:
    """A value only known at deploy time. `nullable` if it might be null; `reference` if a resource will have it."""

    type: Type
    reason: str
    at: Span
    kind: Kind = Kind.ANY
    nullable: bool = True
    reference: Reference | None = None


@_value
class Partial:
    """A string of known and unknown parts; at least one is unknown, and no two strings stand side by side.

    Offsets of `pieces` count each unknown part as one character.
    """

    parts: tuple[str | Unknown, ...]
    at: Span
    pieces: tuple[Piece, ...] = ()


@_value
class Perhaps:
    """Among the elements of a list: `value` may be there once, or any number of times if `many`."""

    value: Value
    many: bool = False


@_value
class List:
    """A list: all elements have one type. `unordered` if what is unknown decides their order, as in a set."""

    items: tuple[Item, ...]
    at: Span
    element: Type
    unordered: bool = False
    extent: int = field(default=0, init=False, repr=False, compare=False)


@_value
class Set:
    """A set: known elements first and in order, each once; unknown ones may turn out to be any of the others."""

    items: tuple[Item, ...]
    at: Span
    element: Type
    extent: int = field(default=0, init=False, repr=False, compare=False)


@_value
class Tuple:
    """What `[…]` yields: every element has its own type. `unordered` as in List."""

    items: tuple[Item, ...]
    at: Span
    unordered: bool = False
    extent: int = field(default=0, init=False, repr=False, compare=False)


@_value
class Map:
    """A map: all elements have one type; keys in order. `maybe` names keys that might be absent."""

    entries: dict[str, Value]
    at: Span
    element: Type
    keys: dict[str, Span] = field(default_factory=dict)
    rest: Value | None = None
    maybe: frozenset[str] = frozenset()
    extent: int = field(default=0, init=False, repr=False, compare=False)


@_value
class Object:
    """What `{…}` yields: every attribute has its own type; keys in order. `maybe` names keys that might be absent."""

    entries: dict[str, Value]
    at: Span
    keys: dict[str, Span] = field(default_factory=dict)
    rest: Value | None = None
    maybe: frozenset[str] = frozenset()
    extent: int = field(default=0, init=False, repr=False, compare=False)


@_value
class OneOf:
    """One of two or more values; which one depends on something unknown."""

    alternatives: tuple[Value, ...]
    at: Span
    reason: str = ""


@_value
class Encoded:
    """The text of a structure in a format ("json" or "yaml"), with white space around it."""

    value: Value
    at: Span
    format: str = "json"
    before: str = ""
    after: str = ""


@_value
class Failure:
    """Evaluation fails here: `message` is a clause, without secrets."""

    message: str
    at: Span


Sequence = List | Set | Tuple
Mapping = Map | Object
Value = (
    String | Number | Bool | Null | Unknown | Partial | List | Set | Tuple | Map | Object | OneOf | Encoded | Failure
)
Item = Value | Perhaps

SEQUENCES = (List, Set, Tuple)
MAPPINGS = (Map, Object)


def type_of(value: Value) -> Type:
    """The value's type; UNDETERMINED where it is unknown, or its elements or alternatives leave it open."""
    return _TYPE_OF[type(value)](value)


def _type_of_tuple(value: Tuple) -> Type:
    items = known_items(value)
    return UNDETERMINED if items is None else TupleType(tuple(map(type_of, items)))


def _type_of_object(value: Object) -> Type:
    if value.rest is not None or value.maybe:
        return UNDETERMINED
    return ObjectType({name: type_of(entry) for name, entry in value.entries.items()})


def _type_of_alternatives(value: OneOf) -> Type:
    first = type_of(value.alternatives[0])
    return first if all(type_of(one) == first for one in value.alternatives[1:]) else UNDETERMINED


_TYPE_OF: dict[type, Callable[..., Type]] = {
    String: lambda _: STRING,
    Partial: lambda _: STRING,
    Encoded: lambda _: STRING,
    Number: lambda _: NUMBER,
    Bool: lambda _: BOOL,
    Null: lambda value: value.type,
    Unknown: lambda value: UNDETERMINED if value.type is DYNAMIC else value.type,
    List: lambda value: ListType(value.element),
    Set: lambda value: SetType(value.element),
    Tuple: _type_of_tuple,
    Map: lambda value: MapType(value.element),
    Object: _type_of_object,
    OneOf: _type_of_alternatives,
    Failure: lambda _: DYNAMIC,
}


def known_items(value: Sequence) -> tuple[Value, ...] | None:
    """The elements, or None when it is not known which there are."""
    items = [item for item in value.items if not isinstance(item, Perhaps)]
    return tuple(items) if len(items) == len(value.items) else None


def plain(item: Item) -> Value:
    """An element, whether or not it may be missing."""
    return item.value if isinstance(item, Perhaps) else item


def is_known(value: Item) -> bool:
    """True when nothing in the value depends on deployment (a Failure is known)."""
    kind = type(value)
    if kind is String or kind is Number or kind is Bool or kind is Null or kind is Failure:
        return True
    if isinstance(value, SEQUENCES):
        return all(map(is_known, value.items))
    if isinstance(value, MAPPINGS):
        return value.rest is None and not value.maybe and all(map(is_known, value.entries.values()))
    return isinstance(value, Encoded) and is_known(value.value)


def one_of(alternatives: Iterable[Value], at: Span, reason: str) -> Value:
    """One of the values: nested alternatives count, and beyond 64 of them nothing is known but the reason."""
    flat = list(_flat(alternatives))
    if len(flat) == 1:
        return flat[0]
    if len(flat) <= ALTERNATIVES:
        return OneOf(tuple(flat), at, reason)
    from agentreach.parsers.terraform.widening import widened  # noqa: PLC0415 - builds on this module, seldom needed

    return widened(OneOf(tuple(flat), at, reason)) or Unknown(DYNAMIC, f"too many alternatives: {reason}", at)


def _flat(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if type(value) is OneOf:
            yield from value.alternatives
        else:
            yield value


def alternatives(value: Value) -> tuple[Value, ...]:
    """Every value this may be."""
    return value.alternatives if type(value) is OneOf else (value,)
