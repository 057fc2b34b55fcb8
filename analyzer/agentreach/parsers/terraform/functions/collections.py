"""Functions on lists, sets and tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.comparison import equal, identity, is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.arguments import whole
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, Parameter, function
from agentreach.parsers.terraform.graphemes import clusters
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
    is_open,
)
from agentreach.parsers.terraform.unify import unify
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Failure,
    Item,
    List,
    Null,
    Number,
    OneOf,
    Partial,
    Perhaps,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
    is_known,
    known_items,
    one_of,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS: dict[str, Function] = {}
LISTS = ListType(DYNAMIC)
_MOST = 1024
_INTEGER = 64


def plain(item: Item) -> Value:
    """An element, whether or not it may be missing."""
    return item.value if isinstance(item, Perhaps) else item


def element_type(type_: Type) -> Type:
    """The type of a list's elements: DYNAMIC rather than undetermined."""
    return DYNAMIC if type_ is UNDETERMINED else type_


@function(FUNCTIONS, DYNAMIC, returns=NUMBER, unknowns=True, orderless=True)
def _length(call: Call, value: Value) -> Value:
    if isinstance(value, Encoded):
        value = as_text(value)
    if isinstance(value, String):
        return call.number(len(clusters(value.text)), _INTEGER)
    if isinstance(value, (SEQUENCES, MAPPINGS)):
        count = _count(value)
        return call.unknown(NUMBER, value) if count is None else call.number(count, _INTEGER)
    if isinstance(value, Partial):
        return call.unknown(NUMBER, value)
    return _unknown_length(call, value)


def _count(value: Value) -> int | None:
    if isinstance(value, MAPPINGS):
        return None if value.rest is not None or value.maybe else len(value.entries)
    items = known_items(value)  # type: ignore[arg-type]  # a sequence
    if items is None or (is_shuffled(value) and not is_known(value)):
        return None
    return len(items)


def _unknown_length(call: Call, value: Value) -> Value:
    type_ = value.type if isinstance(value, Unknown) else None
    if isinstance(type_, TupleType):
        return call.number(len(type_.elements), _INTEGER)
    if isinstance(type_, ObjectType):
        return call.number(len(type_.attributes), _INTEGER)
    if isinstance(type_, ListType | SetType | MapType) or type_ is STRING or type_ is DYNAMIC:
        if isinstance(value, Unknown) and (value.nullable or type_ is DYNAMIC):
            call.doubt()
        return call.unknown(NUMBER, value)
    return call.failure("a string, a collection or a structure is required")


@function(FUNCTIONS, ListType(BOOL), returns=BOOL, orderless=True)
def _alltrue(call: Call, given: List) -> Value:
    return _quantified(call, given, deciding=False)


@function(FUNCTIONS, ListType(BOOL), returns=BOOL, orderless=True)
def _anytrue(call: Call, given: List) -> Value:
    return _quantified(call, given, deciding=True)


def _quantified(call: Call, given: List, *, deciding: bool) -> Value:
    unsure: Value | None = None
    for item in given.items:
        value = plain(item)
        if isinstance(value, Null):
            value = Bool(False, call.at)  # noqa: FBT003 - null counts as false
        decides = isinstance(value, Bool) and value.value is deciding
        if decides and not isinstance(item, Perhaps):
            return Bool(deciding, call.at)
        if decides or not isinstance(value, Bool):
            unsure = unsure or value
    return Bool(not deciding, call.at) if unsure is None else call.unknown(BOOL, unsure)


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


@function(FUNCTIONS, rest=Parameter(DYNAMIC, null=True), returns=DYNAMIC, raw=True, orderless=True)
def _coalesce(call: Call, *given: Value) -> Value:
    type_ = unify([type_of(value) for value in given])
    if type_ is None or not given:
        return call.failure("the arguments have no type in common")
    if UNDETERMINED in map(type_of, given):
        call.doubt()
    results: list[Value] = []
    for value in _all_alternatives(given, type_):
        if isinstance(value, Failure):
            return value
        skipped = _is_skipped(value)
        if skipped is not True:
            results.append(value)
        if skipped is False:
            return (
                one_of(results, call.at, "an earlier argument may be null or empty") if len(results) > 1 else results[0]
            )
    call.doubt()
    if not results:
        return call.failure("all arguments are null or empty")
    return one_of(results, call.at, "an earlier argument may be null or empty")


def _all_alternatives(given: tuple[Value, ...], type_: Type) -> Iterator[Value]:
    for value in given:
        yield convert(value, type_)


