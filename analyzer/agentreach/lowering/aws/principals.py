"""IAM users, groups, instance profiles and identity providers, who belongs to whom, and who may act for a pod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import IdentityRelation, Membership, PolicyRole, Principal
from agentreach.lowering.aws.pieces import attached, names_of, principal, subject_of, uses
from agentreach.lowering.aws.roles import inline_policies
from agentreach.model import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

_USER = "AWS::IAM::User"
_GROUP = "AWS::IAM::Group"


def user(scope: Scope, context: Context) -> Iterator[Fact]:
    """A user; one with a console password is a person."""
    key = scope.resource.key
    human = scope.has("LoginProfile") or any(
        mention.type == "aws_iam_user_login_profile" for mention in context.mentions(key)
    )
    yield principal(scope, context, "user", human=human)
    yield from inline_policies(scope, context)
    yield from attached(scope, "ManagedPolicyArns", context, key)
    yield from attached(scope, "PermissionsBoundary", context, key, PolicyRole.BOUNDARY)
    for value in scope.values("Groups"):
        yield Membership(member=key, group=subject_of(scope, value, context, _GROUP), at=value.at)


def group(scope: Scope, context: Context) -> Iterator[Fact]:
    """A group and the policies its members hold."""
    yield principal(scope, context, "group")
    yield from inline_policies(scope, context)
    yield from attached(scope, "ManagedPolicyArns", context, scope.resource.key)


def membership(scope: Scope, context: Context) -> Iterator[Fact]:
    """Users added to groups, whichever of the two is the list."""
    members = [value for path in ("Users", "user") for value in scope.values(path)]
    groups = [value for path in ("Groups", "GroupName", "group") for value in scope.values(path)]
    for member in members:
        for one in groups:
            yield Membership(
                member=subject_of(scope, member, context, _USER),
                group=subject_of(scope, one, context, _GROUP),
                at=member.at if len(members) > 1 else one.at,
            )


def instance_profile(scope: Scope, context: Context) -> Iterator[Fact]:
    """An instance profile holds one role."""
    yield principal(scope, context, "instance-profile")
    for value in scope.values("Roles"):
        yield Membership(
            member=subject_of(scope, value, context, "AWS::IAM::Role"), group=scope.resource.key, at=scope.at("Roles")
        )


def identity_provider(scope: Scope, context: Context) -> Iterator[Fact]:
    """An OIDC or SAML provider that trust policies name."""
    url = scope.get("Url")
    names = names_of(scope.resource, context) if url is None else (*names_of(scope.resource, context)[:1], url)
    yield Principal(key=scope.resource.key, kind="federated", provider="aws", at=scope.resource.at, names=names)


def pod_identity(scope: Scope, context: Context) -> Iterator[Fact]:
    """An EKS Pod Identity association: a service account, named by namespace and name only, acts as a role.

    Nothing on the cluster's side says so: the association stands for the account, and the graph finds the one, declared
    or only named, that it means.
    """
    namespace, account = scope.text("Namespace"), scope.text("ServiceAccount")
    note = f"pod identity of {namespace or '…'}:{account or '…'}"
    if namespace and account:
        yield Principal(
            key=scope.resource.key,
            kind="pod-identity",
            provider="aws",
            at=scope.at("ServiceAccount"),
            names=(Scalar(f"{namespace}:{account}", scope.at("ServiceAccount")),),
            namespace=namespace,
        )
    yield from uses(scope, "RoleArn", context, relation=IdentityRelation.FEDERATED, note=note)
    yield from uses(scope, "TargetRoleArn", context, relation=IdentityRelation.ASSUMES, note=note)


def _nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """A login profile is read with its user."""
    return iter(())


LOWERINGS = {
    "AWS::IAM::User": user,
    "AWS::IAM::Group": group,
    "AWS::IAM::InstanceProfile": instance_profile,
    "AWS::IAM::OIDCProvider": identity_provider,
    "AWS::IAM::SAMLProvider": identity_provider,
    "AWS::IAM::UserToGroupAddition": membership,
    "AWS::EKS::PodIdentityAssociation": pod_identity,
    "aws_iam_user_group_membership": membership,
    "aws_iam_group_membership": membership,
    "aws_iam_user_login_profile": _nothing,
}
