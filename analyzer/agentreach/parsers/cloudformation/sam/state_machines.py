"""`AWS::Serverless::StateMachine`: the state machine, its role, and the roles of its events.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Encoded, MapValue, Scalar, Span, Unknown, Value, boolean, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation import include
from agentreach.parsers.cloudformation.sam import policies, queues, roles, schedules
from agentreach.parsers.cloudformation.sam.writing import (
    Plain,
    generated,
    get_att,
    key_span,
    literal,
    properties_of,
    ref,
    replaced,
    tag_list,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

TYPE = "AWS::StepFunctions::StateMachine"
_RENAMED = {
    "Name": "StateMachineName",
    "Type": "StateMachineType",
    "Logging": "LoggingConfiguration",
    "Tracing": "TracingConfiguration",
    "Role": "RoleArn",
}
_NOT_STATES = {
    "AutoPublishAlias",
    "Definition",
    "DefinitionUri",
    "DeploymentPreference",
    "Events",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "RolePath",
    "Tags",
    "UseAliasAsEventTarget",
}
_RULES = {"Schedule", "CloudWatchEvent", "EventBridgeRule"}


def resources(scope: Scope, machine: Entry) -> Iterator[Entry]:
    """Everything SAM makes of one state machine, the machine first."""
    properties = properties_of(machine)
    yield _machine(scope, machine, properties)
    if "Role" not in properties.entries:
        found = policies.of_property(properties.entries.get("Policies"), f"{machine.name}Role")
        if boolean(child(properties.entries.get("Tracing"), "Enabled")):
            found.managed.append(policies.managed_policy("AWSXrayWriteOnlyAccess", key_span(properties, "Tracing")))
        yield roles.execution_role(machine, "states.amazonaws.com", found)
    target = machine.name
    for alias in _alias(scope, machine, properties):
        yield alias
        target = alias.name if boolean(properties.entries.get("UseAliasAsEventTarget")) else target
    events = properties.entries.get("Events")
    for name, event in events.entries.items() if isinstance(events, MapValue) else ():
        at = events.keys.get(name, event.at) if isinstance(events, MapValue) else event.at
        yield from _event(machine, target, _Event(machine.name + name, event, at))


def _machine(scope: Scope, machine: Entry, properties: MapValue) -> Entry:
    entries = {_RENAMED.get(name, name): v for name, v in properties.entries.items() if name not in _NOT_STATES}
    keys = {_RENAMED.get(name, name): span for name, span in properties.keys.items()}
    if "RoleArn" not in entries:
        entries["RoleArn"] = written(get_att(f"{machine.name}Role"), machine.at)
        keys["RoleArn"] = machine.at
    if (tags := tag_list(properties.entries.get("Tags"))) is not None:
        entries["Tags"] = tags
    for name, span, value in _definition(scope, properties):
        entries[name], keys[name] = value, span
    return replaced(machine, TYPE, MapValue(entries, properties.at, keys, open=properties.open))


def _definition(scope: Scope, properties: MapValue) -> Iterator[tuple[str, Span, Value]]:
    """The definition as a structure: inline, or from a local file."""
    inline = properties.entries.get("Definition")
    if inline is not None:
        span = key_span(properties, "Definition")
        yield "DefinitionString", span, written({"Fn::ToJsonString": inline}, inline.at)
        return
    uri = properties.entries.get("DefinitionUri")
    if uri is None:
        return
    span, path = key_span(properties, "DefinitionUri"), string(uri) or ""
    if isinstance(uri, Scalar) and include.is_local(path):
        content = include.local_file(scope.project, scope.directory, path, uri.at)
        yield "DefinitionString", span, content if isinstance(content, Unknown) else Encoded(content, uri.at)
    else:
        yield "DefinitionS3Location", span, uri


def _alias(scope: Scope, machine: Entry, properties: MapValue) -> Iterator[Entry]:
    name = literal(scope, properties.entries.get("AutoPublishAlias"))
    if name:
        at = key_span(properties, "AutoPublishAlias")
        yield generated(
            machine, f"{machine.name}Alias{name}", "AWS::StepFunctions::StateMachineAlias", {"Name": name}, at
        )


class _Event(NamedTuple):
    name: str
    value: Value
    at: Span


def _event(machine: Entry, target: str, event: _Event) -> Iterator[Entry]:
    name, at = event.name, event.at
    kind = string(child(event.value, "Type")) or ""
    written_properties = child(event.value, "Properties")
    given = written_properties if isinstance(written_properties, MapValue) else MapValue({}, at)
    if kind == "ScheduleV2":
        yield from schedules.of_state_machine(machine, target, name, given, at)
        return
    if kind in _RULES:
        yield _rule(machine, target, name, given, at)
        yield from queues.of_rule(machine, name, given.entries.get("DeadLetterConfig"), at)
    elif kind != "Api":
        return
    if "RoleArn" not in given.entries:
        service = "apigateway.amazonaws.com" if kind == "Api" else "events.amazonaws.com"
        start = [roles.policy(f"{name}RoleStartExecutionPolicy", roles.allow("states:StartExecution", ref(target)))]
        boundary = properties_of(machine).entries.get("PermissionsBoundary")
        yield roles.event_role(machine, f"{name}Role", service, start, at=at, boundary=boundary)


def _rule(machine: Entry, target: str, name: str, given: MapValue, at: Span) -> Entry:
    role: Plain = given.entries.get("RoleArn") or get_att(f"{name}Role")
    rule: dict[str, Plain] = {
        "Name": given.entries.get("RuleName") or given.entries.get("Name"),
        "EventBusName": given.entries.get("EventBusName"),
        "EventPattern": given.entries.get("Pattern"),
        "ScheduleExpression": given.entries.get("Schedule"),
        "Targets": [{"Arn": ref(target), "Id": f"{name}StepFunctionsTarget", "RoleArn": role}],
    }
    return generated(machine, name, "AWS::Events::Rule", rule, at)
