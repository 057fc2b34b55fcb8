"""Role assignments, custom roles, privileged identity management, directory roles and application permissions.

Sources: azurerm and azuread provider documentation; "Privileged Identity Management", Microsoft Learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Hidden, RoleAssignment, RoleDefinition, System
from agentreach.lowering import durations
from agentreach.lowering.azure.names import KINDS, expanded, here, principal, scope_of
from agentreach.lowering.azure.pieces import PLATFORM, tags_of
from agentreach.lowering.durations import HOUR, Unit
from agentreach.lowering.joined_text import joined, known
from agentreach.lowering.written_lifetimes import one_of
from agentreach.model import Reference, Scalar, Unknown, alternatives, elements, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Resource, Value

SCOPES = frozenset({*KINDS, "azurerm_resource_group"})
"""Types whose declarations are scopes by reference."""

_DEFINITIONS = ("azurerm_role_definition", "data.azurerm_role_definition")
_DEFAULT_ACTIVATION = 8 * HOUR
"""How long an activation lasts when no policy says otherwise."""


def assignment(resource: Resource, context: Context) -> Iterator[Fact]:
    """A role on a scope, held all the time."""
    scope = scope_of(resource)
    for who in scope.values("principal_id"):
        for role, path in _roles(scope, context):
            yield RoleAssignment(
                key=resource.key,
                provider=PLATFORM,
                member=principal(who, context),
                role=role,
                scope=_where(scope, context),
                at=scope.at(path),
                condition=scope.get("condition"),
                certain=resource.certain,
            )
            yield from _hidden(who, role, scope, path, context)


def _hidden(who: Value, role: Value, scope: Scope, path: str, context: Context) -> Iterator[Hidden]:
    """A role only known at deploy time hides what its holder may do."""
    declared = context.lookup(who)
    if declared is not None and string(role) is None and not isinstance(role, Reference):
        reason = role.reason if isinstance(role, Unknown) else "the role is only known at deploy time"
        yield Hidden(subject=declared.key, attribute="role", reason=reason, at=scope.at(path))


def _where(scope: Scope, context: Context) -> Value | None:
    value = scope.get("scope")
    return None if value is None else scope_value(value, context)


def scope_value(value: Value, context: Context) -> Value:
    """A scope: a reference to what is declared here, else its id as far as it is known."""
    declared = context.lookup(value)
    if declared is not None and declared.type in SCOPES:
        return Reference(declared.key, "id", value.at)
    return expanded(value, context)


def _roles(scope: Scope, context: Context) -> Iterator[tuple[Value, str]]:
    """The roles that a declaration may assign, by name or by the id of their definition."""
    for path in ("role_definition_name", "role_definition_id"):
        value = scope.get(path)
        for one in alternatives(value) if value is not None else ():
            yield role_named(one, context), path


def role_named(value: Value, context: Context) -> Value:
    """A role by name, a reference to a declared definition, or the last part of a definition's id."""
    for part in text_parts(value):
        declared = context.resources.get(part.key) if isinstance(part, Reference) else None
        if declared is not None and declared.type in _DEFINITIONS:
            return _defined(declared, value)
    text = string(value)
    if text is None and "/roleDefinitions/" in known(value):
        return Scalar(known(value).rpartition("/")[2], value.at)
    return value


def _defined(resource: Resource, value: Value) -> Value:
    if resource.type == "azurerm_role_definition":
        return Reference(resource.key, "role_definition_resource_id", value.at)
    named = scope_of(resource).get("name") or scope_of(resource).get("role_definition_id")
    return Scalar(string(named), value.at) if string(named) else value


