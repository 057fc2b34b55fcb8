"""Cognito identity pools: which roles they hand out, to users who sign in and to guests who do not.

https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.globs import compiled, match_text
from agentreach.identity import Aspect, IdentityRelation, IdentityUse, Setting
from agentreach.lowering.arns import outside, scope_of
from agentreach.lowering.aws import own_statements
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import principal
from agentreach.lowering.declaration import Scope
from agentreach.model import Format, MapValue, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Key, Resource, Value

_GUESTS = "Roles.unauthenticated"
_ROLES = {"Roles.authenticated": "for users who sign in", _GUESTS: "for guests, who do not sign in"}
_BY_RULE = "for users whom a rule selects"
_ALIASES = {
    "AWS::Bedrock::AgentAlias": "AgentId",
    "AWS::BedrockAgentCore::RuntimeEndpoint": "AgentRuntimeId",
}
_CALLS = {
    "AWS::Bedrock::Agent": "bedrock:invokeagent",
    "AWS::BedrockAgentCore::Runtime": "bedrock-agentcore:invokeagentruntime",
    "AWS::BedrockAgentCore::Gateway": "bedrock-agentcore:invokegateway",
    "AWS::BedrockAgentCore::Harness": "bedrock-agentcore:invokeharness",
}
"""What calls an agent of each type: service authorization reference."""


def pool(scope: Scope, context: Context) -> Iterator[Fact]:
    """Whoever the pool gives credentials to."""
    yield principal(scope, context, "identity-pool")


def attachment(scope: Scope, context: Context) -> Iterator[Fact]:
    """The roles that a pool hands out. Guests get one only where the pool admits guests."""
    declared = context.lookup(scope.get("IdentityPoolId"))
    if declared is None:
        return
    admits = scope_of(declared).flag("AllowUnauthenticatedIdentities")
    for path, note in _ROLES.items():
        if path != _GUESTS or admits is not False:
            yield from _handed_out(scope, path, note, declared.key, context, certain=path != _GUESTS or admits is True)
    guests = (context.lookup(value) for value in scope.values(_GUESTS) if admits)
    for role in guests:
        if role is not None:
            yield from _open_to_guests(role, declared, context)
    for mapping in _mappings(scope):
        for rule in mapping.each("RulesConfiguration.Rules"):
            yield from _handed_out(rule, "RoleARN", _BY_RULE, declared.key, context, certain=True)


def _mappings(scope: Scope) -> Iterator[Scope]:
    """CloudFormation's map of mappings by provider; Terraform's blocks."""
    written = scope.get("RoleMappings")
    if scope.resource.format is not Format.CLOUDFORMATION:
        yield from scope.each("RoleMappings")
    elif isinstance(written, MapValue):
        mappings = (one for one in written.entries.values() if isinstance(one, MapValue))
        yield from (Scope(scope.resource, one, scope.names, "RoleMappings") for one in mappings)


def _handed_out(scope: Scope, path: str, note: str, pool: Key, context: Context, *, certain: bool) -> Iterator[Fact]:
    for value in scope.values(path):
        yield IdentityUse(
            subject=pool,
            identity=outside(value, context),
            relation=IdentityRelation.FEDERATED,
            at=scope.at(path),
            note=note,
            certain=certain,
        )


def _open_to_guests(role: Resource, pool: Resource, context: Context) -> Iterator[Fact]:
    """Agents that the guests' role may call: anyone may, without signing in."""
    for statement in own_statements.allowing(role, context):
        for resource in statement.resources:
            for agent in _named(resource, role, context):
                if _calls(agent, statement.actions):
                    yield Setting(
                        subject=agent.key,
                        aspect=Aspect.ANONYMOUS_INBOUND,
                        state=True,
                        at=statement.at,
                        note=f"guests of identity pool {pool.key.address} may call it",
                    )


def _named(resource: Value, role: Resource, context: Context) -> Iterator[Resource]:
    """The declared agent that a statement names, by its alias too; all of the same root behind `*`."""
    if string(resource) == "*":
        yield from (one for one in context.resources.values() if _is_near(one, role))
        return
    declared = context.lookup(resource)
    path = None if declared is None else _ALIASES.get(canonical(declared.type))
    found = declared if declared is None or path is None else context.lookup(scope_of(declared).get(path))
    if found is not None:
        yield found


def _is_near(one: Resource, role: Resource) -> bool:
    return one.key.root == role.key.root and canonical(one.type) in _CALLS


def _calls(agent: Resource, actions: tuple[Value, ...]) -> bool:
    call = _CALLS.get(canonical(agent.type))
    return call is not None and any(match_text(compiled((string(one) or "").lower()), call) for one in actions)


LOWERINGS = {
    "AWS::Cognito::IdentityPool": pool,
    "AWS::Cognito::IdentityPoolRoleAttachment": attachment,
}
