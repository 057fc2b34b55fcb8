"""Functions that ask something of lists, sets and tuples, or choose among values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.comparison import equal, is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, Parameter
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
    plain,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
FUNCTIONS: dict[str, Function] = {}
LISTS = ListType(DYNAMIC)


_INTEGER = 64


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
        skipped = is_skipped(value)
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


def is_skipped(value: Value) -> bool | None:
    """Whether coalesce goes on to the next argument."""
    if isinstance(value, Null) or (isinstance(value, String) and value.text == ""):
        return True
    if isinstance(value, OneOf):
        answers = {is_skipped(one) for one in value.alternatives}
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
