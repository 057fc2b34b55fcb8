"""IAM roles: who may become them, what they hold, how long a session lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    Confidence,
    Credential,
    Evidence,
    IdentityRelation,
    IdentityUse,
    Policy,
    PolicyRole,
    Role,
)
from agentreach.lowering.aws import agent_signs
from agentreach.lowering.aws.pieces import attached, here, label, policy, principal, seconds_at, tags_of
from agentreach.lowering.durations import Unit
from agentreach.model import ListValue, Unknown, alternatives, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

DEFAULT_SESSION = 3_600.0
"""MaxSessionDuration when it is not set (IAM API reference, CreateRole)."""


def role(scope: Scope, context: Context) -> Iterator[Fact]:
    """A role with its trust, its inline and attached policies, its boundary and the session it gives."""
    key = scope.resource.key
    yield principal(scope, context, "role")
    yield from inline_policies(scope, context)
    yield from attached(scope, "ManagedPolicyArns", context, key)
    yield from attached(scope, "PermissionsBoundary", context, key, PolicyRole.BOUNDARY)
    yield _session(scope)
    if scope.has("AssumeRolePolicyDocument"):
        trust = policy(scope, "AssumeRolePolicyDocument", context, role=PolicyRole.TRUST, subject=key)
        yield trust
        yield from _ci_agent(scope, trust)


def inline_policies(scope: Scope, context: Context) -> Iterator[Fact]:
    """The policies nested in a role, user or group; also that there may be more of them."""
    key = scope.resource.key
    for hidden in _hidden(scope.get("Policies")):
        yield Policy(
            key=key, role=PolicyRole.IDENTITY, statements=(), at=scope.at("Policies"), subject=key, unknown=hidden
        )
    for block in scope.each("Policies"):
        if not block.has("PolicyDocument"):
            continue
        name = block.get("PolicyName")
        names = () if name is None else (name,)
        yield policy(block, "PolicyDocument", context, subject=key, names=names)


def _hidden(policies: Value | None) -> Iterator[Unknown]:
    """What a list of inline policies leaves open."""
    if isinstance(policies, ListValue) and policies.open:
        yield Unknown("there may be more inline policies than the code says", policies.at)
    for several in elements(policies):
        yield from (one for one in alternatives(several) if isinstance(one, Unknown))


def _session(scope: Scope) -> Credential:
    lifetime = seconds_at(scope, "MaxSessionDuration", Unit.SECONDS, DEFAULT_SESSION)
    return Credential(
        key=scope.resource.key,
        kind="role-session",
        owner=scope.resource.key,
        at=scope.at("MaxSessionDuration"),
        ttl=lifetime.ttl,
        defaulted=lifetime.defaulted,
        thresholds="role-session",
        attribute=scope.written("MaxSessionDuration"),
    )


def _ci_agent(scope: Scope, trust: Policy) -> Iterator[Fact]:
    """A role that pipelines assume and whose name, description or tags name a coding agent."""
    issuer = agent_signs.ci_issuer(trust)
    name = label(scope, "RoleName")
    texts = (name, scope.text("Description") or "", *(" ".join(tag) for tag in tags_of(scope).items()))
    product = agent_signs.coding_agent(texts)
    if issuer is None or product is None:
        return
    key = scope.resource.key
    yield Agent(
        key=key,
        name=name,
        platform="aws",
        kind="ci-agent",
        at=scope.resource.at,
        role=Role.UNDECLARED,
        confidence=Confidence.MEDIUM,
        because=(
            Evidence(issuer[1], f"pipelines of {issuer[0]} may assume it"),
            Evidence(scope.at("RoleName", "Description", "Tags"), f"it speaks of {product}"),
        ),
        tags=tags_of(scope),
    )
    yield IdentityUse(
        subject=key, identity=here(scope, "arn", scope.resource.at), relation=IdentityRelation.FEDERATED, at=issuer[1]
    )


LOWERINGS = {"AWS::IAM::Role": role}
