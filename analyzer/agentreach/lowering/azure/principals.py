"""Managed identities, applications, users and groups, and the outside tokens that may become them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Condition, Credential, Membership, Policy, PolicyRole, Principal, Statement, Trusted
from agentreach.late_regex import late_regex
from agentreach.lowering.azure.names import here, id_of, principal, scope_of
from agentreach.lowering.azure.pieces import PLATFORM, tags_of
from agentreach.lowering.context import references
from agentreach.lowering.durations import YEAR, Unit
from agentreach.lowering.joined_text import known
from agentreach.lowering.written_lifetimes import one_of
from agentreach.model import Key, Scalar, Unknown, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

ACTION = "sts:AssumeRoleWithWebIdentity"
AUDIENCE = "api://AzureADTokenExchange"
CLOCKS = ("time_rotating", "time_static", "time_offset")
_DEFAULT_SECRET = 2 * YEAR
_SERVICE_PRINCIPALS = ("azuread_service_principal",)
_TENANT = late_regex(r"https://(?:login\.microsoftonline\.com|sts\.windows\.net)/([0-9a-fA-F-]{36})(?:/|\Z)")
_MATCHES = late_regex(r"claims\['([^']{1,100})'\]\s+(eq|matches)\s+'([^']{1,300})'")


def managed_identity(resource: Resource, context: Context) -> Iterator[Fact]:
    """A user-assigned identity: whatever it is assigned to acts as it."""
    scope = scope_of(resource)
    own, full = scope.get("name"), id_of(resource, context)
    yield Principal(
        key=resource.key,
        kind="managed-identity",
        provider=PLATFORM,
        at=resource.at,
        names=(*(() if own is None else (own,)), *(() if full is None else (full,))),
        tags=tags_of(scope),
    )


def application(resource: Resource, context: Context) -> Iterator[Fact]:
    """An application, and under the same key the service principal it acts as."""
    scope = scope_of(resource)
    own = scope.get("display_name")
    acting = [one for one in context.mentions(resource.key) if one.type in _SERVICE_PRINCIPALS]
    yield Principal(
        key=resource.key,
        kind="application",
        provider=PLATFORM,
        at=resource.at,
        names=(*(() if own is None else (own,)), *(here(scope_of(one), "object_id") for one in acting)),
        tags=_said(scope),
    )
    for number, block in enumerate(scope.each("password")):
        yield _secret(block, resource.key, Key(resource.key.root, f"{resource.key.address}#password-{number}"))


def _said(scope: Scope) -> dict[str, str]:
    """Where people write whom it is for."""
    paths = ("description", "notes", "service_management_reference")
    return {path: text for path in paths if (text := scope.text(path))}


def service_principal(resource: Resource, context: Context) -> Iterator[Fact]:
    """A service principal of an application that is declared elsewhere, or of Microsoft."""
    scope = scope_of(resource)
    declared = context.lookup(scope.get("client_id") or scope.get("application_id"))
    if declared is not None and declared.type == "azuread_application":
        return
    names = tuple(value for path in ("client_id", "application_id") if (value := scope.get(path)) is not None)
    yield Principal(
        key=resource.key, kind="application", provider=PLATFORM, at=resource.at, names=names, tags=tags_of(scope)
    )


def user(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A person."""
    scope = scope_of(resource)
    names = tuple(value for path in ("user_principal_name", "display_name") if (value := scope.get(path)) is not None)
    yield Principal(key=resource.key, kind="user", provider=PLATFORM, at=resource.at, names=names, human=True)


def group(resource: Resource, context: Context) -> Iterator[Fact]:
    """A group, and the members that its declaration lists."""
    scope = scope_of(resource)
    own = scope.get("display_name")
    yield Principal(
        key=resource.key,
        kind="group",
        provider=PLATFORM,
        at=resource.at,
        names=() if own is None else (own,),
    )
    for value in scope.values("members"):
        yield Membership(member=principal(value, context), group=resource.key, at=scope.at("members"))


def member(resource: Resource, context: Context) -> Iterator[Fact]:
    """Somebody belongs to a group."""
    scope = scope_of(resource)
    for who in scope.values("member_object_id"):
        for value in scope.values("group_object_id"):
            yield Membership(
                member=principal(who, context), group=principal(value, context), at=scope.at("member_object_id")
            )


def federated(resource: Resource, context: Context) -> Iterator[Fact]:
    """A token of an issuer with just this subject and audience becomes the identity or application."""
    scope = scope_of(resource)
    issuer = _host(scope.get("issuer"))
    audiences = tuple(scope.values("audience")) or tuple(scope.values("audiences"))
    at = scope.at("audience", "audiences")
    audience = Condition("StringEquals", f"{issuer}:aud", audiences or (Scalar(AUDIENCE, at),), at)
    for path in ("user_assigned_identity_id", "parent_id", "application_id", "application_object_id"):
        for value in scope.values(path):
            subject, conditions = principal(value, context), (*_subjects(scope, issuer), audience)
            yield _trust(scope, subject, issuer, conditions, tuple(_of_a_tenant(scope, context)))


