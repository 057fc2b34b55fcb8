"""`EventInvokeConfig`: where a function's asynchronous results go, and what its role needs for that.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokeconfiguration.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Value, child, string
from agentreach.parsers.cloudformation.sam import roles
from agentreach.parsers.cloudformation.sam.writing import (
    Plain,
    generated,
    get_att,
    intrinsic,
    is_no_value,
    ref,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.language_extensions import Entry

_MADE = {"SQS": ("Queue", "AWS::SQS::Queue"), "SNS": ("Topic", "AWS::SNS::Topic")}
_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}


def policies(function: Entry, properties: MapValue) -> Iterator[Value]:
    """The inline policies that let the role send results."""
    for name, kind, config in _destinations(function, properties):
        arn = _destination(child(config, "Destination"), _arn_of_made(name, kind))
        if arn is not None and (policy := sending_policy(name, kind, arn)) is not None:
            yield written(policy, config.at)


def resources(function: Entry, properties: MapValue) -> Iterator[Entry]:
    """The queues and topics that SAM makes where no destination is given."""
    for name, kind, config in _destinations(function, properties):
        destination = child(config, "Destination")
        if kind in _MADE and (destination is None or _choice(destination) is not None):
            suffix, type_ = _MADE[kind]
            made = generated(function, name + suffix, type_, {}, config.at)
            yield made if destination is None else made._replace(certain=False)


def _destination(given: Value | None, made: Plain) -> Plain:
    """Where results go: what is given, what SAM makes, or either where `Fn::If` leaves a branch out."""
    branches = None if given is None else _choice(given)
    if branches is None:
        return given or made
    condition, then, otherwise = branches
    return {"Fn::If": [condition, made if is_no_value(then) else then, made if is_no_value(otherwise) else otherwise]}


def _choice(given: Value) -> tuple[Value, Value, Value] | None:
    """An `Fn::If` with AWS::NoValue in a branch."""
    argument = child(given, "Fn::If") if intrinsic(given) == "Fn::If" else None
    match argument:
        case ListValue(items=(condition, then, otherwise)) if is_no_value(then) or is_no_value(otherwise):
            return condition, then, otherwise
        case _:
            return None


def sending_policy(name: str, kind: str, arn: Plain) -> Plain:
    """The inline policy to send to a destination; None where the kind needs none."""
    if kind in {"S3", "S3Bucket"}:
        objects: Plain = {"Fn::Join": ["/", [arn, "*"]]}
        return roles.policy(f"{name}S3Policy", roles.allow("s3:PutObject", objects), roles.allow("s3:ListBucket", arn))
    action = _ACTIONS.get(kind)
    return roles.policy(f"{name}{kind}Policy", roles.allow(action, arn)) if action else None


def _destinations(function: Entry, properties: MapValue) -> Iterator[tuple[str, str, MapValue]]:
    config = child(properties.entries.get("EventInvokeConfig"), "DestinationConfig")
    for event in ("OnSuccess", "OnFailure"):
        destination = child(config, event)
        if isinstance(destination, MapValue):
            kind = string(child(destination, "Type")) or ""
            yield f"{function.name}EventInvokeConfig{event}", kind, destination


def _arn_of_made(name: str, kind: str) -> Plain:
    if kind not in _MADE:
        return None
    made = name + _MADE[kind][0]
    return ref(made) if kind == "SNS" else get_att(made)
