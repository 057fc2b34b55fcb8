"""What a function's event sources add: mappings, rules, permissions to invoke, and rights of its role.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Value, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.sam import (
    api_authorizers,
    destinations,
    policies,
    poller_policies,
    queues,
    schedules,
)
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, get_att, properties_of, ref, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_MAPPED_SOURCE = {
    "SQS": "Queue",
    "Kinesis": "Stream",
    "DynamoDB": "Stream",
    "MSK": "Stream",
    "MQ": "Broker",
    "DocumentDB": "Cluster",
    "SelfManagedKafka": "",
}
_RULES = {"Schedule", "CloudWatchEvent", "EventBridgeRule"}
_PRINCIPALS = {
    "Api": "apigateway.amazonaws.com",
    "HttpApi": "apigateway.amazonaws.com",
    "S3": "s3.amazonaws.com",
    "SNS": "sns.amazonaws.com",
    "CloudWatchLogs": "logs.amazonaws.com",
    "IoTRule": "iot.amazonaws.com",
    "Cognito": "cognito-idp.amazonaws.com",
    "AlexaSkill": "alexa-appkit.amazon.com",
    **dict.fromkeys(_RULES, "events.amazonaws.com"),
}


class Events(NamedTuple):
    """What all event sources of a function add to its role, and the resources they make."""

    managed: list[Value]
    inline: list[Value]
    resources: list[Entry]


def of(scope: Scope, function: Entry, alias: str | None) -> Events:
    """What a function's raw `Events` add. With an alias, sources invoke the alias."""
    found = Events([], [], [])
    events = properties_of(function).entries.get("Events")
    for name, event in events.entries.items() if isinstance(events, MapValue) else ():
        at = events.keys.get(name, event.at) if isinstance(events, MapValue) else event.at
        source = _Source(scope, function, alias or function.name, _Event(function.name + name, event, at))
        _add_once(found.managed, source.managed())
        _add_once(found.inline, source.inline())
        found.resources.extend(source.resources())
    return found


def _add_once(into: list[Value], values: Iterator[Value]) -> None:
    for value in values:
        if not any(_same(value, other) for other in into):
            into.append(value)


def _same(value: Value, other: Value) -> bool:
    text, known = string(child(value, "PolicyName")), string(child(other, "PolicyName"))
    return text == known if text or known else value.at == other.at


class _Event(NamedTuple):
    name: str
    value: Value
    at: Span


class _Source:
    """One event source. `name` is the logical id of what it makes."""

    def __init__(self, scope: Scope, function: Entry, target: str, event: _Event) -> None:
        self.scope = scope
        self.function = function
        self.target = target
        self.name = event.name
        self.kind = string(child(event.value, "Type")) or ""
        given = child(event.value, "Properties")
        self.properties = given if isinstance(given, MapValue) else MapValue({}, event.at)
        self.at = event.at

    def managed(self) -> Iterator[Value]:
        """Managed policies for the function's role."""
        through_queue = self.kind == "SNS" and queues.is_subscribed(self.properties)
        name = poller_policies.MANAGED.get("SQS" if through_queue else self.kind)
        if name is not None:
            yield policies.managed_policy(name, self.at)

    def inline(self) -> Iterator[Value]:
        """Inline policies for the function's role."""
        yield from poller_policies.inline(self.kind, self.name, self.properties)
        failure = child(self.properties.entries.get("DestinationConfig"), "OnFailure")
        kind, arn = string(child(failure, "Type")) or "", child(failure, "Destination")
        if arn is not None and (policy := destinations.sending_policy(self.name, kind, arn)) is not None:
            yield written(policy, arn.at)

    def resources(self) -> Iterator[Entry]:
        """What the source makes."""
        if self.kind in _MAPPED_SOURCE:
            yield self._mapping()
        elif self.kind == "ScheduleV2":
            yield from schedules.of_function(self.function, self.target, self.name, self.properties, self.at)
        elif self.kind == "SNS" and queues.is_subscribed(self.properties):
            yield from queues.of_topic(self.function, self.target, self.name, self.properties, self.at)
        elif self.kind in _PRINCIPALS:
            if self.kind in _RULES:
                yield self._rule()
                dead = self.properties.entries.get("DeadLetterConfig")
                yield from queues.of_rule(self.function, self.name, dead, self.at)
            elif self.kind == "SNS":
                yield self._subscription()
            yield self._permission()

    def _mapping(self) -> Entry:
        source = _MAPPED_SOURCE[self.kind]
        entries: dict[str, Plain] = {name: value for name, value in self.properties.entries.items() if name != source}
        entries |= {"FunctionName": ref(self.target), "EventSourceArn": self.properties.entries.get(source)}
        return generated(self.function, self.name, "AWS::Lambda::EventSourceMapping", entries, self.at)

    def _rule(self) -> Entry:
        given = self.properties.entries
        rule: dict[str, Plain] = {
            "Name": given.get("RuleName") or given.get("Name"),
            "EventBusName": given.get("EventBusName"),
            "EventPattern": given.get("Pattern"),
            "ScheduleExpression": given.get("Schedule"),
            "State": given.get("State"),
            "Targets": [{"Arn": get_att(self.target), "Id": f"{self.name}LambdaTarget", "Input": given.get("Input")}],
        }
        return generated(self.function, self.name, "AWS::Events::Rule", rule, self.at)

    def _subscription(self) -> Entry:
        topic = self.properties.entries.get("Topic")
        subscription: dict[str, Plain] = {"Protocol": "lambda", "Endpoint": get_att(self.target), "TopicArn": topic}
        return generated(self.function, self.name, "AWS::SNS::Subscription", subscription, self.at)

    def _permission(self) -> Entry:
        permission: dict[str, Plain] = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref(self.target),
            "Principal": _PRINCIPALS[self.kind],
            "SourceArn": self._source_arn(),
            "SourceAccount": ref("AWS::AccountId") if self.kind == "S3" else None,
            "AuthorizationType": self._authorizer(),
        }
        name = f"{self.name}Permission{self._stage()}"
        return generated(self.function, name, "AWS::Lambda::Permission", permission, self.at)

    def _authorizer(self) -> Plain:
        """Whom the API asks: SAM writes that into the API's definition, which nothing else is read from."""
        routed = self.kind in api_authorizers.APIS
        return api_authorizers.authorizer(self.scope, self.kind, self.properties) if routed else None

    def _source_arn(self) -> Plain:
        given = self.properties.entries
        if self.kind in _RULES:
            return get_att(self.name)
        if self.kind == "SNS":
            return given.get("Topic")
        if self.kind in {"Api", "HttpApi"}:
            api = given.get(api_authorizers.APIS[self.kind]) or ref(f"Serverless{_API[self.kind]}")
            pattern = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"
            return {"Fn::Sub": [pattern, {"ApiId": api}]}
        return None

    def _stage(self) -> str:
        """SAM names the permission of a REST API after the stage it is for."""
        if self.kind != "Api":
            return ""
        api = self.properties.entries.get("RestApiId")
        if api is None:
            return "Prod"
        declared = self.scope.section("Resources").entries.get(string(child(api, "Ref")) or "")
        stage = string(child(child(declared, "Properties"), "StageName")) or ""
        return stage if stage.isalnum() else "Stage"


_API = {"Api": "RestApi", "HttpApi": "HttpApi"}
