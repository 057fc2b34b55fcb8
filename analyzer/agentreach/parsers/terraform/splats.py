"""`target[*]…` and `target.*…`: what follows, applied to every element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.comparison import is_shuffled
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    UNDETERMINED,
    ListType,
    SetType,
    TupleType,
    is_open,
)
from agentreach.parsers.terraform.values import (
    SEQUENCES,
    Failure,
    Item,
    List,
    Null,
    OneOf,
    Perhaps,
    Set,
    Tuple,
    Unknown,
    Value,
    plain,
    type_of,
)

if TYPE_CHECKING:
    from agentreach.parsers.terraform import syntax
    from agentreach.parsers.terraform.evaluation import Evaluation
_ITEM = "*"


def splat(node: syntax.Splat, evaluation: Evaluation) -> Value:
    """`target[*]…` and `target.*…`."""
    return _splat(node, evaluation.value(node.target), evaluation)


def _splat(node: syntax.Splat, target: Value, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if isinstance(target, OneOf):
        results = [_splat(node, one, evaluation) for one in target.alternatives]
        return evaluation.distributed(results, at, target.reason)
    if isinstance(target, Failure):
        return target
    if isinstance(target, Null):
        listed = isinstance(target.type, ListType | SetType | TupleType)
        return Failure("null cannot be expanded with [*]", at) if listed else Tuple((), at)
    if isinstance(target, Unknown):
        return _unknown_splat(node, target, evaluation)
    items = target.items if isinstance(target, SEQUENCES) else (target,)
    results_or_failure = _each(node, items, evaluation)
    if isinstance(results_or_failure, Failure):
        return results_or_failure
    if isinstance(target, List | Set):
        return _listed(node, results_or_failure, target, evaluation)
    return Tuple(results_or_failure, at, is_shuffled(target))


def _each(node: syntax.Splat, items: tuple[Item, ...], evaluation: Evaluation) -> tuple[Item, ...] | Failure:
    results: list[Item] = []
    outer = evaluation.names
    evaluation.names = names = dict(outer)
    try:
        for item in items:
            evaluation.spend(1)
            names[_ITEM] = plain(item)
            value = evaluation.element(evaluation.value(node.each))
            if isinstance(value, Failure):
                if not isinstance(item, Perhaps):
                    return value
                evaluation.doubts += 1
                continue
            results.append(Perhaps(value, item.many) if isinstance(item, Perhaps) else value)
    finally:
        evaluation.names = outer
    return tuple(results)


def _listed(node: syntax.Splat, items: tuple[Item, ...], target: List | Set, evaluation: Evaluation) -> Value:
    types = [type_of(plain(item)) for item in items]
    if not types:
        sample = evaluation.bound({_ITEM: Unknown(target.element, "no element", target.at)}, node.each)
        types = [type_of(sample)]
    known = [type_ for type_ in types if type_ is not UNDETERMINED]
    if any(type_ != known[0] for type_ in known):
        return Failure("the elements of the expanded list have different types", evaluation.span(node))
    return List(items, evaluation.span(node), known[0] if known else DYNAMIC, is_shuffled(target))


def _unknown_splat(node: syntax.Splat, target: Unknown, evaluation: Evaluation) -> Value:
    type_ = target.type
    at = evaluation.span(node)
    if is_open(type_):
        evaluation.doubts += 1
        return Unknown(DYNAMIC, target.reason, target.at, nullable=False)
    if not isinstance(type_, ListType | SetType | TupleType):
        items: tuple[Item, ...] = (Perhaps(target),) if target.nullable else (target,)
    else:
        evaluation.doubts += target.nullable
        parts = type_.elements if isinstance(type_, TupleType) else (type_.element,)
        unknown = [Unknown(part, target.reason, target.at, reference=target.reference) for part in parts]
        items = tuple(unknown) if isinstance(type_, TupleType) else (Perhaps(unknown[0], many=True),)
    results = _each(node, items, evaluation)
    if isinstance(results, Failure):
        return results
    if isinstance(type_, ListType | SetType):
        return List(results, at, type_of(plain(results[0])) if results else DYNAMIC)
    return Tuple(results, at)
