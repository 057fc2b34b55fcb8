"""Functions that make lists of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.comparison import identity, is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.arguments import whole
from agentreach.parsers.terraform.functions.collections import is_skipped
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    SetType,
    TupleType,
    Type,
    is_open,
)
from agentreach.parsers.terraform.unify import unify
from agentreach.parsers.terraform.values import (
    SEQUENCES,
    Encoded,
    Failure,
    Item,
    List,
    Null,
    Number,
    OneOf,
    Perhaps,
    Set,
    Tuple,
    Unknown,
    Value,
    is_known,
    known_items,
    one_of,
    plain,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
FUNCTIONS: dict[str, Function] = {}
LISTS = ListType(DYNAMIC)


_MOST = 1024


def element_type(type_: Type) -> Type:
    """The type of a list's elements: DYNAMIC rather than undetermined."""
    return DYNAMIC if type_ is UNDETERMINED else type_


@function(FUNCTIONS, LISTS, NUMBER, returns=ListType(DYNAMIC))
def _chunklist(call: Call, given: List, size: Number) -> Value:
    count = whole(size)
    if count < 0:
        raise FunctionError("the size must not be negative")
    items = known_items(given)
    if items is None:
        return call.unknown(ListType(ListType(given.element)), given)
    step = count or max(len(items), 1)
    chunks = [List(items[start : start + step], call.at, given.element) for start in range(0, len(items), step)]
    return List(tuple(chunks), call.at, ListType(given.element))


@function(FUNCTIONS, ListType(STRING), returns=ListType(STRING), sure=True, orderless=True)
def _compact(call: Call, given: List) -> Value:
    items: list[Item] = []
    for item in given.items:
        value = plain(item)
        skipped = is_skipped(value)
        if skipped is None:
            items.append(Perhaps(value, isinstance(item, Perhaps) and item.many))
        elif not skipped:
            items.append(item)
    return List(tuple(items), call.at, STRING, given.unordered)


@function(FUNCTIONS, rest=DYNAMIC, returns=DYNAMIC, unknowns=True, orderless=True)
def _concat(call: Call, *given: Value) -> Value:
    if not given:
        return call.failure("at least one argument is required")
    if all(isinstance(value, List) or _is_unknown_list(value) for value in given):
        return _joined_lists(call, given)
    items: list[Item] = []
    for value in given:
        if not isinstance(value, List | Tuple | Unknown):
            return call.failure("the arguments must be lists or tuples")
        items += _items(call, value)
    call.evaluation.spend(len(items))
    return Tuple(tuple(items), call.at, any(map(is_shuffled, given)))


def _is_unknown_list(value: Value) -> bool:
    return isinstance(value, Unknown) and isinstance(value.type, ListType)


def _joined_lists(call: Call, given: tuple[Value, ...]) -> Value:
    common = unify([type_of(value) for value in given])
    if not isinstance(common, ListType):
        together = tuple(item for value in given for item in _items(call, value))
        return Tuple(together, call.at, any(map(is_shuffled, given)))
    items: list[Item] = []
    for value in given:
        converted = convert(value, common)
        if isinstance(converted, Failure):
            return converted
        items += _items(call, converted)
    call.evaluation.spend(len(items))
    return List(tuple(items), call.at, element_type(common.element), any(map(is_shuffled, given)))


def _items(call: Call, value: Value) -> tuple[Item, ...]:
    """The elements of a sequence, also of an unknown one."""
    if not isinstance(value, Unknown):
        return value.items  # type: ignore[union-attr]  # a sequence
    if value.nullable or not isinstance(value.type, ListType | SetType | TupleType):
        call.doubt()
    reference = value.reference
    if isinstance(value.type, TupleType):
        return tuple(Unknown(part, value.reason, value.at, reference=reference) for part in value.type.elements)
    element = value.type.element if isinstance(value.type, ListType | SetType) else DYNAMIC
    return (Perhaps(Unknown(element, value.reason, value.at, value.kind, reference=reference), many=True),)


@function(FUNCTIONS, LISTS, returns=LISTS, orderless=True)
def _distinct(call: Call, given: List) -> Value:
    seen: set[object] = set()
    items: list[Item] = []
    # An unknown element may be one that is there anyway.
    may_coincide = any(not isinstance(item, Perhaps) and is_known(item) for item in given.items)
    for item in given.items:
        if isinstance(item, Perhaps) or not is_known(item):
            items.append(Perhaps(plain(item), isinstance(item, Perhaps) and item.many) if may_coincide else item)
            may_coincide = True
            continue
        key = identity(item, signed=False)
        if key not in seen:
            seen.add(key)
            items.append(item)
    return List(tuple(items), call.at, given.element, given.unordered)


@function(FUNCTIONS, DYNAMIC, NUMBER, returns=DYNAMIC, unknowns=True)
def _element(call: Call, given: Value, position: Value) -> Value:
    if isinstance(given, Unknown):
        call.doubt()
        type_ = given.type.element if isinstance(given.type, ListType) else DYNAMIC
        return Unknown(type_, given.reason, given.at, given.kind, reference=given.reference)
    if not isinstance(given, List | Tuple):
        return call.failure("a list or tuple is required")
    if not given.items:
        return call.failure("the list is empty")
    items = known_items(given)
    if items is None or not isinstance(position, Number):
        call.doubt()
        return one_of([plain(item) for item in given.items], call.at, "which element is not known")
    return items[whole(position) % len(items)]


