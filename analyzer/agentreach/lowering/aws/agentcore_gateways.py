"""AgentCore gateways: who may call them, what decides on each call, and the targets they offer as tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Gate, Role, Setting
from agentreach.lowering.aws import cedar_policies
from agentreach.lowering.aws.agent_parts import declared
from agentreach.lowering.aws.audit import audit
from agentreach.lowering.aws.gateway_targets import target
from agentreach.lowering.aws.pieces import uses
from agentreach.model import Unknown, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_ANONYMOUS = {"NONE": True, "AWS_IAM": False, "CUSTOM_JWT": False, "AUTHENTICATE_ONLY": None}


def gateway(scope: Scope, context: Context) -> Iterator[Fact]:
    """A gateway with its authorizer and its gates."""
    yield from declared(scope, context, "agentcore-gateway", "Name", role=Role.TOOL)
    yield from uses(scope, "RoleArn", context)
    yield from _inbound(scope)
    yield from _policy_engine(scope, context)
    yield from _interceptors(scope)
    yield from audit(scope, context, model_invocations=False)


def _inbound(scope: Scope) -> Iterator[Fact]:
    """`NONE` is anonymous; `AUTHENTICATE_ONLY` knows the caller and leaves the decision to the gates."""
    if not scope.has("AuthorizerType"):
        return
    kind = scope.text("AuthorizerType")
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=_ANONYMOUS.get(kind or ""),
        at=scope.at("AuthorizerType"),
        note=f"authorizer type {kind}" if kind else "authorizer type known at deploy time",
    )


def _policy_engine(scope: Scope, context: Context) -> Iterator[Fact]:
    """A policy engine decides on each call when its mode is ENFORCE; LOG_ONLY only writes the decision down."""
    block = scope.get("PolicyEngineConfiguration")
    if block is None:
        return
    mode = scope.text("PolicyEngineConfiguration.Mode")
    engine = context.lookup(scope.get("PolicyEngineConfiguration.Arn"))
    enforces = {"ENFORCE": True, "LOG_ONLY": False}.get(mode or "")
    weakness = None
    if enforces and engine is not None:
        enforces, weakness = cedar_policies.verdict(engine, context)
    yield Gate(
        subject=scope.resource.key,
        kind="policy-engine",
        at=scope.at("PolicyEngineConfiguration.Mode", "PolicyEngineConfiguration"),
        fails_closed=None if isinstance(block, Unknown) else enforces,
        note=f"policy engine in mode {mode or 'known at deploy time'}{f', and {weakness}' if weakness else ''}",
    )


def _interceptors(scope: Scope) -> Iterator[Fact]:
    """Code that sees each request: whether it refuses any is not declared."""
    for interceptor in scope.each("InterceptorConfigurations"):
        points = [string(point) for point in interceptor.values("InterceptionPoints")]
        if points and "REQUEST" not in points:
            continue
        yield Gate(
            subject=scope.resource.key,
            kind="interceptor",
            at=interceptor.at("Interceptor.Lambda.Arn"),
            fails_closed=None,
            note="interceptor of requests",
        )


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """Routing rules and rate limits give and gate nothing."""
    return iter(())


LOWERINGS = {
    "AWS::BedrockAgentCore::Gateway": gateway,
    "AWS::BedrockAgentCore::GatewayTarget": target,
    "AWS::BedrockAgentCore::GatewayRule": nothing,
    "AWS::BedrockAgentCore::GatewayRateLimit": nothing,
}
