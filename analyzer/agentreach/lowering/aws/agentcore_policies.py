"""AgentCore types beside agents: policies (read with their gateway), consent, evaluations, configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.aws.pieces import uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """Engines and policies gate nothing until a gateway names them."""
    return iter(())


def consent_portal(scope: Scope, context: Context) -> Iterator[Fact]:
    """Where users grant an agent access to their accounts."""
    yield from uses(scope, "ExecutionRoleArn", context)


def evaluation(scope: Scope, context: Context) -> Iterator[Fact]:
    """Scores what agents did, with a role of its own."""
    yield from uses(scope, "EvaluationExecutionRoleArn", context)


LOWERINGS = {
    "AWS::BedrockAgentCore::PolicyEngine": nothing,
    "AWS::BedrockAgentCore::Policy": nothing,
    "AWS::BedrockAgentCore::ConsentPortal": consent_portal,
    "AWS::BedrockAgentCore::ConfigurationBundle": nothing,
    "AWS::BedrockAgentCore::OnlineEvaluationConfig": evaluation,
}
