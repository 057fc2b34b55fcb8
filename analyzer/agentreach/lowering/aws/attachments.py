"""Terraform's resources that attach managed policies to principals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Attachment
from agentreach.lowering.arns import outside
from agentreach.lowering.aws.pieces import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Span, Value

_SIDES = (
    (("role", "roles", "role_name"), "AWS::IAM::Role"),
    (("user", "users", "user_name"), "AWS::IAM::User"),
    (("group", "groups", "group_name"), "AWS::IAM::Group"),
)


def attachment(scope: Scope, context: Context) -> Iterator[Fact]:
    """Every policy of the resource to every principal of it."""
    policies = [*_exactly(scope, "policy_arn"), *_exactly(scope, "policy_arns")]
    for names, kind in _SIDES:
        for name in names:
            for principal in _exactly(scope, name):
                for policy in policies:
                    yield Attachment(
                        principal=subject_of(scope, principal, context, kind),
                        policy=outside(policy, context),
                        at=_place(scope, policy),
                        certain=scope.resource.certain,
                    )


def _exactly(scope: Scope, name: str) -> Iterator[Value]:
    if name in scope.body.entries:
        yield from scope.values(name)


def _place(scope: Scope, policy: Value) -> Span:
    return scope.at("policy_arn") if "policy_arn" in scope.body.entries else policy.at


LOWERINGS = dict.fromkeys(
    (
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_user_policy_attachments_exclusive",
        "aws_iam_group_policy_attachments_exclusive",
    ),
    attachment,
)
