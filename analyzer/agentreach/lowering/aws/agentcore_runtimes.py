"""AgentCore runtimes, their endpoints, and the capacity they run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Role, Setting
from agentreach.lowering.aws import environment
from agentreach.lowering.aws.agent_parts import authorizer, declared, lifetimes, linked, network
from agentreach.lowering.aws.audit import audit
from agentreach.lowering.aws.pieces import here, seconds_at, uses
from agentreach.lowering.aws.workload import image
from agentreach.lowering.durations import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_ARTIFACT = "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri"
_CODE = "AgentRuntimeArtifact.CodeConfiguration.Code.S3"


def runtime(scope: Scope, context: Context) -> Iterator[Fact]:
    """A runtime hosts an agent, or an MCP server when it speaks that protocol."""
    key = scope.resource.key
    protocol = scope.text("ProtocolConfiguration.ServerProtocol") or scope.text("ProtocolConfiguration") or ""
    serves = protocol.upper() == "MCP"
    kind = "agentcore-mcp-server" if serves else "agentcore-runtime"
    yield from declared(scope, context, kind, "AgentRuntimeName", role=Role.TOOL if serves else Role.AGENT)
    yield from uses(scope, "RoleArn", context)
    yield from environment.facts(key, environment.of_map(scope, "EnvironmentVariables"), scope, context)
    yield from authorizer(scope)
    yield from network(scope, context, "NetworkConfiguration", reaches_out=True)
    yield from lifetimes(scope, "LifecycleConfiguration")
    yield from _artifact(scope, context)
    yield from audit(scope, context, model_invocations=False)
    yield from linked(scope, "CapacityProviderConfiguration.CapacityProviderArn", "runs-on")


def _artifact(scope: Scope, context: Context) -> Iterator[Fact]:
    """A container image, or code in S3: pinned by the object's version only."""
    for value in scope.values(_ARTIFACT):
        yield from image(scope.resource.key, value, context)
    if scope.has(_CODE):
        pinned = scope.has(f"{_CODE}.VersionId")
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.PINNED_ARTIFACT,
            state=True if pinned else None,
            at=scope.at(_CODE),
            note="code in S3",
        )


def endpoint(scope: Scope, context: Context) -> Iterator[Fact]:
    """An endpoint: another name for a version of a runtime."""
    for value in scope.values("AgentRuntimeId"):
        resource = context.lookup(value)
        agent = value if resource is None else resource.key
        place = scope.resource.at
        yield AgentLink(agent=agent, other=here(scope, "arn", place), relation="alias", at=place)


def capacity_provider(scope: Scope, context: Context) -> Iterator[Fact]:
    """Machines that runtimes share."""
    base = "ComputeConfiguration.Ec2Configuration"
    yield from declared(scope, context, "agentcore-capacity-provider", "Name", role=Role.HOST)
    yield from uses(scope, f"{base}.LaunchTemplateSource.LaunchParameters.InstanceProfileArn", context)
    lifetime = seconds_at(scope, f"{base}.LifecycleConfiguration.MaxLifetime", Unit.SECONDS)
    if lifetime.ttl is not None:
        yield from lifetimes(scope, f"{base}.LifecycleConfiguration")


LOWERINGS = {
    "AWS::BedrockAgentCore::Runtime": runtime,
    "AWS::BedrockAgentCore::RuntimeEndpoint": endpoint,
    "AWS::BedrockAgentCore::CapacityProvider": capacity_provider,
}
