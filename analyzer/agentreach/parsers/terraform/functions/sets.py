"""Functions on sets."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.comparison import identity, set_of
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.types import DYNAMIC, UNDETERMINED, SetType, TupleType, Type
from agentreach.parsers.terraform.unify import unify
from agentreach.parsers.terraform.values import (
    SEQUENCES,
    Failure,
    Item,
    List,
    Perhaps,
    Sequence,
    Set,
    Tuple,
    Value,
    is_known,
    known_items,
    plain,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

FUNCTIONS: dict[str, Function] = {}
SETS = SetType(DYNAMIC)
_MOST = 100_000


def _common(call: Call, given: tuple[Value, ...]) -> list[Set] | Failure:
    """The sets with elements of one type."""
    sets = [value for value in given if isinstance(value, Set)]
    types = [value.element for value in sets if value.items or value.element is not DYNAMIC]
    if UNDETERMINED in types:
        return [Set(value.items, value.at, UNDETERMINED) for value in sets]
    element = unify(types) if types else DYNAMIC
    if element is None:
        return call.failure("the elements have no type in common")
    converted = [convert(value, SetType(element)) for value in sets]
    failure = next((value for value in converted if isinstance(value, Failure)), None)
    return failure or [value for value in converted if isinstance(value, Set)]


@function(FUNCTIONS, SETS, rest=SETS, returns=SETS, orderless=True)
def _setunion(call: Call, *given: Value) -> Value:
    sets = _common(call, given)
    if isinstance(sets, Failure):
        return sets
    items: list[Item] = [item for one in sets for item in one.items]
    call.evaluation.spend(len(items))
    return set_of(items, sets[0].element, call.at)


@function(FUNCTIONS, SETS, rest=SETS, returns=SETS, orderless=True)
def _setintersection(call: Call, *given: Value) -> Value:
    sets = _common(call, given)
    if isinstance(sets, Failure):
        return sets
    first, *others = sets
    kept: list[Item] = []
    for item in first.items:
        answers = {_is_in(item, other) for other in others}
        if False not in answers:
            kept.append(Perhaps(plain(item), _is_many(item)) if None in answers else item)
    return set_of(kept, first.element, call.at)


@function(FUNCTIONS, SETS, SETS, returns=SETS, orderless=True)
def _setsubtract(call: Call, one: Value, other: Value) -> Value:
    sets = _common(call, (one, other))
    if isinstance(sets, Failure):
        return sets
    first, second = sets
    kept: list[Item] = []
    for item in first.items:
        answer = _is_in(item, second)
        if answer is not True:
            kept.append(Perhaps(plain(item), _is_many(item)) if answer is None else item)
    return set_of(kept, first.element, call.at)


def _is_many(item: Item) -> bool:
    return isinstance(item, Perhaps) and item.many


def _is_in(item: Item, other: Set) -> bool | None:
    """Whether an element is in a set; None when that is not known."""
    known: set[Hashable] = {identity(one) for one in other.items if not isinstance(one, Perhaps) and is_known(one)}
    if not isinstance(item, Perhaps) and is_known(item) and identity(item) in known:
        return True
    sure = is_known(other) and not isinstance(item, Perhaps) and is_known(item)
    return False if sure or not other.items else None


@function(FUNCTIONS, rest=DYNAMIC, returns=DYNAMIC)
def _setproduct(call: Call, *given: Value) -> Value:
    if len(given) < 2:  # noqa: PLR2004 - a product has two factors
        raise FunctionError("at least two arguments are required")
    factors: list[tuple[Value, ...]] = []
    types: list[Type] = []
    total = 1
    mixed = False
    for value in given:
        if not isinstance(value, SEQUENCES):
            raise FunctionError("the arguments must be sets, lists or tuples")
        items = known_items(value)
        element = _element(value)
        if items is None:
            return call.unknown(DYNAMIC, value)
        factors.append(tuple(convert(item, element) for item in items))
        mixed = mixed or (element is DYNAMIC and any(type_of(item) is not DYNAMIC for item in items))
        types.append(element)
        total *= len(items)
    if total > _MOST:
        return call.unknown(DYNAMIC)
    if mixed and total:
        raise FunctionError("the elements have no type in common")
    call.evaluation.spend(total)
    tuples = [Tuple(combination, call.at) for combination in product(*factors)]
    element_of_all = TupleType(tuple(types))
    if any(isinstance(value, Set) for value in given):
        return set_of(tuples, element_of_all, call.at)
    return List(tuple(tuples), call.at, element_of_all)


def _element(value: Sequence) -> Type:
    if not isinstance(value, Tuple):
        return value.element
    element = unify([type_of(plain(item)) for item in value.items]) if value.items else DYNAMIC
    if element is None:
        raise FunctionError("the elements have no type in common")
    return element
