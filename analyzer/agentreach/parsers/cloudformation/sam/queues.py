"""Queues that SAM makes for events, and who may send to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Value, boolean, child, string
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, get_att, ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span
    from agentreach.parsers.cloudformation.language_extensions import Entry


def of_rule(cause: Entry, rule: str, config: Value | None, at: Span) -> Iterator[Entry]:
    """The dead letter queue of a rule, when its configuration names none."""
    if config is None or child(config, "Arn") is not None:
        return
    queue = string(child(config, "QueueLogicalId")) or f"{rule}Queue"
    yield generated(cause, queue, "AWS::SQS::Queue", {}, at)
    sender: dict[str, Plain] = {"Service": "events.amazonaws.com"}
    yield _policy(cause, f"{rule}QueuePolicy", ref(queue), _sending(sender, get_att(queue), get_att(rule)), at)


def is_subscribed(properties: MapValue) -> bool:
    """Whether a topic reaches the function through a queue."""
    subscription = properties.entries.get("SqsSubscription")
    return isinstance(subscription, MapValue) or boolean(subscription) is True


def of_topic(cause: Entry, target: str, name: str, properties: MapValue, at: Span) -> Iterator[Entry]:
    """A topic, through a queue, to a function: the queue, its policy, the subscription and the mapping."""
    subscription, topic = properties.entries.get("SqsSubscription"), properties.entries.get("Topic")
    arn: Plain = child(subscription, "QueueArn") or get_att(f"{name}Queue")
    url: Plain = child(subscription, "QueueUrl") or ref(f"{name}Queue")
    if not isinstance(subscription, MapValue):
        yield generated(cause, f"{name}Queue", "AWS::SQS::Queue", {}, at)
    policy = string(child(subscription, "QueuePolicyLogicalId")) or f"{name}QueuePolicy"
    yield _policy(cause, policy, url, _sending("*", arn, topic), at)
    subscribed: dict[str, Plain] = {"Protocol": "sqs", "Endpoint": arn, "TopicArn": topic}
    yield generated(cause, name, "AWS::SNS::Subscription", subscribed, at)
    mapping: dict[str, Plain] = {"FunctionName": ref(target), "EventSourceArn": arn}
    yield generated(cause, f"{name}EventSourceMapping", "AWS::Lambda::EventSourceMapping", mapping, at)


def _sending(principal: Plain, queue: Plain, source: Plain) -> Plain:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }


def _policy(cause: Entry, name: str, url: Plain, statement: Plain, at: Span) -> Entry:
    document: Plain = {"Version": "2012-10-17", "Statement": [statement]}
    return generated(cause, name, "AWS::SQS::QueuePolicy", {"Queues": [url], "PolicyDocument": document}, at)
