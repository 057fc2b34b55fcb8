"""The statements of a role's own policies: inline ones, and those of the code that are attached from either side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import PolicyRole
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.policy_document import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Statement
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_POLICIES = frozenset({"AWS::IAM::RolePolicy", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"})


def allowing(role: Resource, context: Context) -> Iterator[Statement]:
    """What a role's own policies allow, Terraform's attachments included."""
    for policy in (*scope_of(role).each("Policies"), *_declared(role, context)):
        document = policy.get("PolicyDocument")
        if document is not None:
            read_document = read(document, key=role.key, role=PolicyRole.IDENTITY)
            yield from (one for one in read_document.statements if one.effect == "Allow")


def attached(role: Resource, context: Context) -> Iterator[Value]:
    """The managed policies that a role names, or that Terraform attaches to it."""
    yield from scope_of(role).values("ManagedPolicyArns")
    for one in context.mentions(role.key):
        if one.type.endswith("_policy_attachment"):
            yield from scope_of(one).values("policy_arn")


def _declared(role: Resource, context: Context) -> Iterator[Scope]:
    for one in context.mentions(role.key):
        if canonical(one.type) in _POLICIES:
            yield scope_of(one)
    for value in attached(role, context):
        policy = context.lookup(value)
        if policy is not None and canonical(policy.type) in _POLICIES:
            yield scope_of(policy)
