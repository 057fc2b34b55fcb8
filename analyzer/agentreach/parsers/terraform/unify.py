"""Which conversions exist between types, and the most general type that several types convert to.

The rules are those of go-cty's `convert` package (its documentation: docs/convert.md). "Unsafe" conversions may fail
for some values: a string to a number, a list to a set, a map to an object.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    is_open,
    is_primitive,
    is_undetermined,
    without_optional,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SAFE = {(NUMBER, STRING), (BOOL, STRING)}
_UNSAFE = {(STRING, NUMBER), (STRING, BOOL)}


def convertible(source: Type, target: Type, *, unsafe: bool = True) -> bool:
    """True when a conversion exists between different types, or the types are equal where parts are compared."""
    if is_open(target):
        return True
    if is_open(source):
        return unsafe or source is UNDETERMINED
    if is_primitive(source) and is_primitive(target):
        return (source, target) in _SAFE or (unsafe and (source, target) in _UNSAFE)
    rule = _RULES.get((type(source), type(target)))
    return rule is not None and rule(source, target, unsafe)


def _fits(source: Type, target: Type, unsafe: bool) -> bool:  # noqa: FBT001 - passed down a table of rules
    return source == target or convertible(source, target, unsafe=unsafe)


def _collections(source: ListType | SetType | MapType, target: ListType | SetType | MapType, unsafe: bool) -> bool:  # noqa: FBT001
    return _fits(source.element, target.element, unsafe)


def _list_to_set(source: ListType, target: SetType, unsafe: bool) -> bool:  # noqa: FBT001
    return unsafe and _fits(source.element, target.element, unsafe)


def _tuple_to_collection(source: TupleType, target: ListType | SetType, unsafe: bool) -> bool:  # noqa: FBT001
    return _parts_to_element(source.elements, target.element, unsafe)


def _object_to_map(source: ObjectType, target: MapType, unsafe: bool) -> bool:  # noqa: FBT001
    parts = tuple(source.attributes.values())
    if is_open(target.element) and unify(parts, unsafe=unsafe) is DYNAMIC:
        return True  # Whether the values have one type is seen when they are converted.
    return _parts_to_element(parts, target.element, unsafe)


def _parts_to_element(parts: tuple[Type, ...], element: Type, unsafe: bool) -> bool:  # noqa: FBT001
    if not parts:
        return True
    if is_open(element):
        unified = unify(parts, unsafe=unsafe)
        if unified is None or (unified is DYNAMIC and any(part is not DYNAMIC for part in parts)):
            return False
        element = unified
    return all(_fits(part, element, unsafe) for part in parts)


def _map_to_object(source: MapType, target: ObjectType, unsafe: bool) -> bool:  # noqa: FBT001
    return unsafe and all(
        name in target.optional or _fits(source.element, part, unsafe) for name, part in target.attributes.items()
    )


def _objects(source: ObjectType, target: ObjectType, unsafe: bool) -> bool:  # noqa: FBT001
    return all(
        _fits(source.attributes[name], part, unsafe) if name in source.attributes else name in target.optional
        for name, part in target.attributes.items()
    )


def _tuples(source: TupleType, target: TupleType, unsafe: bool) -> bool:  # noqa: FBT001
    return len(source.elements) == len(target.elements) and all(
        _fits(one, other, unsafe) for one, other in zip(source.elements, target.elements, strict=True)
    )


_RULES: dict[tuple[type, type], Callable[..., bool]] = {
    (ObjectType, ObjectType): _objects,
    (TupleType, TupleType): _tuples,
    (ListType, ListType): _collections,
    (SetType, ListType): _collections,
    (SetType, SetType): _collections,
    (MapType, MapType): _collections,
    (ListType, SetType): _list_to_set,
    (TupleType, ListType): _tuple_to_collection,
    (TupleType, SetType): _tuple_to_collection,
    (ObjectType, MapType): _object_to_map,
    (MapType, ObjectType): _map_to_object,
}


def unify(types: Sequence[Type], *, unsafe: bool = True) -> Type | None:
    """The most general type that all convert to, None if there is none; DYNAMIC if what it depends on is dynamic.

    UNDETERMINED if an unknown value decides it; but next to one string all are strings, whatever that value is.
    """
    distinct: list[Type] = []
    for type_ in types:
        if type_ not in distinct:
            distinct.append(type_)
    if UNDETERMINED in distinct:
        distinct.remove(UNDETERMINED)
        result = unify(distinct, unsafe=unsafe) if distinct else UNDETERMINED
        return result if result is None or result is STRING else UNDETERMINED
    if len(distinct) < 2:  # noqa: PLR2004 - nothing to unify
        return distinct[0] if distinct else UNDETERMINED
    decided, result = _structural(distinct, unsafe)
    return result if decided else _preferred(distinct, unsafe)


def common_element(types: Sequence[Type]) -> Type | None:
    """As `unify` for elements of one collection, which cannot be typed and untyped at once."""
    element = unify(types)
    return None if element is DYNAMIC and any(type_ is not DYNAMIC for type_ in types) else element


def shared(types: Iterable[Type]) -> Type | None:
    """The one type of values that a collection can hold beside untyped nulls, None if they differ.

    Types that unknown values decide are disregarded.
    """
    result: Type = DYNAMIC
    for type_ in types:
        if type_ is DYNAMIC or is_undetermined(type_):
            continue
        if result is not DYNAMIC and type_ != result:
            return None
        result = type_
    return result


def _structural(types: list[Type], unsafe: bool) -> tuple[bool, Type | None]:  # noqa: FBT001
    """Whether the kinds of the types decide, and the result."""
    kinds = Counter("dynamic" if type_ is DYNAMIC else type(type_).__name__ for type_ in types)
    dynamic = kinds.pop("dynamic", 0) > 0
    present = set(kinds)
    for only, builder in _SAME_KIND.items():
        if present == {only.__name__}:
            return True, DYNAMIC if dynamic else builder(types, unsafe)
    for pair, joined in _MIXED_KINDS.items():
        if present == {kind.__name__ for kind in pair} and (result := joined(types, unsafe)) is not None:
            return True, result
    return {"ObjectType", "TupleType"} <= present, None


def _same_collection(kind: type[ListType | SetType | MapType]) -> Callable[[list[Type], bool], Type | None]:
    def build(types: list[Type], unsafe: bool) -> Type | None:  # noqa: FBT001
        element = unify([type_.element for type_ in types], unsafe=unsafe)  # type: ignore[union-attr]
        return None if element is None else kind(element)

    return build


def _same_objects(types: list[ObjectType], unsafe: bool) -> Type | None:  # noqa: FBT001
    names = types[0].attributes.keys()
    if any(type_.attributes.keys() != names for type_ in types[1:]):
        return _objects_as_map(types, unsafe)
    attributes = {name: unify([type_.attributes[name] for type_ in types], unsafe=unsafe) for name in names}
    if any(part is None for part in attributes.values()):
        return None
    result = ObjectType(attributes)  # type: ignore[arg-type]
    return result if all(_fits(one, result, unsafe) for one in types) else _objects_as_map(types, unsafe)


def _objects_as_map(types: list[ObjectType], unsafe: bool) -> Type | None:  # noqa: FBT001
    element = unify([part for type_ in types for part in type_.attributes.values()], unsafe=unsafe)
    if element is None or not any(type_.attributes for type_ in types):
        return None
    result = MapType(element)
    return result if all(_fits(one, result, unsafe) for one in types) else None


def _same_tuples(types: list[TupleType], unsafe: bool) -> Type | None:  # noqa: FBT001
    if any(len(type_.elements) != len(types[0].elements) for type_ in types[1:]):
        return _tuples_as_list(types, unsafe)
    elements = [unify(column, unsafe=unsafe) for column in zip(*(type_.elements for type_ in types), strict=True)]
    if any(part is None for part in elements):
        return None
    result = TupleType(tuple(elements))  # type: ignore[arg-type]
    return result if all(_fits(one, result, unsafe) for one in types) else _tuples_as_list(types, unsafe)


def _tuples_as_list(types: list[TupleType], unsafe: bool) -> Type | None:  # noqa: FBT001
    element = unify([part for type_ in types for part in type_.elements], unsafe=unsafe)
    if element is None or not any(type_.elements for type_ in types):
        return None
    result = ListType(element)
    return result if all(_fits(one, result, unsafe) for one in types) else None


def _maps_with_objects(types: list[Type], unsafe: bool) -> Type | None:  # noqa: FBT001
    objects = [type_ for type_ in types if isinstance(type_, ObjectType)]
    joined = _objects_as_map(objects, unsafe)
    if joined is None:
        return None
    result = unify([joined if isinstance(type_, ObjectType) else type_ for type_ in types], unsafe=unsafe)
    return result if isinstance(result, MapType) else None


def _lists_with_tuples(types: list[Type], unsafe: bool) -> Type | None:  # noqa: FBT001
    tuples = [type_ for type_ in types if isinstance(type_, TupleType)]
    joined = _tuples_as_list(tuples, unsafe)
    if joined is None:
        return None
    result = unify([joined if isinstance(type_, TupleType) else type_ for type_ in types], unsafe=unsafe)
    return result if isinstance(result, ListType) else None


_SAME_KIND: dict[type, Callable[..., Type | None]] = {
    MapType: _same_collection(MapType),
    ListType: _same_collection(ListType),
    SetType: _same_collection(SetType),
    ObjectType: _same_objects,
    TupleType: _same_tuples,
}
_MIXED_KINDS: dict[tuple[type, type], Callable[..., Type | None]] = {
    (MapType, ObjectType): _maps_with_objects,
    (ListType, TupleType): _lists_with_tuples,
}


def _preferred(types: list[Type], unsafe: bool) -> Type | None:  # noqa: FBT001
    """The most general of the given types that all others convert to."""
    for index in _by_generality(types):
        wanted = types[index]
        if all(_fits(type_, wanted, unsafe) for type_ in types):
            return without_optional(wanted) if not isinstance(wanted, Primitive) else wanted
    return None


def _by_generality(types: list[Type]) -> list[int]:
    """The indices, more general types first; otherwise in the given order."""
    count = len(types)
    above = [[other for other in range(count) if _compare(types[index], types[other]) < 0] for index in range(count)]
    waiting = [sum(index in row for row in above) for index in range(count)]
    order = [index for index in range(count) if not waiting[index]]
    for index in order:
        for other in above[index]:
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order


def _compare(one: Type, other: Type) -> int:
    """-1 when `one` is the more general type, 1 when `other` is, 0 when neither."""
    if one is DYNAMIC or other is DYNAMIC:
        return (one is DYNAMIC) - (other is DYNAMIC)
    if is_primitive(one) and is_primitive(other):
        return (other is STRING) - (one is STRING)
    if isinstance(one, ListType | SetType | MapType) and type(one) is type(other):
        return _compare(one.element, other.element)
    rank = {ListType: 0, TupleType: 1, SetType: 2}
    if type(one) in rank and type(other) in rank and type(one) is not type(other):
        return -1 if rank[type(one)] < rank[type(other)] else 1
    if isinstance(one, MapType) and isinstance(other, ObjectType):
        return -1
    if isinstance(one, ObjectType) and isinstance(other, MapType):
        return 1
    return _compare_parts(_parts(one), _parts(other))


def _parts(type_: Type) -> dict[str, Type]:
    if isinstance(type_, ObjectType):
        return dict(type_.attributes)
    elements = type_.elements if isinstance(type_, TupleType) else ()
    return {str(index): part for index, part in enumerate(elements)}


def _compare_parts(ones: dict[str, Type], others: dict[str, Type]) -> int:
    if ones.keys() != others.keys():
        return 0
    signs = {_compare(ones[key], others[key]) for key in ones}
    return 0 if {1, -1} <= signs else (min(signs, default=0) or max(signs, default=0))
