"""The intrinsic functions, one each.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html

Each takes its raw argument and where it stands. What a function cannot know is Unknown with the
reason; it never guesses and never raises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentreach.model import (
    Encoded,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Span,
    Text,
    Unknown,
    Value,
    child,
    elements,
    number,
    string,
)
from agentreach.parsers.cloudformation import conditions, networks, substitution
from agentreach.parsers.cloudformation.pseudo import is_no_value
from agentreach.parsers.cloudformation.strings import concatenate, length, one_of, split

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.evaluate import Evaluator

Intrinsic = Callable[["Evaluator", Value, Span], Value]


def ref(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Ref`: a loop variable, a parameter's value, a pseudo parameter, or what a resource is referred to by."""
    name = string(evaluator.resolve(argument))
    if name is None:
        return Unknown("Ref of a name only known at deployment", at)
    return evaluator.ref(name, at)


def get_att(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::GetAtt`: "Resource.Attribute", or a list of the two."""
    resolved = evaluator.resolve(argument)
    if isinstance(resolved, ListValue):
        names = [string(item) for item in resolved.items]
        if None in names:
            return Unknown("Fn::GetAtt of a name only known at deployment", at)
        resource, _, attribute = ".".join(map(str, names)).partition(".")
    else:
        resource, _, attribute = (string(resolved) or "").partition(".")
    if not resource or not attribute:
        return Unknown("Fn::GetAtt expects a resource and an attribute", at)
    return evaluator.scope.attribute(resource, attribute, at)


def join(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Join`: [delimiter, list]. A list that may go on leaves a hole at the end."""
    pair = _arguments(argument, 2)
    if pair is None:
        return Unknown("Fn::Join expects a delimiter and a list", at)
    delimiter, items = string(evaluator.resolve(pair[0])), evaluator.resolve(pair[1])
    if isinstance(items, OneOf):
        return one_of((_joined(delimiter, one, at) for one in items.alternatives), at, items.reason)
    joined = _joined(delimiter, items, at)
    evaluator.budget.steps -= len(elements(items))
    evaluator.budget.charge_text(length(joined))
    return joined


def _joined(delimiter: str | None, items: Value, at: Span) -> Value:
    if delimiter is None or not isinstance(items, ListValue):
        return Unknown(_reason(items, "the list is only known at deployment"), at)
    pieces: list[Value] = []
    for item in items.items:
        pieces += [Scalar(delimiter, at), item] if pieces else [item]
    if items.open:
        pieces.append(Unknown("the list may go on", items.at))
    return concatenate(pieces, at)


def sub(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Sub`: a text, or [text, {name: value}]."""
    return substitution.sub(evaluator, argument, at)


def select(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Select`: [index, list], counted from 0."""
    pair = _arguments(argument, 2)
    if pair is None:
        return Unknown("Fn::Select expects an index and a list", at)
    index, items = evaluator.resolve(pair[0]), evaluator.resolve(pair[1])
    if isinstance(index, OneOf):
        return one_of((_selected(one, items, at) for one in index.alternatives), at, index.reason)
    if isinstance(items, OneOf):
        return one_of((_selected(index, one, at) for one in items.alternatives), at, items.reason)
    return _selected(index, items, at)


def _selected(index: Value, items: Value, at: Span) -> Value:
    position = number(index)
    if not isinstance(items, ListValue):
        return Unknown(_reason(items, "the list is only known at deployment"), at)
    if position is None or position != int(position):
        return Unknown(_reason(index, "the index is only known at deployment"), at)
    if 0 <= position < len(items.items):
        return items.items[int(position)]
    return Unknown("the list may go on" if items.open else "the list is shorter than the index", at)


def split_text(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Split`: [delimiter, text]."""
    pair = _arguments(argument, 2)
    delimiter = None if pair is None else string(evaluator.resolve(pair[0]))
    if pair is None or not delimiter:
        return Unknown("Fn::Split expects a delimiter and a text", at)
    return split(evaluator.resolve(pair[1]), delimiter, at)


def find_in_map(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::FindInMap`: [map, key, key, {DefaultValue}]. An open key leaves every entry possible."""
    default: Value | None = None
    match argument.items if isinstance(argument, ListValue) else ():
        case (name, row, column):
            pass
        case (name, row, column, options):
            default = child(options, "DefaultValue")
        case _:
            return Unknown("Fn::FindInMap expects a map and two keys", at)
    found: list[Value] = []
    sections, complete = _entries(evaluator.scope.section("Mappings"), evaluator.resolve(name))
    second, third = evaluator.resolve(row), evaluator.resolve(column)
    for section in sections:
        rows, all_rows = _entries(section, second)
        complete = complete and all_rows
        evaluator.budget.steps -= len(rows)
        for one in rows:
            values, all_values = _entries(one, third)
            complete = complete and all_values
            evaluator.budget.steps -= len(values)
            found += [evaluator.resolve(value) for value in values]
    if default is not None and (not complete or not found):
        found.append(evaluator.resolve(default))
    if not found:
        return Unknown("no such entry in the mapping", at)
    return one_of(found, at, "the mapping's key is only known at deployment")


def _entries(section: Value, key: Value) -> tuple[tuple[Value, ...], bool]:
    """The entries a key may name, and whether it names one for sure."""
    if not isinstance(section, MapValue):
        return (), False
    if isinstance(key, Scalar):
        entry = section.entries.get(string(key) or "")
        return ((entry,), True) if entry is not None else ((), False)
    if isinstance(key, OneOf):
        found = [_entries(section, one) for one in key.alternatives]
        return tuple(entry for entries, _ in found for entry in entries), all(complete for _, complete in found)
    if isinstance(key, Text):
        possible = (Scalar(name, key.at) for name in section.entries)
        return tuple(
            section.entries[str(name.value)] for name in possible if conditions.equal(key, name) is None
        ), False
    return tuple(section.entries.values()), False


def if_(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::If`: [condition, then, else]; both, each under its assumption, while the condition is open."""
    three = _arguments(argument, 3)
    if three is None:
        return Unknown("Fn::If expects a condition and two values", at)
    name = string(three[0])
    decided = evaluator.decide(name) if name is not None else conditions.decide(evaluator, three[0])
    if decided is not None:
        return evaluator.resolve(three[1] if decided else three[2])
    if name is None:
        branches = [evaluator.resolve(three[1]), evaluator.resolve(three[2])]
    else:
        branches = [
            evaluator.assuming(name, holds=True).resolve(three[1]),
            evaluator.assuming(name, holds=False).resolve(three[2]),
        ]
    if all(map(is_no_value, branches)):
        return branches[0]
    return one_of(branches, at, f"condition {name or 'of Fn::If'} is open")


def _condition(name: str) -> Intrinsic:
    def answer(evaluator: Evaluator, argument: Value, at: Span) -> Value:
        decided = conditions.decide(evaluator, MapValue({name: argument}, at))
        return Unknown("the condition is open", at) if decided is None else Scalar(decided, at)

    return answer


def import_value(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::ImportValue`: the output that a template of the scanned paths exports under this name."""
    return evaluator.scope.project.exports.imported(evaluator.resolve(argument), at)


def base64_text(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Base64`: kept as what is encoded."""
    resolved = evaluator.resolve(argument)
    return resolved if isinstance(resolved, Unknown) else Encoded(resolved, at)


def cidr(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Cidr`: [block, count, bits]."""
    arguments = argument.items if isinstance(argument, ListValue) else ()
    if len(arguments) not in {2, 3}:
        return Unknown("Fn::Cidr expects a block and a count", at)
    resolved = [evaluator.resolve(one) for one in arguments]
    return networks.blocks(string(resolved[0]), [number(one) for one in resolved[1:]], at)


def get_azs(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::GetAZs`: the zones are the account's, so never known here."""
    region = string(evaluator.resolve(argument))
    return Unknown(f"availability zones of {region or 'the region'} are only known at deployment", at)


def length_of_list(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Length` of a list."""
    resolved = evaluator.resolve(argument)
    if isinstance(resolved, ListValue) and not resolved.open:
        return Scalar(len(resolved.items), at)
    return Unknown(_reason(resolved, "the list is only known at deployment"), at)


def to_json_string(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::ToJsonString`: the structure survives, encoded."""
    return Encoded(evaluator.resolve(argument), at)


def transform(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """`Fn::Transform` alone in a map: what AWS::Include includes, resolved here."""
    included = evaluator.scope.included(evaluator, argument, at)
    return included if isinstance(included, Unknown) else evaluator.resolve(included)


def get_stack_output(_evaluator: Evaluator, _argument: Value, at: Span) -> Value:
    """`Fn::GetStackOutput`: a deployed stack, perhaps another account's."""
    return Unknown("the output of a deployed stack", at)


def _rule(_evaluator: Evaluator, _argument: Value, at: Span) -> Value:
    return Unknown("functions of Rules are decided at deployment", at)


def _arguments(argument: Value, count: int) -> tuple[Value, ...] | None:
    if isinstance(argument, ListValue) and len(argument.items) == count:
        return argument.items
    return None


def _reason(value: Value, otherwise: str) -> str:
    match value:
        case Unknown(reason=reason):
            return reason
        case Reference(key=key, attribute=attribute):
            return f"{key}.{attribute} is only known after deployment"
        case _:
            return otherwise


FUNCTIONS: dict[str, Intrinsic] = {
    "Ref": ref,
    "Fn::And": _condition("Fn::And"),
    "Fn::Base64": base64_text,
    "Fn::Cidr": cidr,
    "Fn::Contains": _rule,
    "Fn::EachMemberEquals": _rule,
    "Fn::EachMemberIn": _rule,
    "Fn::Equals": _condition("Fn::Equals"),
    "Fn::FindInMap": find_in_map,
    "Fn::GetAZs": get_azs,
    "Fn::GetAtt": get_att,
    "Fn::GetStackOutput": get_stack_output,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length_of_list,
    "Fn::Not": _condition("Fn::Not"),
    "Fn::Or": _condition("Fn::Or"),
    "Fn::RefAll": _rule,
    "Fn::Select": select,
    "Fn::Split": split_text,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json_string,
    "Fn::Transform": transform,
    "Fn::ValueOf": _rule,
    "Fn::ValueOfAll": _rule,
}
