"""`AWS::Serverless::Function`: the function, its role, its URL, and what its events add.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Scalar, Span, Value, boolean, child, string
from agentreach.parsers.cloudformation.sam import destinations, function_events, policies, role_choice, roles
from agentreach.parsers.cloudformation.sam.writing import (
    Plain,
    generated,
    get_att,
    intrinsic,
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

TYPE = "AWS::Lambda::Function"
_NOT_LAMBDA = {
    "AssumeRolePolicyDocument",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "AutoPublishCodeSha256",
    "CodeUri",
    "DeadLetterQueue",
    "DeploymentPreference",
    "EventInvokeConfig",
    "Events",
    "FunctionUrlConfig",
    "ImageUri",
    "InlineCode",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "ProvisionedConcurrencyConfig",
    "Role",
    "RolePath",
    "Tags",
    "Tracing",
    "VersionDeletionPolicy",
    "VersionDescription",
}
_QUEUE_ACTIONS = {"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}


def resources(scope: Scope, function: Entry) -> Iterator[Entry]:
    """Everything SAM makes of one function, the function first."""
    properties = properties_of(function)
    target = _alias(scope, function, properties)
    events = function_events.of(scope, function, target.name if target else None)
    choice = role_choice.of(scope, function, properties.entries.get("Role"))
    yield _function(scope, function, properties, choice.role)
    if choice.generates:
        found = _policies(scope, function, properties)
        found = policies.Policies([*found.managed, *events.managed], [*found.inline, *events.inline])
        yield choice.conditional(roles.execution_role(function, "lambda.amazonaws.com", found))
    if target is not None:
        yield target
    yield from _deployment(function, properties)
    yield from _url(scope, function, properties)
    yield from destinations.resources(function, properties)
    yield from events.resources


def _function(scope: Scope, function: Entry, properties: MapValue, role: Value) -> Entry:
    entries = {name: value for name, value in properties.entries.items() if name not in _NOT_LAMBDA}
    keys = dict(properties.keys)
    for name, source, value in _renamed(scope, properties):
        entries[name] = value
        keys[name] = key_span(properties, source)
    entries["Role"] = role
    keys.setdefault("Role", role.at)
    return replaced(function, TYPE, MapValue(entries, properties.at, keys, open=properties.open))


def _renamed(scope: Scope, properties: MapValue) -> Iterator[tuple[str, str, Value]]:
    """Lambda's name, SAM's name and the value of each property that changes."""
    for source, convert in (("InlineCode", _inline_code), ("ImageUri", _image), ("CodeUri", _code)):
        if (value := properties.entries.get(source)) is not None:
            yield "Code", source, written(convert(value), value.at)
            break
    if (tags := tag_list(properties.entries.get("Tags"))) is not None:
        yield "Tags", "Tags", tags
    tracing = properties.entries.get("Tracing")
    if _is_traced(scope, tracing) and tracing is not None:
        yield "TracingConfig", "Tracing", written({"Mode": tracing}, tracing.at)
    queue = properties.entries.get("DeadLetterQueue")
    if (arn := child(queue, "TargetArn")) is not None:
        yield "DeadLetterConfig", "DeadLetterQueue", written({"TargetArn": arn}, arn.at)


def _inline_code(value: Value) -> Plain:
    return {"ZipFile": value}


def _image(value: Value) -> Plain:
    return {"ImageUri": value}


def _code(value: Value) -> Plain:
    """S3 locations as Lambda writes them; a local path as `aws cloudformation package` accepts it."""
    if isinstance(value, MapValue) and intrinsic(value) is None:
        renamed = {"Bucket": "S3Bucket", "Key": "S3Key", "Version": "S3ObjectVersion"}
        return {renamed.get(name, name): entry for name, entry in value.entries.items()}
    bucket, _, key = (string(value) or "").removeprefix("s3://").partition("/")
    return {"S3Bucket": bucket, "S3Key": key} if (string(value) or "").startswith("s3://") else value


def _policies(scope: Scope, function: Entry, properties: MapValue) -> policies.Policies:
    found = policies.of_property(properties.entries.get("Policies"), f"{function.name}Role")
    basics = _basic_policies(scope, function, properties)
    found.managed[:0] = [policies.managed_policy(name, at) for name, at in basics]
    queue = properties.entries.get("DeadLetterQueue")
    action, arn = _QUEUE_ACTIONS.get(string(child(queue, "Type")) or ""), child(queue, "TargetArn")
    extra = list(destinations.policies(function, properties))
    if action and arn is not None:
        extra.insert(0, written(roles.policy("DeadLetterQueuePolicy", roles.allow(action, arn)), arn.at))
    found.inline[:0] = extra
    return found


def _basic_policies(scope: Scope, function: Entry, properties: MapValue) -> Iterator[tuple[str, Span]]:
    is_durable = "DurableConfig" in properties.entries
    yield f"AWSLambdaBasic{'DurableExecutionRolePolicy' if is_durable else 'ExecutionRole'}", function.at
    if _is_traced(scope, properties.entries.get("Tracing")):
        yield "AWSXrayWriteOnlyAccess", key_span(properties, "Tracing")
    if "VpcConfig" in properties.entries:
        yield "AWSLambdaVPCAccessExecutionRole", key_span(properties, "VpcConfig")


def _is_traced(scope: Scope, tracing: Value | None) -> bool:
    is_empty = tracing is None or (isinstance(tracing, Scalar) and not tracing.value)
    return not is_empty and literal(scope, tracing) != "Disabled"


def _deployment(function: Entry, properties: MapValue) -> Iterator[Entry]:
    """The one role that CodeDeploy shifts traffic with, for all functions that name none."""
    preference = properties.entries.get("DeploymentPreference")
    if not isinstance(preference, MapValue) or boolean(preference.entries.get("Enabled")) is False:
        return
    if "Role" not in preference.entries:
        at = key_span(properties, "DeploymentPreference")
        role: dict[str, Plain] = {
            "AssumeRolePolicyDocument": roles.trust("codedeploy.amazonaws.com"),
            "ManagedPolicyArns": [policies.managed_policy("AWSCodeDeployRoleForLambda", at)],
        }
        unconditional = function._replace(value=MapValue({}, function.value.at))
        yield generated(unconditional, "CodeDeployServiceRole", roles.TYPE, role, at)


def _alias(scope: Scope, function: Entry, properties: MapValue) -> Entry | None:
    written_name = properties.entries.get("AutoPublishAlias")
    name = literal(scope, written_name)
    if written_name is None or not name:
        return None
    alias = {"Name": name, "FunctionName": ref(function.name), "FunctionVersion": get_att(function.name, "Version")}
    made = f"{function.name}Alias{''.join(filter(str.isalnum, name))}"
    return generated(function, made, "AWS::Lambda::Alias", alias, key_span(properties, "AutoPublishAlias"))


def _url(scope: Scope, function: Entry, properties: MapValue) -> Iterator[Entry]:
    config = properties.entries.get("FunctionUrlConfig")
    if not isinstance(config, MapValue) or intrinsic(config) is not None:
        return
    at = key_span(properties, "FunctionUrlConfig")
    url: dict[str, Plain] = {"TargetFunctionArn": ref(function.name), **config.entries}
    yield generated(function, f"{function.name}Url", "AWS::Lambda::Url", url, at)
    if literal(scope, config.entries.get("AuthType")) == "NONE":
        public: dict[str, Plain] = {"FunctionName": ref(function.name), "Principal": "*"}
        url_permission = {**public, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
        invoke = {**public, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
        yield generated(function, f"{function.name}UrlPublicPermissions", "AWS::Lambda::Permission", url_permission, at)
        yield generated(function, f"{function.name}URLInvokeAllowPublicAccess", "AWS::Lambda::Permission", invoke, at)
