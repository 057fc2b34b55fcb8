"""Pseudo parameters (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).

Account, region and partition stay typed unknowns, so that an ARN built from them still matches as a
pattern. A CDK manifest may say which ones a stack is deployed to.
"""

from __future__ import annotations

from agentreach.model import Key, Kind, OneOf, Reference, Scalar, Span, Unknown, Value

NO_VALUE = "AWS::NoValue"
_NOTHING = Key("", NO_VALUE)

KINDS = {
    "AWS::AccountId": Kind.ACCOUNT,
    "AWS::Region": Kind.REGION,
    "AWS::Partition": Kind.PARTITION,
    "AWS::StackName": Kind.ANY,
    "AWS::StackId": Kind.ANY,
    "AWS::URLSuffix": Kind.ANY,
    "AWS::NotificationARNs": Kind.ANY,
}


def pseudo_parameter(name: str, at: Span) -> Value | None:
    """The typed unknown, or the marker of `AWS::NoValue`; None for any other name."""
    if name == NO_VALUE:
        return no_value(at)
    kind = KINDS.get(name)
    return None if kind is None else Unknown(f"{name} is only known at deployment", at, kind)


def no_value(at: Span) -> Reference:
    """The marker that removes what holds it. Never leaves the evaluation."""
    return Reference(_NOTHING, "Ref", at)


def is_no_value(value: Value | None) -> bool:
    """Whether this is the marker."""
    return isinstance(value, Reference) and value.key is _NOTHING


def settled(value: Value) -> Value:
    """Null instead of AWS::NoValue, also among alternatives: what may be absent may be null."""
    if is_no_value(value):
        return Scalar(None, value.at)
    if isinstance(value, OneOf) and any(map(is_no_value, value.alternatives)):
        return OneOf(tuple(map(settled, value.alternatives)), value.at, value.reason)
    return value
