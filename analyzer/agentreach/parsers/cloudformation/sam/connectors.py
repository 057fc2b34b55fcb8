"""Connectors: the permission that `Source`, `Destination` and `Permissions` stand for.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/managing-permissions-connectors.html.
A connector is a resource of its own, or an entry of `Connectors` beside the source's properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Span, Unknown, Value, child, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.sam import tables
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, get_att, intrinsic, properties_of, ref, sub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

TYPE = "AWS::Serverless::Connector"
_TYPES = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
}
_ARN_IS_REF = {
    "AWS::StepFunctions::StateMachine",
    "AWS::SNS::Topic",
    "AWS::AppSync::DataSource",
    "AWS::AppSync::GraphQLApi",
}
_ROLE_PROPERTY = {
    "AWS::Lambda::Function": "Role",
    "AWS::StepFunctions::StateMachine": "RoleArn",
    "AWS::AppSync::DataSource": "ServiceRoleArn",
}


class _End(NamedTuple):
    """One side of a connector: raw values for everything a statement may need of it."""

    name: str
    type: str
    values: Mapping[str, Plain]


def resources(scope: Scope, connector: Entry, declared: Mapping[str, Entry]) -> Iterator[Entry]:
    """What one connector makes."""
    properties = properties_of(connector)
    source, destinations = properties.entries.get("Source"), properties.entries.get("Destination")
    several = isinstance(destinations, ListValue)
    permissions = {string(one) or "" for one in elements(properties.entries.get("Permissions"))}
    for index, destination in enumerate(elements(destinations)):
        suffix = f"Destination{index}" if several else ""
        if source is None:
            continue
        ends = _end(source, destination, declared), _end(destination, source, declared)
        yield from _made(scope, connector, ends, permissions, suffix)


def embedded(resource: Entry) -> Iterator[Entry]:
    """The connectors written beside a resource's properties, each as a resource of its own."""
    connectors = child(resource.value, "Connectors")
    for name, connector in connectors.entries.items() if isinstance(connectors, MapValue) else ():
        properties = child(connector, "Properties")
        given = properties.entries if isinstance(properties, MapValue) else {}
        source: dict[str, Plain] = {"Id": resource.name}
        reference = child(connector, "SourceReference")
        if isinstance(reference, MapValue):
            source |= reference.entries
        at = connectors.keys.get(name, connector.at) if isinstance(connectors, MapValue) else connector.at
        yield generated(resource, resource.name + name, TYPE, {"Source": source, **given}, at)


def _end(side: Value, other: Value, declared: Mapping[str, Entry]) -> _End:
    given = side.entries if isinstance(side, MapValue) else {}
    name = string(given.get("Id")) or ""
    entry = declared.get(name)
    type_ = entry.type if entry is not None else string(given.get("Type")) or ""
    type_ = _TYPES.get(type_, type_)
    values: dict[str, Plain] = {"Arn": given.get("Arn"), "Name": given.get("Name"), "QueueUrl": given.get("QueueUrl")}
    values |= {"ResourceId": given.get("ResourceId"), "Role": given.get("RoleName")}
    if entry is not None:
        values = _values(name, type_, entry, string(child(other, "Id")) or "")
    values["Qualifier"] = given.get("Qualifier") or "*"
    return _End(name, type_, values)


def _values(name: str, type_: str, entry: Entry, other: str) -> dict[str, Plain]:
    graph = type_ == "AWS::AppSync::GraphQLApi"
    return {
        "Arn": ref(name) if type_ in _ARN_IS_REF else get_att(name),
        "Name": get_att(name, "Name"),
        "QueueUrl": ref(name),
        "ResourceId": get_att(name, "ApiId") if graph else ref(name),
        "Role": _role_name(type_, entry, other),
    }


def _role_name(type_: str, entry: Entry, other: str) -> Plain:
    """A raw reference to the role by name, when the resource names a declared role."""
    properties = properties_of(entry)
    role = properties.entries.get(_ROLE_PROPERTY.get(type_, ""))
    if type_ == "AWS::Events::Rule":
        targets = elements(properties.entries.get("Targets"))
        role = next((child(one, "RoleArn") for one in targets if _referred(child(one, "Arn")) == other), None)
    name = _referred(role)
    return ref(name) if name else None


def _referred(value: Value | None) -> str:
    """The logical id that a raw Ref or GetAtt names."""
    function = intrinsic(value)
    if function == "Ref":
        return string(child(value, "Ref")) or ""
    argument = child(value, "Fn::GetAtt") if function == "Fn::GetAtt" else None
    if isinstance(argument, ListValue) and argument.items:
        return string(argument.items[0]) or ""
    return (string(argument) or "").partition(".")[0]


def _made(
    scope: Scope, connector: Entry, ends: tuple[_End, _End], permissions: set[str], suffix: str
) -> Iterator[Entry]:
    source, destination = ends
    profile = tables.connectors().get(f"{source.type} -> {destination.type}")
    if profile is None:
        scope.skip(f"connector from {source.type or 'nothing'} to {destination.type or 'nothing'}", connector.at)
        return
    held = source if profile["on"] == "source" else destination
    values = {f"Source{name}": value for name, value in source.values.items()}
    values |= {f"Destination{name}": value for name, value in destination.values.items()}
    allowed = {name: one for name, one in profile["access"].items() if name in permissions}
    if profile["makes"] == "permission":
        for access, permission in allowed.items():
            filled = _filled(permission, values, connector.at)
            body: dict[str, Plain] = {
                "FunctionName": held.values["Arn"],
                **(filled if isinstance(filled, dict) else {}),
            }
            name = f"{connector.name}{access}LambdaPermission{suffix}"
            yield generated(connector, name, "AWS::Lambda::Permission", body)
        return
    statements = [
        _filled({"Effect": "Allow", **one}, values, connector.at) for many in allowed.values() for one in many
    ]
    document: Plain = {"Version": "2012-10-17", "Statement": statements}
    yield _policy(connector, profile["makes"], held, document, suffix)


def _policy(connector: Entry, makes: str, held: _End, document: Plain, suffix: str) -> Entry:
    if makes == "queue-policy":
        body: Plain = {"Queues": [held.values["QueueUrl"]], "PolicyDocument": document}
        return generated(connector, f"{connector.name}QueuePolicy{suffix}", "AWS::SQS::QueuePolicy", body)
    if makes == "topic-policy":
        body = {"Topics": [held.values["Arn"]], "PolicyDocument": document}
        return generated(connector, f"{connector.name}TopicPolicy{suffix}", "AWS::SNS::TopicPolicy", body)
    role = held.values["Role"] or Unknown(f"the role of {held.name or 'the connector'} is not declared", connector.at)
    body = {"PolicyDocument": document, "Roles": [role]}
    return generated(connector, f"{connector.name}Policy{suffix}", "AWS::IAM::ManagedPolicy", body)


def _filled(value: Plain, values: Mapping[str, Plain], at: Span) -> Plain:
    if isinstance(value, str):
        return sub(value, {name: one for name, one in values.items() if one is not None}) if "${" in value else value
    if isinstance(value, list):
        return [_filled(item, values, at) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, values, at) for name, item in value.items()}
    return value
