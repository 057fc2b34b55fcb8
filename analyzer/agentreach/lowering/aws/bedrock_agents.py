"""Amazon Bedrock agents: whole in CloudFormation and awscc, in pieces in Terraform's aws provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, AgentLink, Aspect, Credential, Evidence, Setting
from agentreach.lowering.arns import outside, scope_of
from agentreach.lowering.aws.action_groups import tools
from agentreach.lowering.aws.audit import audit
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import here, label, seconds_at, system, tags_of, uses
from agentreach.lowering.durations import DAY, Unit
from agentreach.model import Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Span, Value

DEFAULT_IDLE = 600.0
"""IdleSessionTTLInSeconds when it is not set (Bedrock user guide, "Create and configure agent manually")."""

DEFAULT_MEMORY = 30.0
"""StorageDays when memory is on and nothing is set."""

_CODE = (("PromptOverrideConfiguration.OverrideLambda", "invokes"), ("CustomOrchestration.Executor.Lambda", "invokes"))


def agent(scope: Scope, context: Context) -> Iterator[Fact]:
    """An agent with everything that CloudFormation nests in it."""
    key = scope.resource.key
    yield Agent(
        key=key,
        name=label(scope, "AgentName"),
        platform="aws",
        kind="bedrock-agent",
        at=scope.resource.at,
        because=(Evidence(scope.resource.at, "declares a Bedrock agent"),),
        tags=tags_of(scope),
    )
    yield system(scope, context, "bedrock", "agent")
    yield from uses(scope, "AgentResourceRoleArn", context)
    yield from _sessions(scope)
    yield from _memory(scope)
    yield from guardrail(scope, "GuardrailConfiguration", "GuardrailConfiguration.GuardrailIdentifier")
    yield from audit(scope, context, model_invocations=True)
    for path, relation in _CODE:
        for value in scope.values(path):
            yield AgentLink(agent=key, other=value, relation=relation, at=scope.at(path))
    yield from _nested(scope, context)


def _sessions(scope: Scope) -> Iterator[Fact]:
    lifetime = seconds_at(scope, "IdleSessionTTLInSeconds", Unit.SECONDS, DEFAULT_IDLE)
    yield Credential(
        key=scope.resource.key,
        kind="session",
        owner=scope.resource.key,
        at=scope.at("IdleSessionTTLInSeconds"),
        ttl=lifetime.ttl,
        defaulted=lifetime.defaulted,
        thresholds="idle-session",
        attribute=scope.written("IdleSessionTTLInSeconds"),
    )


def _memory(scope: Scope) -> Iterator[Fact]:
    """What the agent remembers across sessions, when memory is configured and not turned off (0 days)."""
    if not scope.has("MemoryConfiguration"):
        return
    path = "MemoryConfiguration.StorageDays"
    lifetime = seconds_at(scope, path, Unit.DAYS, DEFAULT_MEMORY * DAY)
    if lifetime.ttl == 0:
        return
    key, place = scope.resource.key, scope.at(path, "MemoryConfiguration")
    yield Credential(
        key=Key(key.root, f"{key.address}#memory"),
        kind="memory",
        owner=key,
        at=place,
        ttl=lifetime.ttl,
        defaulted=lifetime.defaulted,
        stored_in="agent memory",
        thresholds="memory",
        attribute=scope.written(path),
    )
    encrypted = scope.has("CustomerEncryptionKeyArn")
    yield Setting(
        subject=key,
        aspect=Aspect.MEMORY_ENCRYPTION,
        state=encrypted,
        at=scope.at("CustomerEncryptionKeyArn") if encrypted else place,
        note="" if encrypted else "no customer managed key",
        defaulted=not encrypted,
    )


def guardrail(scope: Scope, block: str, identifier: str) -> Iterator[Fact]:
    """Whether a guardrail is attached, and which."""
    present = scope.has(identifier) or isinstance(scope.get(block), Unknown)
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.GUARDRAIL,
        state=None if isinstance(scope.get(block), Unknown) else present,
        at=scope.at(identifier, block),
        defaulted=not present,
    )
    for value in scope.values(identifier):
        yield AgentLink(agent=scope.resource.key, other=value, relation="uses-guardrail", at=scope.at(identifier))


def _nested(scope: Scope, context: Context) -> Iterator[Fact]:
    key = scope.resource.key
    for index, group in enumerate(scope.each("ActionGroups")):
        name = group.text("ActionGroupName") or f"#{index}"
        yield from tools(group, Key(key.root, f"{key.address}.{name}"), key, context, confirmable=True)
    for collaborator in scope.each("AgentCollaborators"):
        yield from _collaborates(collaborator, key, context)
    for base in scope.each("KnowledgeBases"):
        if base.text("KnowledgeBaseState") != "DISABLED":
            yield from _knows(base, key)


def _knows(scope: Scope, agent: Key | Value) -> Iterator[Fact]:
    for value in scope.values("KnowledgeBaseId"):
        yield AgentLink(agent=agent, other=value, relation="uses-knowledge-base", at=scope.at("KnowledgeBaseId"))


def _collaborates(scope: Scope, agent: Key | Value, context: Context) -> Iterator[Fact]:
    for value in scope.values("AgentDescriptor.AliasArn"):
        yield AgentLink(
            agent=agent,
            other=behind(value, context),
            relation="collaborates",
            at=scope.at("AgentDescriptor.AliasArn"),
        )


def behind(value: Value, context: Context) -> Value:
    """The agent that an alias stands for, when the alias is declared; else what was written."""
    resource = context.lookup(value)
    if resource is None or canonical(resource.type) != "AWS::Bedrock::AgentAlias":
        return outside(value, context)
    return scope_of(resource).get("AgentId") or value


def of(value: Value, context: Context) -> Key | Value:
    """The key of the declared agent that an id or ARN means."""
    resource = context.lookup(value)
    return outside(value, context) if resource is None or resource.type.startswith("data.") else resource.key


def alias(scope: Scope, context: Context) -> Iterator[Fact]:
    """An alias: another name for a version of an agent."""
    yield system(scope, context, "bedrock", "agent-alias")
    for value in scope.values("AgentId"):
        place: Span = scope.resource.at
        yield AgentLink(agent=of(value, context), other=here(scope, "arn", place), relation="alias", at=place)


def action_group(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's action group: its functions cannot require confirmation."""
    for value in scope.values("agent_id"):
        yield from tools(scope, scope.resource.key, of(value, context), context, confirmable=False)


def collaborator(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's link from a supervisor to an agent that works for it."""
    for value in scope.values("agent_id"):
        yield from _collaborates(scope, of(value, context), context)


def knowledge_base_association(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's link from an agent to a knowledge base."""
    if scope.text("knowledge_base_state") == "DISABLED":
        return
    for value in scope.values("agent_id"):
        yield from _knows(scope, of(value, context))


LOWERINGS = {
    "AWS::Bedrock::Agent": agent,
    "AWS::Bedrock::AgentAlias": alias,
    "aws_bedrockagent_agent_action_group": action_group,
    "aws_bedrockagent_agent_collaborator": collaborator,
    "aws_bedrockagent_agent_knowledge_base_association": knowledge_base_association,
}