@function(FUNCTIONS, DYNAMIC, returns=DYNAMIC, orderless=True)
def _flatten(call: Call, given: Value) -> Value:
    if not isinstance(given, SEQUENCES):
        raise FunctionError("a list, set or tuple is required")
    items: list[Item] = []
    for item in given.items:
        items += _opened(call, item, 0)
    return Tuple(tuple(items), call.at, _holds_shuffled(given, 0))


_DEPTH = 100


def _opened(call: Call, item: Item, depth: int) -> Iterator[Item]:
    """The elements of an element, as far down as there are lists."""
    value = plain(item)
    many = isinstance(item, Perhaps) and item.many
    if isinstance(value, OneOf) and any(isinstance(one, SEQUENCES) for one in value.alternatives):
        for one in value.alternatives:
            yield from _opened(call, Perhaps(one, many), depth)
    elif isinstance(value, SEQUENCES) and depth < _DEPTH:
        call.evaluation.spend(len(value.items))
        for inner in value.items:
            if isinstance(item, Perhaps) or isinstance(inner, Perhaps):
                inner_many = isinstance(inner, Perhaps) and inner.many
                yield from _opened(call, Perhaps(plain(inner), many or inner_many), depth + 1)
            else:
                yield from _opened(call, inner, depth + 1)
    elif isinstance(value, Unknown) and isinstance(value.type, ListType | SetType | TupleType):
        yield from _opened(call, Perhaps(List(_items(call, value), call.at, DYNAMIC), many), depth + 1)
    elif isinstance(value, Unknown) and is_open(value.type) and value.reference is None:
        yield Perhaps(value, many=True)
    else:
        yield item


def _holds_shuffled(value: Item, depth: int) -> bool:
    """Whether a list, or one in it that flatten opens, has an order that is not known."""
    inner = plain(value)
    if isinstance(inner, OneOf):
        return any(_holds_shuffled(one, depth) for one in inner.alternatives)
    if not isinstance(inner, SEQUENCES) or depth > _DEPTH:
        return False
    return is_shuffled(inner) or any(_holds_shuffled(item, depth + 1) for item in inner.items)


@function(FUNCTIONS, rest=NUMBER, returns=ListType(NUMBER))
def _range(call: Call, *given: Number) -> Value:
    start, end, step = _bounds(*(number.value for number in given))
    down = step < 0
    if (end > start) if down else (end < start):
        raise FunctionError("the step leads away from the end")
    items: list[Value] = []
    current = start
    while (current > end) if down else (current < end):
        if len(items) >= _MOST:
            raise FunctionError("there are more than 1024 numbers")
        items.append(call.number(current))
        current = numbers.add(current, step)
    call.evaluation.spend(len(items))
    return List(tuple(items), call.at, NUMBER)


def _bounds(*given: numbers.Real) -> tuple[numbers.Real, numbers.Real, numbers.Real]:
    if len(given) == 1:
        return 0, given[0], -1 if given[0] < 0 else 1
    if len(given) == 2:  # noqa: PLR2004 - start and end
        return given[0], given[1], -1 if given[1] < given[0] else 1
    if len(given) == 3:  # noqa: PLR2004 - a step too
        return given[0], given[1], given[2]
    raise FunctionError("one to three arguments are required")


@function(FUNCTIONS, DYNAMIC, returns=DYNAMIC)
def _reverse(call: Call, given: Value) -> Value:
    if isinstance(given, Tuple):
        return Tuple(given.items[::-1], call.at)
    if isinstance(given, List | Set):
        return List(given.items[::-1], call.at, given.element)
    raise FunctionError("a list, set or tuple is required")


@function(FUNCTIONS, DYNAMIC, NUMBER, NUMBER, returns=DYNAMIC)
def _slice(call: Call, given: Value, start: Number, end: Number) -> Value:
    if not isinstance(given, List | Tuple):
        raise FunctionError("a list or tuple is required")
    first, last = whole(start), whole(end)
    if first < 0 or last < first:
        raise FunctionError("the indices must not be negative, and the end not before the start")
    items: tuple[Item, ...] = given.items[first:last]
    if any(isinstance(item, Perhaps) for item in given.items[:last]):
        call.doubt()
        items = tuple(Perhaps(plain(item), isinstance(item, Perhaps) and item.many) for item in given.items)
    elif last > len(given.items):
        raise FunctionError("the end is beyond the end of the list")
    return Tuple(items, call.at) if isinstance(given, Tuple) else List(items, call.at, given.element)


@function(FUNCTIONS, ListType(STRING), returns=ListType(STRING))
def _sort(call: Call, given: List) -> Value:
    if not is_known(given):
        call.doubt()
        return _unsorted(call, given)
    strings = [as_text(item) if isinstance(item, Encoded) else item for item in given.items]
    if any(isinstance(item, Null) for item in strings):
        raise FunctionError("null cannot be sorted")
    return List(tuple(sorted(strings, key=lambda item: item.text)), call.at, STRING)  # type: ignore[union-attr]


def _unsorted(call: Call, given: List) -> Value:
    """The same elements, in an order that is not known."""
    anything = [plain(item) for item in given.items]
    some = one_of(anything, call.at, "the order of the elements is not known")
    if any(isinstance(item, Perhaps) for item in given.items):
        return List((Perhaps(some, many=True),), call.at, STRING)
    return List((some,) * len(given.items), call.at, STRING)