def _subjects(scope: Scope, issuer: str) -> Iterator[Condition]:
    for value in scope.values("subject"):
        yield Condition("StringEquals", f"{issuer}:sub", (value,), scope.at("subject"))
    expression = "claims_matching_expression"
    for claim, operator, value in _MATCHES.findall(scope.text(expression) or ""):
        kind = "StringLike" if operator == "matches" else "StringEquals"
        yield Condition(kind, f"{issuer}:{claim}", (Scalar(value, scope.at(expression)),), scope.at(expression))


def _of_a_tenant(scope: Scope, context: Context) -> Iterator[Trusted]:
    """A tenant by its id that issues the token, unless something else in the code says that it lives there."""
    issuer = scope.get("issuer")
    found = _TENANT.match(string(issuer) or "")
    if found is None or issuer is None:
        return
    vaults = context.of_type("azurerm_key_vault")
    if not any(string(one.attributes.entries.get("tenant_id")) == found[1] for one in vaults):
        yield Trusted("Tenant", Scalar(found[1], issuer.at))


def _trust(
    scope: Scope, subject: Value, issuer: str, conditions: tuple[Condition, ...], others: tuple[Trusted, ...]
) -> Policy:
    at = scope.at("subject", "claims_matching_expression")
    unread = scope.has("claims_matching_expression") and len(conditions) == 1
    statement = Statement(
        effect="Allow",
        actions=(Scalar(ACTION, at),),
        principals=(Trusted("Federated", Scalar(issuer, scope.at("issuer"))), *others),
        conditions=conditions,
        conditions_open=unread,
        at=at,
    )
    return Policy(key=scope.resource.key, role=PolicyRole.TRUST, statements=(statement,), at=at, subject=subject)


def _host(issuer: Value | None) -> str:
    text = string(issuer) or known(issuer) or "an issuer known at deploy time"
    return text.removeprefix("https://").rstrip("/")


def secret(resource: Resource, context: Context) -> Iterator[Fact]:
    """A password of an application: two years unless an end is written."""
    scope = scope_of(resource)
    for path in ("application_id", "application_object_id", "service_principal_id"):
        for value in scope.values(path):
            yield _secret(scope, _owner(value, context), resource.key)


def _owner(value: Value, context: Context) -> Key | Value:
    """The application behind a service principal, else what is named."""
    declared = context.lookup(value)
    if declared is not None and declared.type in _SERVICE_PRINCIPALS:
        scope = scope_of(declared)
        behind = context.lookup(scope.get("client_id") or scope.get("application_id"))
        return declared.key if behind is None else behind.key
    return principal(value, context) if declared is None else declared.key


def _secret(scope: Scope, owner: Key | Value, key: Key) -> Credential:
    lifetime, path = _lifetime(scope)
    return Credential(
        key=key,
        kind="client-secret",
        owner=owner,
        at=scope.at(path),
        ttl=_DEFAULT_SECRET if lifetime is None else lifetime,
        defaulted=lifetime is None,
        rotated=_rotated(scope),
        renewable_without_human=False,
        stored_in="state",
        thresholds="app-secret",
        attribute=path,
    )


def _lifetime(scope: Scope) -> tuple[float | Unknown | None, str]:
    return one_of(scope, {"end_date": Unit.DATE, "end_date_relative": Unit.DURATION})


def _rotated(scope: Scope) -> bool | None:
    """It is replaced when its map changes, and a clock changes it on the next apply."""
    value = scope.get("rotate_when_changed")
    if value is None:
        return False
    clocked = any(reference.key.address.rpartition(".")[0].endswith(CLOCKS) for reference in references(value))
    return None if clocked else False


def certificate(resource: Resource, context: Context) -> Iterator[Fact]:
    """A certificate of an application: its private key proves it for as long as it is valid."""
    scope = scope_of(resource)
    lifetime, path = _lifetime(scope)
    for owner_path in ("application_id", "application_object_id", "service_principal_id"):
        for value in scope.values(owner_path):
            yield Credential(
                key=resource.key,
                kind="certificate",
                owner=_owner(value, context),
                at=scope.at(path),
                ttl=_DEFAULT_SECRET if lifetime is None else lifetime,
                defaulted=lifetime is None,
                rotated=False,
                stored_in="directory",
                thresholds="app-secret",
                attribute=path,
            )
