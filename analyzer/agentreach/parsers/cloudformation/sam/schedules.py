"""`ScheduleV2`: an EventBridge Scheduler schedule and the role it assumes.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Span, Value, child, string
from agentreach.parsers.cloudformation.sam import roles
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, get_att, ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.language_extensions import Entry

_TARGET = {"Input", "RoleArn", "DeadLetterConfig", "RetryPolicy", "OmitName", "PermissionsBoundary"}


def of_function(cause: Entry, target: str, name: str, properties: MapValue, at: Span) -> Iterator[Entry]:
    """The schedule of a function and its role."""
    arn = get_att(target)
    yield from _resources(cause, name, properties, at, arn, (f"{name}LambdaPolicy", "lambda:InvokeFunction"))


def of_state_machine(cause: Entry, target: str, name: str, properties: MapValue, at: Span) -> Iterator[Entry]:
    """The schedule of a state machine and its role."""
    arn = ref(target)
    yield from _resources(cause, name, properties, at, arn, (f"{name}StartExecutionPolicy", "states:StartExecution"))


def _resources(
    cause: Entry, name: str, properties: MapValue, at: Span, arn: Plain, right: tuple[str, str]
) -> Iterator[Entry]:
    given = properties.entries
    schedule: dict[str, Plain] = {key: value for key, value in given.items() if key not in _TARGET}
    role: Plain = given.get("RoleArn") or get_att(f"{name}Role")
    schedule["Target"] = {"Arn": arn, "RoleArn": role, "Input": given.get("Input")}
    yield generated(cause, name, "AWS::Scheduler::Schedule", schedule, at)
    if "DeadLetterConfig" in given and child(given["DeadLetterConfig"], "Arn") is None:
        yield generated(cause, _queue_name(name, given["DeadLetterConfig"]), "AWS::SQS::Queue", {}, at)
    if "RoleArn" in given:
        return
    inline: list[Plain] = [roles.policy(right[0], roles.allow(right[1], arn))]
    if "DeadLetterConfig" in given:
        queue: Plain = child(given["DeadLetterConfig"], "Arn") or get_att(_queue_name(name, given["DeadLetterConfig"]))
        inline.append(roles.policy(f"{name}SQSPolicy", roles.allow("sqs:SendMessage", queue)))
    boundary = given.get("PermissionsBoundary")
    yield roles.event_role(cause, f"{name}Role", "scheduler.amazonaws.com", inline, at=at, boundary=boundary)


def _queue_name(name: str, config: Value) -> str:
    """The queue that SAM makes where a dead letter configuration names none."""
    return string(child(config, "QueueLogicalId")) or f"{name}Queue"
