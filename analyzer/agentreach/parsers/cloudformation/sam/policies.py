"""The `Policies` property in all its forms: managed policies by name or ARN, statements, policy templates.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Span, Unknown, Value, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.dynamic_references import MARK
from agentreach.parsers.cloudformation.sam import tables
from agentreach.parsers.cloudformation.sam.writing import Plain, intrinsic, is_no_value, ref, sub, written

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_VALUE = ref("AWS::NoValue")


class Policies(NamedTuple):
    """What a role gets: raw managed policy ARNs, and raw inline policies with name and document."""

    managed: list[Value]
    inline: list[Value]


class _Converted(NamedTuple):
    managed: Value | None = None
    inline: Value | None = None


def of_property(policies: Value | None, role: str) -> Policies:
    """The policies of a raw `Policies` property for the role of this logical id."""
    found = Policies([], [])
    for index, policy in enumerate(_listed(policies)):
        converted = _converted(policy, f"{role}Policy{index}")
        if converted.managed is not None:
            found.managed.append(converted.managed)
        if converted.inline is not None:
            found.inline.append(converted.inline)
    return found


def unique(managed: list[Value]) -> list[Value]:
    """Each AWS managed policy once: SAM's own and the template's may name the same one."""
    found: dict[str, Value] = {}
    for policy in managed:
        argument = child(policy, "Fn::Sub")
        text = string(policy) or string(argument.items[0] if isinstance(argument, ListValue) else argument)
        found.setdefault(text or f"#{len(found)}", policy)
    return list(found.values())


def managed_policy(name: str, at: Span) -> Value:
    """The ARN of an AWS managed policy; an ARN stays what it is."""
    if name.startswith("arn:"):
        return Scalar(name, at)
    return written(sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{tables.managed_policy_path(name)}{name}"), at)


def _listed(policies: Value | None) -> Iterator[Value]:
    """Each policy; an `Fn::If` between lists as one between their elements."""
    if policies is None or (isinstance(policies, Scalar) and policies.value is None):
        return
    if isinstance(policies, ListValue):
        yield from policies.items
        return
    branches = _branches(policies)
    if branches is not None and any(isinstance(branch, ListValue) for branch in branches[1:]):
        condition, then, otherwise = branches
        for one, other in zip_longest(_listed(then), _listed(otherwise)):
            yield written({"Fn::If": [condition, one or _NO_VALUE, other or _NO_VALUE]}, policies.at)
        return
    yield policies


def _branches(value: Value) -> tuple[Value, Value, Value] | None:
    if intrinsic(value) != "Fn::If" or not isinstance(value, MapValue):
        return None
    argument = value.entries["Fn::If"]
    if not isinstance(argument, ListValue) or len(argument.items) != len(_Converted._fields) + 1:
        return None
    return argument.items[0], argument.items[1], argument.items[2]


def _converted(policy: Value, name: str) -> _Converted:
    if is_no_value(policy):
        return _Converted()
    branches = _branches(policy)
    if branches is not None:
        condition, then, otherwise = branches
        one, other = _converted(then, name), _converted(otherwise, name)
        return _Converted(
            _if(condition, one.managed, other.managed, policy.at), _if(condition, one.inline, other.inline, policy.at)
        )
    if isinstance(policy, Scalar) and MARK not in (string(policy) or ""):
        return _Converted(managed=managed_policy(string(policy) or "", policy.at))
    if isinstance(policy, Scalar) or intrinsic(policy) is not None:
        return _Converted(managed=policy)
    return _Converted(inline=written({"PolicyName": name, "PolicyDocument": _document(policy)}, policy.at))


def _if(condition: Value, then: Value | None, otherwise: Value | None, at: Span) -> Value | None:
    if then is None and otherwise is None:
        return None
    return written({"Fn::If": [condition, then or _NO_VALUE, otherwise or _NO_VALUE]}, at)


def _document(policy: Value) -> Value:
    if not isinstance(policy, MapValue):
        return Unknown("not a policy", policy.at)
    if "Statement" in policy.entries:
        return policy
    name = next(iter(policy.entries), "")
    if len(policy.entries) == 1 and name in tables.policy_templates():
        return expanded(name, policy.entries[name], policy.keys.get(name, policy.at))
    return Unknown(f"{name or 'an empty map'} is not a policy template of SAM", policy.at)


def expanded(template: str, parameters: Value, at: Span) -> Value:
    """The raw policy document that a policy template stands for."""
    given = parameters.entries if isinstance(parameters, MapValue) else {}
    statements = [{"Effect": "Allow", **_filled(one, given, at)} for one in tables.policy_templates()[template]]
    return written({"Version": "2012-10-17", "Statement": statements}, at)


def _filled(statement: tables.Statement, given: dict[str, Value], at: Span) -> dict[str, Plain]:
    return {name: _fill(value, given, at) for name, value in statement.items()}


def _fill(value: Plain, given: dict[str, Value], at: Span) -> Plain:
    if isinstance(value, str):
        return _filled_text(value, given, at) if "${" in value else value
    if isinstance(value, list):
        return [_fill(item, given, at) for item in value]
    if isinstance(value, dict):
        return {name: _fill(item, given, at) for name, item in value.items()}
    return value


def _filled_text(text: str, given: dict[str, Value], at: Span) -> Plain:
    names = (piece.partition("}")[0] for piece in text.split("${")[1:])
    own = {name for name in names if not name.startswith("AWS::")}
    variables: dict[str, Plain] = {
        name: given.get(name) or Unknown(f"the policy template's parameter {name} is not given", at) for name in own
    }
    return sub(text, variables)
