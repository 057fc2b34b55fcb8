"""CloudFormation's short forms, turned into the long ones: `!GetAtt a.Arn` is `{"Fn::GetAtt": "a.Arn"}`."""

from __future__ import annotations

from agentreach.model import MapValue, Span, Value

_WITHOUT_PREFIX = {"!Ref": "Ref", "!Condition": "Condition"}
FUNCTIONS = frozenset(
    {
        "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "ForEach",
        "GetAZs", "GetAtt", "GetStackOutput", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select",
        "Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll",
    }
)  # fmt: skip


def long_form(tag: str, value: Value, at: Span) -> Value:
    """What a template's tag stands for; a tag that is none of CloudFormation's leaves the value as it is."""
    name = _WITHOUT_PREFIX.get(tag)
    if name is None and tag[1:] in FUNCTIONS:
        name = f"Fn::{tag[1:]}"
    if name is None:
        return value
    return MapValue({name: value}, at, {name: Span(at.source, at.start, at.start + len(tag))})