def definition(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A custom role, with the operations it allows and those it takes away again."""
    scope = scope_of(resource)
    allowed: list[Value] = []
    excluded: list[Value] = []
    data: list[Value] = []
    for block in scope.each("permissions"):
        allowed += elements(block.get("actions"))
        data += elements(block.get("data_actions"))
        excluded += (*elements(block.get("not_actions")), *elements(block.get("not_data_actions")))
    own = scope.get("name")
    yield RoleDefinition(
        key=resource.key,
        provider=PLATFORM,
        names=(*(() if own is None else (own,)), here(scope, "role_definition_resource_id")),
        actions=tuple(allowed),
        not_actions=tuple(excluded),
        data_actions=tuple(data),
        at=scope.at("permissions"),
    )


def active(resource: Resource, context: Context) -> Iterator[Fact]:
    """An assignment that is active without a request, until it expires if it ever does."""
    yield from assignment(resource, context)
    scope = scope_of(resource)
    base = "schedule.expiration"
    paths = {
        f"{base}.duration_hours": Unit.HOURS,
        f"{base}.duration_days": Unit.DAYS,
        f"{base}.end_date_time": Unit.DATE,
    }
    lifetime, path = one_of(scope, paths)
    path = base if lifetime is None else path
    for who in scope.values("principal_id"):
        yield Credential(
            key=resource.key,
            kind="elevated-session",
            owner=principal(who, context),
            at=scope.at(path),
            ttl=lifetime,
            never_expires=lifetime is None,
            defaulted=lifetime is None,
            thresholds="elevated",
            note="" if lifetime is not None else "a permanent assignment",
            attribute=path,
        )


def eligible(resource: Resource, context: Context) -> Iterator[Fact]:
    """A role that its holder may activate for a while; the policy of the role says for how long, and who agrees."""
    scope = scope_of(resource)
    policy = _policy(scope, context)
    approved = None if policy is None else policy.flag("activation_rules.require_approval")
    for who in scope.values("principal_id"):
        for role, path in _roles(scope, context):
            yield RoleAssignment(
                key=resource.key,
                provider=PLATFORM,
                member=principal(who, context),
                role=role,
                scope=_where(scope, context),
                at=scope.at(path),
                condition=scope.get("condition"),
                eligible=True,
                approved=approved,
                certain=resource.certain,
            )
        yield _activation(resource.key, principal(who, context), policy or scope, approved=approved)


def _policy(scope: Scope, context: Context) -> Scope | None:
    """The declared management policy for the same role on the same scope."""
    wanted = _identified(scope, context)
    for resource in context.of_type("azurerm_role_management_policy"):
        if resource.key.root == scope.resource.key.root and _identified(scope_of(resource), context) == wanted:
            return scope_of(resource)
    return None


def _identified(scope: Scope, context: Context) -> tuple[str, ...]:
    """Role and scope as texts that can be compared."""
    values = (scope.get("role_definition_id"), scope.get("scope"))
    return tuple(_comparable(value, context) for value in values)


def _comparable(value: Value | None, context: Context) -> str:
    if value is None:
        return ""
    spelled = expanded(role_named(value, context), context)
    return "".join(_said(part) for part in text_parts(spelled))


def _said(part: str | Unknown | Reference) -> str:
    if isinstance(part, Reference):
        return part.key.address
    return part if isinstance(part, str) else "…"


def _activation(key: Key, owner: Value, policy: Scope, *, approved: bool | None) -> Credential:
    path = "activation_rules.maximum_duration"
    written = durations.seconds(policy.get(path), Unit.ISO_8601)
    return Credential(
        key=key,
        kind="elevated-session",
        owner=owner,
        at=policy.at(path),
        ttl=_DEFAULT_ACTIVATION if written is None else written,
        defaulted=written is None,
        renewable_without_human=None if approved is None else not approved,
        thresholds="elevated",
        note="activated after approval" if approved else "activated on request",
        attribute=path,
    )


def management_policy(resource: Resource, _context: Context) -> Iterator[Fact]:
    """How a role is activated: how long at most."""
    scope = scope_of(resource)
    path = "activation_rules.maximum_duration"
    lifetime = durations.seconds(scope.get(path), Unit.ISO_8601)
    if lifetime is not None:
        yield Credential(
            key=resource.key,
            kind="elevated-session",
            owner=resource.key,
            at=scope.at(path),
            ttl=lifetime,
            renewable_without_human=scope.flag("activation_rules.require_approval") is not True,
            thresholds="elevated",
            attribute=path,
        )


def directory_role(resource: Resource, context: Context) -> Iterator[Fact]:
    """A role of the directory, assigned or eligible."""
    scope = scope_of(resource)
    requested = "eligibility" in resource.type
    for who in (*scope.values("principal_object_id"), *scope.values("principal_id"), *scope.values("member_object_id")):
        for path in ("role_id", "role_definition_id", "role_object_id"):
            for value in scope.values(path):
                yield RoleAssignment(
                    key=resource.key,
                    provider=PLATFORM,
                    member=principal(who, context),
                    role=_directory_role(value, context),
                    scope=Scalar("directory", scope.at(path)),
                    at=scope.at(path),
                    eligible=requested,
                    approved=None,
                    certain=resource.certain,
                )


def _directory_role(value: Value, context: Context) -> Value:
    declared = context.lookup(value)
    if declared is None:
        return value
    scope = scope_of(declared)
    named = scope.get("display_name") or scope.get("template_id")
    return value if string(named) is None else Scalar(string(named), value.at)


_APP_ROLES = "app_role_ids."


def app_role(resource: Resource, context: Context) -> Iterator[Fact]:
    """A permission of an application at another, without a user: `app_role_ids["Mail.Read"]` of Microsoft Graph."""
    scope = scope_of(resource)
    for who in scope.values("principal_object_id"):
        for value in scope.values("app_role_id"):
            named = _permission(value)
            yield RoleAssignment(
                key=resource.key,
                provider=PLATFORM,
                member=principal(who, context),
                role=named,
                scope=joined(scope.at("resource_object_id"), "directory"),
                at=scope.at("app_role_id"),
                certain=resource.certain,
            )
            yield from _hidden(who, named, scope, "app_role_id", context)


def _permission(value: Value) -> Value:
    parts = text_parts(value)
    reference = parts[0] if len(parts) == 1 and isinstance(parts[0], Reference) else None
    if reference is not None and _APP_ROLES in reference.attribute:
        return Scalar(reference.attribute.partition(_APP_ROLES)[2], value.at)
    if reference is not None:
        return Unknown("the permission is only known at deploy time", value.at)
    return value


def resource_group(resource: Resource, context: Context) -> Iterator[Fact]:
    """A resource group: what is assigned there holds for everything in it."""
    scope = scope_of(resource)
    own = scope.get("name")
    yield System(
        key=resource.key,
        service="resources",
        kind="resource-group",
        names=(expanded(here(scope, "id"), context), *(() if own is None else (own,))),
        at=resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )
