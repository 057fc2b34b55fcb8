"""GitLab: tokens of projects, groups and people, keys, variables of pipelines, and environments that need approval.

Source: GitLab documentation, "Permissions and roles", "Project access tokens", "Protected environments".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Gate, Hidden, Principal, RoleAssignment, System
from agentreach.lowering import durations, secrets
from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import Unit
from agentreach.lowering.saas.pipelines import PROJECT, here, name_of, pipeline, private_half, received
from agentreach.lowering.written_lifetimes import one_of
from agentreach.model import Scalar, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Key, Resource, Value

PLATFORM = "gitlab"
_EVERY = "rotation_configuration.expiration_days"
_PLACES = ("project", "group")


def access_token(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A token is a user of its own in a project or group, with a role there and an end it has to have."""
    scope = Scope(resource, resource.attributes)
    yield _bot(scope)
    yield from _role(scope)
    yield _credential(scope, "service-account-token" if "service_account" in resource.type else "access-token")


def _bot(scope: Scope) -> Principal:
    own = scope.get("name")
    return Principal(
        key=scope.resource.key,
        kind="bot",
        provider=PLATFORM,
        at=scope.resource.at,
        names=() if own is None else (own,),
    )


def _role(scope: Scope) -> Iterator[RoleAssignment]:
    """Its access level, which is maintainer unless written; scopes that only read leave a reporter."""
    scopes = [string(value) or "api" for value in scope.values("scopes")]
    reads = bool(scopes) and all(one.startswith("read_") for one in scopes)
    level = scope.get("access_level") or Scalar("maintainer", scope.place)
    for path in _PLACES:
        for value in scope.values(path):
            yield RoleAssignment(
                key=scope.resource.key,
                provider=PLATFORM,
                member=here(scope, "token"),
                role=Scalar("reporter", scope.at("scopes")) if reads else level,
                scope=value,
                at=scope.at("scopes") if reads else scope.at("access_level"),
                certain=scope.resource.certain,
            )


def _credential(scope: Scope, kind: str) -> Credential:
    """A date, or a number of days after which Terraform makes a new one when it is applied."""
    every = durations.seconds(scope.get(_EVERY), Unit.DAYS)
    lifetime, path = one_of(scope, {_EVERY: Unit.DAYS, "expires_at": Unit.DATE})
    path = "expires_at" if every is None else _EVERY
    return Credential(
        key=scope.resource.key,
        kind=kind,
        owner=scope.resource.key,
        at=scope.at(path),
        ttl=lifetime,
        never_expires=False,
        defaulted=lifetime is None,
        rotated=False if every is None else None,
        renewable_without_human=None if every is None else True,
        stored_in="state",
        thresholds="static-secret",
        note="" if every is None else "replaced when Terraform is applied near its end",
        attribute=path,
    )


def personal_token(resource: Resource, context: Context) -> Iterator[Fact]:
    """A token of a person: whoever holds it is that person, as far as its scopes go."""
    scope = Scope(resource, resource.attributes)
    declared = context.lookup(scope.get("user_id"))
    machine = declared is not None and "service_account" in declared.type
    own = None if declared is None else declared.attributes.entries.get("username")
    yield Principal(
        key=resource.key,
        kind="bot" if machine else "user",
        provider=PLATFORM,
        at=resource.at,
        names=tuple(value for value in (own, scope.get("name")) if value is not None),
        human=not machine,
    )
    yield Hidden(
        subject=resource.key,
        attribute="user_id",
        reason="what this user may do in GitLab is not in the code",
        at=scope.at("user_id"),
    )
    yield _credential(scope, "personal-access-token")


def deploy_token(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A token for the files and packages of a project or group, without an end unless one is written."""
    scope = Scope(resource, resource.attributes)
    yield _bot(scope)
    scopes = [string(value) or "" for value in scope.values("scopes")]
    writes = any(one.startswith("write_") for one in scopes)
    for path in _PLACES:
        for value in scope.values(path):
            yield RoleAssignment(
                key=resource.key,
                provider=PLATFORM,
                member=here(scope, "token"),
                role=Scalar("developer" if writes else "reporter", scope.at("scopes")),
                scope=value,
                at=scope.at("scopes"),
                certain=resource.certain,
            )
    yield _without_end(scope, "deploy-token", resource.key)


def deploy_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key for a project's repository, without an end unless one is written."""
    scope = Scope(resource, resource.attributes)
    pair = private_half(scope, context)
    note = "may push" if scope.flag("can_push") else "may read"
    yield _without_end(scope, "deploy-key", resource.key if pair is None else pair.key, note)


def _without_end(scope: Scope, kind: str, owner: Key, note: str = "") -> Credential:
    lifetime = durations.seconds(scope.get("expires_at"), Unit.DATE)
    return Credential(
        key=scope.resource.key,
        kind=kind,
        owner=owner,
        at=scope.at("expires_at"),
        ttl=lifetime,
        never_expires=lifetime is None,
        defaulted=lifetime is None,
        rotated=False,
        renewable_without_human=False,
        stored_in="state",
        thresholds="static-secret",
        note=note,
        attribute="expires_at",
    )


def variable(resource: Resource, context: Context) -> Iterator[Fact]:
    """A variable of a project's pipelines, in all environments or in one."""
    scope = Scope(resource, resource.attributes)
    for path in _PLACES:
        for value in scope.values(path):
            name = name_of(value, context, "path", "name")
            environment = scope.text("environment_scope") or ""
            key = pipeline(resource.key.root, PROJECT, name, "" if "*" in environment else environment)
            yield from received(scope, key, PLATFORM, scope.text("key") or resource.name, _secret(scope), "value")


def _secret(scope: Scope) -> Value | None:
    """A value that is masked, or whose name says so, is a secret; others are settings."""
    masked = scope.flag("masked") or scope.flag("hidden")
    return scope.get("value") if masked or secrets.is_secret_name(scope.text("key") or "") else None


def environment(resource: Resource, context: Context) -> Iterator[Fact]:
    """A protected environment: so many have to approve before a job deploys there."""
    scope = Scope(resource, resource.attributes)
    needed = [block.number("required_approvals") or 0 for block in scope.each("approval_rules")]
    count = max([*needed, scope.number("required_approval_count") or 0])
    if count <= 0:
        return
    name = name_of(scope.get("project"), context, "path", "name")
    key = pipeline(resource.key.root, PROJECT, name, scope.text("environment") or "…")
    yield Gate(
        subject=Scalar(key.address, resource.at),
        kind="approval",
        at=scope.at("approval_rules", "required_approval_count"),
        fails_closed=True,
        note=f"{count:g} have to approve",
    )


def project(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A project."""
    scope = Scope(resource, resource.attributes)
    own = scope.get("path") or scope.get("name")
    yield System(
        key=resource.key,
        service=PLATFORM,
        kind="repository",
        names=() if own is None else (own,),
        at=resource.at,
        provider=PLATFORM,
    )


def nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """Read where it is used."""
    return iter(())
