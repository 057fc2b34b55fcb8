"""Service accounts and custom roles, the keys and tokens that prove them, and pools of federated identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Principal, RoleDefinition
from agentreach.lowering import durations
from agentreach.lowering.context import references
from agentreach.lowering.durations import HOUR, Unit
from agentreach.lowering.google.names import container, email, here, identity, label, project, scope_of
from agentreach.lowering.google.pieces import PLATFORM, tags_of
from agentreach.lowering.joined_text import joined
from agentreach.model import Key, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

NEVER_ROTATED = False
CLOCKS = ("time_rotating", "time_static", "time_offset")


def service_account(resource: Resource, context: Context) -> Iterator[Fact]:
    """A service account, under its short name, its address, and the member that bindings name."""
    scope = scope_of(resource)
    own = scope.get("account_id")
    address = email(scope, context)
    at = scope.at("account_id")
    yield Principal(
        key=resource.key,
        kind="service-account",
        provider=PLATFORM,
        at=resource.at,
        names=(
            *(() if own is None or string(own) is None else (own,)),
            address,
            joined(at, "projects/", project(scope, context), "/serviceAccounts/", address),
        ),
        tags={**tags_of(scope), **_said(scope)},
    )


def _said(scope: Scope) -> dict[str, str]:
    """Its display name and description: where people write whom an account is for."""
    return {path: text for path in ("display_name", "description") if (text := scope.text(path))}


def service_account_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key of a service account. It has no expiry, and Terraform keeps it in the state."""
    scope = scope_of(resource)
    rotation = _rotation(scope, "keepers")
    for value in scope.values("service_account_id"):
        yield Credential(
            key=resource.key,
            kind="service-account-key",
            owner=identity(value, context),
            at=resource.at,
            never_expires=True,
            rotated=rotation,
            renewable_without_human=False,
            stored_in="state",
            thresholds="static-secret",
            note="replaced when Terraform is applied after its clock has moved on" if rotation is None else "",
            attribute="service_account_id",
        )


def _rotation(scope: Scope, path: str) -> bool | None:
    """A key is only replaced when something in this map changes: a clock does, on the next apply."""
    value = scope.get(path)
    if value is None:
        return NEVER_ROTATED
    clocked = any(reference.key.address.rpartition(".")[0].endswith(CLOCKS) for reference in references(value))
    return None if clocked else NEVER_ROTATED


def hmac_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A storage key that stands for a service account, without an expiry."""
    scope = scope_of(resource)
    if scope.text("state") == "INACTIVE":
        return
    for value in scope.values("service_account_email"):
        yield Credential(
            key=resource.key,
            kind="hmac-key",
            owner=identity(value, context),
            at=resource.at,
            never_expires=True,
            rotated=False,
            renewable_without_human=False,
            stored_in="state",
            thresholds="static-secret",
            attribute="service_account_email",
        )


def api_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """An API key; one that is bound to a service account proves it to whoever holds the key."""
    scope = scope_of(resource)
    owners = tuple(identity(value, context) for value in scope.values("service_account_email"))
    limited = scope.has("restrictions.api_targets.service")
    for owner in owners or (resource.key,):
        yield Credential(
            key=resource.key,
            kind="api-key",
            owner=owner,
            at=resource.at,
            never_expires=True,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            note="" if limited else "for any API that is enabled",
            attribute="service_account_email" if owners else "restrictions.api_targets",
        )


def access_token(resource: Resource, context: Context) -> Iterator[Fact]:
    """A token that Terraform mints for a service account: an hour unless a lifetime is written."""
    scope = scope_of(resource)
    written = durations.seconds(scope.get("lifetime"), Unit.SECONDS)
    for value in scope.values("target_service_account"):
        yield Credential(
            key=resource.key,
            kind="access-token",
            owner=identity(value, context),
            at=scope.at("lifetime"),
            ttl=HOUR if written is None else written,
            defaulted=written is None,
            stored_in="state",
            thresholds="access-token",
            attribute="lifetime",
        )


def custom_role(resource: Resource, context: Context) -> Iterator[Fact]:
    """A role of a project or organisation with the permissions it lists."""
    scope = scope_of(resource)
    if scope.flag("deleted") or scope.text("stage") == "DISABLED":
        return
    at = scope.at("role_id")
    owner = (
        container(scope.get("org_id"), "organizations/", context, at)
        if "organization" in resource.type
        else joined(at, "projects/", project(scope, context))
    )
    yield RoleDefinition(
        key=resource.key,
        provider=PLATFORM,
        names=(joined(at, owner, "/roles/", scope.get("role_id")), here(scope, "id")),
        actions=elements(scope.get("permissions")),
        at=scope.at("permissions"),
    )


def workload_pool(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A pool of outside identities; certificates it issues are valid for a day unless written otherwise."""
    scope = scope_of(resource)
    if scope.flag("disabled"):
        return
    own = scope.get("workload_identity_pool_id")
    yield Principal(
        key=resource.key, kind="oidc-provider", provider=PLATFORM, at=resource.at, names=() if own is None else (own,)
    )
    path = "inline_certificate_issuance_config.lifetime"
    lifetime = durations.seconds(scope.get(path), Unit.SECONDS)
    if lifetime is not None:
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#certificate"),
            kind="certificate",
            owner=resource.key,
            at=scope.at(path),
            ttl=lifetime,
            rotated=True,
            renewable_without_human=True,
            thresholds="access-token",
            attribute=path,
        )


def workforce_pool(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A pool of people of another directory, and how long their sessions last."""
    scope = scope_of(resource)
    written = durations.seconds(scope.get("session_duration"), Unit.SECONDS)
    yield Principal(
        key=resource.key,
        kind="group",
        provider=PLATFORM,
        at=resource.at,
        names=tuple(value for value in (scope.get("workforce_pool_id"),) if value is not None),
        human=True,
    )
    yield Credential(
        key=Key(resource.key.root, f"{resource.key.address}#session"),
        kind="role-session",
        owner=resource.key,
        at=scope.at("session_duration"),
        ttl=HOUR if written is None else written,
        defaulted=written is None,
        thresholds="role-session",
        attribute="session_duration",
    )


def group(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A group of the directory."""
    scope = scope_of(resource)
    own = scope.get("group_key.id")
    yield Principal(
        key=resource.key,
        kind="group",
        provider=PLATFORM,
        at=resource.at,
        names=(joined(scope.place, label(scope, "display_name")), *(() if own is None else (own,))),
    )


def nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """Read where it is used."""
    return iter(())


def owner_of(value: Value, context: Context) -> Value | Key:
    """The declared holder of a credential, else what the code names."""
    declared = context.lookup(value)
    return value if declared is None else declared.key
