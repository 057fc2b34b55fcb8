"""AgentCore memory: what agents remember, for how long, and under whose key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Role
from agentreach.lowering.aws.agent_parts import declared, encryption, retention, users
from agentreach.lowering.aws.pieces import system, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def memory(scope: Scope, context: Context) -> Iterator[Fact]:
    """A memory belongs to the agents that use it, once however many they are; one that none does stands for itself."""
    if users(scope, context):
        yield system(scope, context, "bedrock-agentcore", "memory")
    else:
        yield from declared(scope, context, "agentcore-memory", "Name", role=Role.TOOL)
    yield from uses(scope, "MemoryExecutionRoleArn", context)
    yield from retention(scope, "EventExpiryDuration", scope.resource.key)
    yield encryption(scope, "EncryptionKeyArn", scope.resource.key)


LOWERINGS = {"AWS::BedrockAgentCore::Memory": memory}
