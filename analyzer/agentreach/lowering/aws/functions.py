"""Lambda functions, their public addresses, and microVMs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, Aspect, Credential, Evidence, Role, Setting
from agentreach.lowering.arns import outside
from agentreach.lowering.aws import environment, made_at_deployment
from agentreach.lowering.aws.pieces import label, seconds_at, system, tags_of, uses
from agentreach.lowering.aws.workload import egress, image, literals, workload
from agentreach.lowering.durations import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def function(scope: Scope, context: Context) -> Iterator[Fact]:
    """A function with its role, its environment and its image."""
    key = scope.resource.key
    yield from workload(scope, "lambda-function", "FunctionName")
    yield system(scope, context, "lambda", "function")
    yield from uses(scope, "Role", context)
    yield from environment.facts(key, environment.of_map(scope, "Environment.Variables"), scope, context)
    for value in scope.values("Code.ImageUri"):
        yield from image(key, value, context)
    yield from literals(key, scope, "Code.ZipFile", "code")
    yield from egress(key, scope, "VpcConfig.SecurityGroupIds", context)
    yield from made_at_deployment.answering(scope, context)


def function_url(scope: Scope, context: Context) -> Iterator[Fact]:
    """A function's own HTTPS address; `NONE` lets anyone call it."""
    for value in scope.values("TargetFunctionArn"):
        kind = scope.text("AuthType")
        resource = context.lookup(value)
        yield Setting(
            subject=outside(value, context) if resource is None else resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=None if kind is None else kind == "NONE",
            at=scope.at("AuthType"),
            note=f"function URL with authorization {kind}" if kind else "function URL",
        )


def microvm(scope: Scope, context: Context) -> Iterator[Fact]:
    """A sandbox that runs what it is given."""
    key = scope.resource.key
    yield Agent(
        key=key,
        name=label(scope, "Name"),
        platform="aws",
        kind="lambda-microvm",
        at=scope.resource.at,
        role=Role.TOOL,
        because=(Evidence(scope.resource.at, "declares a microVM for code"),),
        tags=tags_of(scope),
    )
    yield from uses(scope, "ExecutionRoleArn", context)
    yield Setting(subject=key, aspect=Aspect.CODE_EXECUTION, state=True, at=scope.resource.at, note="microVM")
    connectors = tuple(scope.values("EgressNetworkConnectors"))
    yield Setting(
        subject=key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=not connectors,
        at=scope.at("EgressNetworkConnectors"),
        note="egress connectors" if connectors else "no egress connector",
        defaulted=not connectors,
    )
    lifetime = seconds_at(scope, "MaximumDurationInSeconds", Unit.SECONDS)
    if lifetime.ttl is not None:
        yield Credential(
            key=key,
            kind="session",
            owner=key,
            at=scope.at("MaximumDurationInSeconds"),
            ttl=lifetime.ttl,
            thresholds="max-session",
            attribute=scope.written("MaximumDurationInSeconds"),
        )


LOWERINGS = {
    "AWS::Lambda::Function": function,
    "AWS::Serverless::Function": function,
    "AWS::Lambda::Url": function_url,
    "AWS::LambdaMicroVMs::MicroVM": microvm,
}
