"""Managed policies, and policies that say themselves whom they are embedded in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Attachment
from agentreach.lowering.aws.pieces import here, names_of, policy, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Value

HOLDERS = (
    ("Roles", "AWS::IAM::Role"),
    ("Users", "AWS::IAM::User"),
    ("Groups", "AWS::IAM::Group"),
    ("RoleName", "AWS::IAM::Role"),
    ("UserName", "AWS::IAM::User"),
    ("GroupName", "AWS::IAM::Group"),
)
"""Where a policy names its holders, and what kind they are."""


def holders(scope: Scope, context: Context) -> Iterator[tuple[Key | Value, Value]]:
    """Each principal that a policy or attachment names, and the value that names it."""
    for path, kind in HOLDERS:
        for value in scope.values(path):
            yield subject_of(scope, value, context, kind), value


def managed(scope: Scope, context: Context) -> Iterator[Fact]:
    """A managed policy; CloudFormation may attach it from this side."""
    yield policy(scope, "PolicyDocument", context, names=names_of(scope.resource, context))
    for principal, value in holders(scope, context) if scope.resource.type != "aws_iam_policy" else ():
        yield Attachment(
            principal=principal, policy=here(scope, "arn", value.at), at=value.at, certain=scope.resource.certain
        )


def embedded(scope: Scope, context: Context) -> Iterator[Fact]:
    """An inline policy, once for each principal it is embedded in."""
    name = scope.get("PolicyName")
    for principal, _ in holders(scope, context):
        yield policy(scope, "PolicyDocument", context, subject=principal, names=() if name is None else (name,))


LOWERINGS = {
    "AWS::IAM::ManagedPolicy": managed,
    "AWS::IAM::Policy": embedded,
    "AWS::IAM::RolePolicy": embedded,
    "AWS::IAM::UserPolicy": embedded,
    "AWS::IAM::GroupPolicy": embedded,
}