def _is_skipped(value: Value) -> bool | None:
    """Whether coalesce goes on to the next argument."""
    if isinstance(value, Null) or (isinstance(value, String) and value.text == ""):
        return True
    if isinstance(value, OneOf):
        answers = {_is_skipped(one) for one in value.alternatives}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(value, Unknown):
        return None if value.nullable or value.type is STRING or is_open(value.type) else False
    return None if isinstance(value, Partial) and not any(isinstance(part, str) for part in value.parts) else False


@function(FUNCTIONS, rest=Parameter(DYNAMIC, null=True), returns=DYNAMIC, orderless=True)
def _coalescelist(call: Call, *given: Value) -> Value:
    results: list[Value] = []
    lists = [value for value in given if isinstance(value, List | Tuple)]
    if len(lists) + sum(isinstance(value, Null) for value in given) < len(given):
        raise FunctionError("the arguments must be lists or tuples")
    for value in lists:
        certain = any(not isinstance(item, Perhaps) for item in value.items)
        if value.items:
            results.append(value)
        if certain:
            return one_of(results, call.at, "an earlier list may be empty")
    call.doubt()
    return one_of(results, call.at, "lists that may be empty") if results else call.failure("all lists are empty")


@function(FUNCTIONS, ListType(STRING), returns=ListType(STRING), sure=True, orderless=True)
def _compact(call: Call, given: List) -> Value:
    items: list[Item] = []
    for item in given.items:
        value = plain(item)
        skipped = _is_skipped(value)
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


@function(FUNCTIONS, DYNAMIC, Parameter(DYNAMIC, null=True), returns=BOOL, unknowns=True, orderless=True)
def _contains(call: Call, given: Value, wanted: Value) -> Value:
    if isinstance(given, Unknown):
        call.doubt()
        return call.unknown(BOOL, given)
    if not isinstance(given, SEQUENCES):
        return call.failure("a list, set or tuple is required")
    unsure: Value | None = None
    for item in given.items:
        answer = equal(plain(item), wanted)
        if answer and not isinstance(item, Perhaps):
            return Bool(True, call.at)  # noqa: FBT003 - the answer
        if answer is not False:
            unsure = unsure or plain(item)
    call.evaluation.spend(len(given.items))
    return Bool(False, call.at) if unsure is None else call.unknown(BOOL, wanted, unsure)  # noqa: FBT003


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
        key = identity(item)
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


@function(FUNCTIONS, DYNAMIC, DYNAMIC, returns=NUMBER)
def _index(call: Call, given: Value, wanted: Value) -> Value:
    if not isinstance(given, List | Tuple):
        raise FunctionError("a list or tuple is required")
    for position, item in enumerate(given.items):
        answer = None if isinstance(item, Perhaps) else equal(item, wanted)
        if answer is None:
            call.doubt()
            return call.unknown(NUMBER, wanted, plain(item))
        if answer:
            return call.number(position, _INTEGER)
    raise FunctionError("there is no such element")


@function(FUNCTIONS, LISTS, LISTS, LISTS, returns=LISTS)
def _matchkeys(call: Call, given: List, keys: List, search: List) -> Value:
    together = unify([type_of(keys), type_of(search)])
    if together is None:
        raise FunctionError("keys and search set have no type in common")
    for value in (converted := (convert(keys, together), convert(search, together))):
        if not isinstance(value, List):
            return value
    keys, search = converted  # type: ignore[assignment]  # both are lists
    values, names = known_items(given), known_items(keys)
    if values is None or names is None or not is_known(search):
        call.doubt()
        return call.unknown(ListType(given.element), given, keys, search)
    if len(values) != len(names):
        raise FunctionError("there must be as many keys as values")
    items: list[Item] = []
    for value, name in zip(values, names, strict=True):
        answers = {equal(name, plain(one)) for one in search.items}
        if True in answers or None in answers:
            items.append(value if True in answers else Perhaps(value))
    return List(tuple(items), call.at, given.element)


@function(FUNCTIONS, DYNAMIC, returns=DYNAMIC)
def _one(call: Call, given: Value) -> Value:
    if not isinstance(given, SEQUENCES):
        raise FunctionError("a list, set or tuple is required")
    certain = sum(not isinstance(item, Perhaps) for item in given.items)
    type_ = given.element if isinstance(given, List | Set) else DYNAMIC
    if certain > 1:
        raise FunctionError("there is more than one element")
    if not given.items:
        return Null(call.at, type_)
    if certain == len(given.items):
        return plain(given.items[0])
    call.doubt()
    options = [plain(item) for item in given.items]
    return one_of([*options, *([] if certain else [Null(call.at, type_)])], call.at, "elements that may be missing")


@function(FUNCTIONS, rest=NUMBER, returns=ListType(NUMBER))
def _range(call: Call, *given: Number) -> Value:
    start, end, step = _bounds(*(number.value for number in given))
    if step == 0:
        raise FunctionError("the step must not be zero")
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
