"""Organizations policies: what no identity of an account may exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Attachment, PolicyRole
from agentreach.lowering.arns import outside
from agentreach.lowering.aws.pieces import here, policy
from agentreach.model import Scalar, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_ROLES = {
    "SERVICE_CONTROL_POLICY": PolicyRole.SERVICE_CONTROL,
    "RESOURCE_CONTROL_POLICY": PolicyRole.RESOURCE_CONTROL,
}
_DEFAULT = "SERVICE_CONTROL_POLICY"
_POLICY = "aws_organizations_policy"


def _role(scope: Scope) -> PolicyRole | None:
    """The layer of evaluation; None for tag, backup and opt-out policies. An unknown type may limit, so it counts."""
    kind = scope.get("Type")
    text = _DEFAULT if kind is None else scope.text("Type")
    return PolicyRole.SERVICE_CONTROL if text is None else _ROLES.get(text)


def organizations_policy(scope: Scope, context: Context) -> Iterator[Fact]:
    """A service or resource control policy and, in CloudFormation, its targets."""
    role = _role(scope)
    if role is None:
        return
    name = scope.get("Name")
    yield policy(scope, "Content", context, role=role, names=() if name is None else (name,))
    for target in scope.values("TargetIds"):
        yield Attachment(principal=target, policy=here(scope, "id", target.at), at=target.at, role=role)


def attachment(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's attachment of an Organizations policy to an account, unit or root."""
    declared = context.lookup(scope.get("policy_id"))
    role = PolicyRole.SERVICE_CONTROL
    if declared is not None and declared.type == _POLICY:
        kind = next(iter(elements(declared.attributes.entries.get("type"))), None)
        text = kind.value if isinstance(kind, Scalar) else _DEFAULT
        if str(text) not in _ROLES:
            return
        role = _ROLES[str(text)]
    for policy_id in scope.values("policy_id"):
        for target in scope.values("target_id"):
            yield Attachment(
                principal=target,
                policy=outside(policy_id, context),
                at=scope.at("target_id"),
                role=role,
                certain=scope.resource.certain,
            )


LOWERINGS = {"AWS::Organizations::Policy": organizations_policy, "aws_organizations_policy_attachment": attachment}
