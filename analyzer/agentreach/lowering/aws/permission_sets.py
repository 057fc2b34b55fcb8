"""IAM Identity Center permission sets: what people (and agents on their behalf) hold, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Attachment, Credential, PolicyRole
from agentreach.lowering.arns import outside
from agentreach.lowering.aws.pieces import attached, policy, principal, seconds_at, subject_of
from agentreach.lowering.durations import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Value

DEFAULT_SESSION = 3_600.0
"""SessionDuration when it is not set: PT1H (Identity Center API reference, CreatePermissionSet)."""

_KIND = "AWS::SSO::PermissionSet"


def permission_set(scope: Scope, context: Context) -> Iterator[Fact]:
    """A permission set with what is nested in it."""
    key = scope.resource.key
    lifetime = seconds_at(scope, "SessionDuration", Unit.ISO_8601, DEFAULT_SESSION)
    yield principal(scope, context, "permission-set", human=True)
    yield Credential(
        key=key,
        kind="role-session",
        owner=key,
        at=scope.at("SessionDuration"),
        ttl=lifetime.ttl,
        defaulted=lifetime.defaulted,
        thresholds="role-session",
        attribute=scope.written("SessionDuration"),
    )
    if scope.has("InlinePolicy"):
        yield policy(scope, "InlinePolicy", context, subject=key)
    yield from attached(scope, "ManagedPolicies", context, key)
    for block in scope.each("CustomerManagedPolicyReferences"):
        yield from attached(block, "Name", context, key)
    yield from _boundary(scope, context, key)


def inline(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's inline policy of a permission set."""
    for subject in _subjects(scope, context):
        yield policy(scope, "inline_policy", context, subject=subject)


def managed(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's attachment of an AWS managed policy."""
    for subject in _subjects(scope, context):
        yield from attached(scope, "managed_policy_arn", context, subject)


def customer_managed(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's attachment of a customer managed policy, by name."""
    for subject in _subjects(scope, context):
        for block in scope.each("customer_managed_policy_reference"):
            yield from attached(block, "name", context, subject)


def boundary(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's boundary of a permission set."""
    for subject in _subjects(scope, context):
        yield from _boundary(scope, context, subject)


def _boundary(scope: Scope, context: Context, subject: Key | Value) -> Iterator[Fact]:
    for block in scope.each("PermissionsBoundary"):
        for path in ("ManagedPolicyArn", "CustomerManagedPolicyReference.Name"):
            for value in block.values(path):
                yield Attachment(
                    principal=subject, policy=outside(value, context), at=block.at(path), role=PolicyRole.BOUNDARY
                )


def _subjects(scope: Scope, context: Context) -> Iterator[Key | Value]:
    for value in scope.values("permission_set_arn"):
        yield subject_of(scope, value, context, _KIND)


LOWERINGS = {
    _KIND: permission_set,
    "aws_ssoadmin_permission_set_inline_policy": inline,
    "aws_ssoadmin_managed_policy_attachment": managed,
    "aws_ssoadmin_customer_managed_policy_attachment": customer_managed,
    "aws_ssoadmin_permissions_boundary_attachment": boundary,
}
