"""Agent-related types that the catalogue does not describe, and code that may create agents at deploy time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, Confidence, Evidence, Hidden, PolicyRole, Role, Unmodelled
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import executor
from agentreach.lowering.policy_document import read
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact, Statement
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_CREATES = (
    "bedrock:createagent",
    "bedrock:create*",
    "bedrock:*",
    "bedrock-agentcore:createagentruntime",
    "bedrock-agentcore:createharness",
    "bedrock-agentcore:creategateway",
    "bedrock-agentcore:create*",
    "bedrock-agentcore:*",
    "bedrock-agentcore-control:",
)
"""Actions that create an agent; whoever holds `*` is no proof."""

_EMBEDDED = frozenset({"AWS::IAM::RolePolicy", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"})


def unmodelled(scope: Scope, _context: Context) -> Iterator[Fact]:
    """Said, not guessed at."""
    yield Unmodelled(key=scope.resource.key, type=scope.resource.type, at=scope.resource.at)


def run_at_deployment(scope: Scope, context: Context) -> Iterator[Fact]:
    """A function run at deployment, whose role may create agents: what it creates is not in the code."""
    for path in ("ServiceToken", "FunctionName"):
        function = context.lookup(executor(scope, path, context))
        role = None if function is None else context.lookup(scope_of(function).get("Role"))
        proof = None if role is None else next(_creating(role, context), None)
        if proof is not None and role is not None:
            yield from _possible_agent(scope, role, proof)


def _possible_agent(scope: Scope, role: Resource, proof: Value) -> Iterator[Fact]:
    key = scope.resource.key
    yield Agent(
        key=key,
        name=scope.resource.name,
        platform="aws",
        kind="possible-undeclared-agent",
        at=scope.resource.at,
        role=Role.UNDECLARED,
        confidence=Confidence.MEDIUM,
        because=(
            Evidence(scope.resource.at, "runs a function at deployment"),
            Evidence(proof.at, f"its role {role.key.address} may do {string(proof)}"),
        ),
    )
    yield Hidden(
        subject=key,
        attribute="agent",
        reason="an agent that code creates at deployment is not in the scanned code",
        at=scope.resource.at,
    )


def _creating(role: Resource, context: Context) -> Iterator[Value]:
    """Actions of a role's own policies that create agents."""
    for statement in _statements(role, context):
        if statement.effect == "Allow":
            yield from (action for action in statement.actions if (string(action) or "").lower().startswith(_CREATES))


def _statements(role: Resource, context: Context) -> Iterator[Statement]:
    scopes = [*scope_of(role).each("Policies")]
    scopes += [scope_of(one) for one in context.mentions(role.key) if canonical(one.type) in _EMBEDDED]
    for scope in scopes:
        document = scope.get("PolicyDocument")
        if document is not None:
            yield from read(document, key=role.key, role=PolicyRole.IDENTITY).statements


LOWERINGS = {
    "": unmodelled,
    "AWS::CloudFormation::CustomResource": run_at_deployment,
    "aws_lambda_invocation": run_at_deployment,
}
