"""Names, `.attribute` and `[index]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.comparison import in_any_order, is_shuffled, matches
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.texts import parts_of
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    Type,
    is_open,
)
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    Encoded,
    Failure,
    List,
    Map,
    Mapping,
    Null,
    Number,
    OneOf,
    Partial,
    Perhaps,
    String,
    Tuple,
    Unknown,
    Value,
    alternatives,
    one_of,
)
from agentreach.parsers.terraform.written import as_text
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.evaluate import Step
    from agentreach.parsers.terraform.evaluation import Evaluation
    from agentreach.parsers.terraform.syntax import Expression


def traversal(node: Expression, evaluation: Evaluation) -> Value:
    """A name with all the steps that follow it: the scope accounts for the first of them."""
    nodes: list[syntax.Attribute | syntax.Index] = []
    root = node
    while type(root) is syntax.Attribute or type(root) is syntax.Index:
        nodes.append(root)
        root = root.target
    nodes.reverse()
    if type(root) is not syntax.Name:
        return _stepped(evaluation.value(root), nodes, evaluation)
    bound = evaluation.names.get(root.name)
    if bound is not None:
        return _stepped(bound, nodes, evaluation)
    steps: list[Step] = []
    for step in nodes:
        taken = step.name if isinstance(step, syntax.Attribute) else evaluation.value(step.key)
        if type(taken) is Failure:
            return taken
        steps.append(taken)
    at = Span(evaluation.source, node.start, node.end)
    return _resolved(root.name, steps, at, evaluation)


def _stepped(value: Value, nodes: list[syntax.Attribute | syntax.Index], evaluation: Evaluation) -> Value:
    for step in nodes:
        if type(value) is Failure:
            return value
        at = Span(evaluation.source, step.start, step.end)
        if isinstance(step, syntax.Attribute):
            value = attribute(value, step.name, at, evaluation)
        else:
            value = index(value, evaluation.value(step.key), at, evaluation)
    return value


def _resolved(root: str, steps: list[Step], at: Span, evaluation: Evaluation) -> Value:
    for position, step in enumerate(steps):
        if type(step) is OneOf:
            choices = [[*steps[:position], one, *steps[position + 1 :]] for one in step.alternatives]
            results = [_resolved(root, choice, at, evaluation) for choice in choices]
            return evaluation.distributed(results, at, step.reason)
    value, consumed = evaluation.scope.resolve(root, tuple(steps), at)
    for step in steps[consumed:]:
        if type(value) is Failure:
            return value
        value = _taken(value, step, at, evaluation)
    return value


def _taken(value: Value, step: Step, at: Span, evaluation: Evaluation) -> Value:
    return attribute(value, step, at, evaluation) if isinstance(step, str) else index(value, step, at, evaluation)


def attribute(value: Value, name: str, at: Span, evaluation: Evaluation) -> Value:
    """`value.name`."""
    if isinstance(value, MAPPINGS):
        return _entry(value, name, at, evaluation)
    if isinstance(value, OneOf):
        results = [attribute(one, name, at, evaluation) for one in value.alternatives]
        return evaluation.distributed(results, at, value.reason)
    if isinstance(value, Unknown):
        return _unknown_attribute(value, name, at, evaluation)
    if isinstance(value, Failure):
        return value
    what = "null" if isinstance(value, Null) else "this value"
    return Failure(f"{what} has no attribute {name!r}", at)


def _entry(value: Mapping, name: str, at: Span, evaluation: Evaluation) -> Value:
    found = value.entries.get(name)
    if found is not None:
        evaluation.doubts += name in value.maybe
        return found
    if value.rest is None:
        return Failure(f"there is no {'element' if isinstance(value, Map) else 'attribute'} {name!r}", at)
    evaluation.doubts += 1
    return value.rest


def _unknown_attribute(value: Unknown, name: str, at: Span, evaluation: Evaluation) -> Value:
    type_ = value.type
    if isinstance(type_, ObjectType):
        part = type_.attributes.get(name)
        if part is None:
            return Failure(f"there is no attribute {name!r}", at)
        evaluation.doubts += value.nullable
        return _part(value, part, f".{name}")
    if isinstance(type_, MapType) or is_open(type_):
        evaluation.doubts += 1
        return _part(value, type_.element if isinstance(type_, MapType) else DYNAMIC, f".{name}")
    return Failure(f"this value has no attribute {name!r}", at)


def _part(value: Unknown, type_: Type, step: str) -> Unknown:
    reference = value.reference
    if reference is not None:
        reference = replace(reference, attribute=f"{reference.attribute}{step}".lstrip("."))
    return Unknown(type_, value.reason, value.at, value.kind, value.nullable or reference is None, reference)


def index(value: Value, key: Value, at: Span, evaluation: Evaluation) -> Value:
    """`value[key]`."""
    if type(value) is Failure or type(key) is Failure:
        return value if type(value) is Failure else key
    if isinstance(value, OneOf) or isinstance(key, OneOf):
        results = [index(one, by, at, evaluation) for one in alternatives(value) for by in alternatives(key)]
        return evaluation.distributed(results, at, (value if isinstance(value, OneOf) else key).reason)  # type: ignore[union-attr]
    if isinstance(value, Null) or isinstance(key, Null):
        return Failure("null has no elements and is no index", at)
    if isinstance(value, Tuple | List):
        return _element(value, convert(key, NUMBER), at, evaluation)
    if isinstance(value, MAPPINGS):
        return _keyed(value, convert(key, STRING), at, evaluation)
    if isinstance(value, Unknown):
        return _unknown_element(value, key, at, evaluation)
    return Failure("this value has no elements that can be selected", at)


def _element(value: Tuple | List, key: Value, at: Span, evaluation: Evaluation) -> Value:
    if isinstance(key, Failure):
        return key
    if not isinstance(key, Number):
        evaluation.doubts += 1
        items = [item.value if isinstance(item, Perhaps) else item for item in value.items]
        return _any_of(items, value, key, at)
    if is_shuffled(value):
        value = Tuple(in_any_order(value), value.at)
    position = key.value or 0  # -0 is 0
    if not isinstance(position, int) or position < 0:
        return Failure("an index must be a whole number, zero or more", at)
    if position < len(value.items) and not any(isinstance(item, Perhaps) for item in value.items[: position + 1]):
        return value.items[position]  # type: ignore[return-value]  # there is no Perhaps up to it
    found = list(_candidates(value, position))
    if not found:
        return Failure("the index is beyond the end", at)
    evaluation.doubts += 1
    return one_of(found, at, "elements that may be missing")


def _candidates(value: Tuple | List, position: int) -> Iterator[Value]:
    """The elements that may come to stand there."""
    least, most = 0, 0.0
    for item in value.items:
        many = isinstance(item, Perhaps) and item.many
        if least <= position <= (float("inf") if many else most):
            yield item.value if isinstance(item, Perhaps) else item
        most += float("inf") if many else 1
        least += not isinstance(item, Perhaps)


def _any_of(values: list[Value], container: Value, key: Value, at: Span) -> Value:
    if not values:
        return Failure("there are no elements to select", at)
    reason = key.reason if isinstance(key, Unknown) else "a key that is not known"
    result = one_of(values, at, reason)
    if isinstance(result, Unknown) and isinstance(container, List | Map):
        return Unknown(container.element, result.reason, at)
    return result


def _keyed(value: Mapping, key: Value, at: Span, evaluation: Evaluation) -> Value:
    if isinstance(key, Encoded):
        key = as_text(key)
    if isinstance(key, String):
        return _entry(value, key.text, at, evaluation)
    if isinstance(key, Failure):
        return key
    evaluation.doubts += 1
    parts = parts_of(key) if isinstance(key, Partial) else None
    values = [entry for name, entry in value.entries.items() if parts is None or matches(parts, name)]
    if value.rest is not None:
        values.append(value.rest)
    return _any_of(values, value, key, at)


def _unknown_element(value: Unknown, key: Value, at: Span, evaluation: Evaluation) -> Value:
    type_ = value.type
    if isinstance(type_, ObjectType) and isinstance(key, String):
        return _unknown_attribute(value, key.text, at, evaluation)
    evaluation.doubts += 1
    step = f".{key.value}" if isinstance(key, Number) else f".{key.text}" if isinstance(key, String) else ".?"
    if isinstance(type_, ListType | MapType):
        return _part(value, type_.element, step)
    if isinstance(type_, ObjectType | TupleType) or is_open(type_):
        position = key.value if isinstance(key, Number) else None
        known = isinstance(type_, TupleType) and isinstance(position, int) and 0 <= position < len(type_.elements)
        return _part(value, type_.elements[position] if known else DYNAMIC, step)  # type: ignore[union-attr, index]
    return Failure("this value has no elements that can be selected", at)
