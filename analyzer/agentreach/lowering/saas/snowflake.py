"""Snowflake: Cortex agents and MCP servers, whose specification is YAML, and tokens of users and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    Aspect,
    Credential,
    Evidence,
    Hidden,
    Operation,
    Principal,
    Role,
    RoleAssignment,
    Setting,
    Tool,
)
from agentreach.lowering import durations, yaml_text
from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import DAY, Unit
from agentreach.lowering.operations import mutating
from agentreach.lowering.saas.pipelines import here
from agentreach.model import Broken, Encoded, Key, Reference, Scalar, Text, Unknown, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

PLATFORM = "snowflake"
_TOKEN_DEFAULT = 15 * DAY
_LONGEST_DEFAULT = 365 * DAY


def cortex_agent(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An agent: its specification lists tools and a budget; it acts with the role of whoever calls it."""
    scope = Scope(resource, resource.attributes)
    yield _agent(scope, "cortex-agent", Role.AGENT)
    found = _specification(scope)
    if isinstance(found, Unknown):
        yield Hidden(subject=resource.key, attribute="specification", reason=found.reason, at=found.at)
        return
    yield from _tools(scope, found)
    budget = descend(found, "orchestration.budget")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.BOUNDED_RUN,
        state=budget is not None,
        at=budget.at if budget is not None else scope.at("specification"),
        note="" if budget is not None else "no orchestration budget",
        defaulted=budget is None,
    )


def _agent(scope: Scope, kind: str, role: Role) -> Agent:
    return Agent(
        key=scope.resource.key,
        name=scope.text("name") or scope.resource.name,
        platform=PLATFORM,
        kind=kind,
        at=scope.resource.at,
        role=role,
        because=(Evidence(scope.resource.at, f"declares a {kind.replace('-', ' ')}"),),
        tags={"comment": text} if (text := scope.text("comment")) else {},
    )


def _specification(scope: Scope) -> Value | Unknown | None:
    value = scope.get("specification")
    match value:
        case Encoded(value=inner):
            return inner
        case Text() | Scalar(value=str()):
            found = yaml_text.decode(value)
            return Unknown(found.message, found.at) if isinstance(found, Broken) else found
        case Reference():
            return Unknown("it is only known at deploy time", value.at)
        case _:
            return value


def _tools(scope: Scope, document: Value | None) -> Iterator[Tool]:
    """Each entry of `tools`: an agent's stand below `tool_spec`, an MCP server's do not."""
    for number, entry in enumerate(elements(child(document, "tools"))):
        spec = child(entry, "tool_spec") or entry
        name = string(child(spec, "name")) or f"tool-{number}"
        yield Tool(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}.{name}"),
            agent=scope.resource.key,
            name=name,
            executor=(string(child(spec, "type")) or "function").lower(),
            at=entry.at,
            target=child(spec, "identifier"),
            confirmation=False,
            confirmable=False,
            operations=(Operation(name, mutating(name), confirmation=False, at=entry.at),),
            note="a Cortex tool cannot ask before it is called",
        )


def mcp_server(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A server that offers tools of the account to agents elsewhere."""
    scope = Scope(resource, resource.attributes)
    yield _agent(scope, "mcp-server", Role.TOOL)
    found = _specification(scope)
    if isinstance(found, Unknown):
        yield Hidden(subject=resource.key, attribute="specification", reason=found.reason, at=found.at)
        return
    yield from _tools(scope, found)


def service_user(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A user for machines; the account itself never ends unless days are written."""
    scope = Scope(resource, resource.attributes)
    yield _user(scope, human=False)
    yield from _default_role(scope)
    lifetime = durations.seconds(scope.get("days_to_expiry"), Unit.DAYS)
    yield Credential(
        key=resource.key,
        kind="service-user",
        owner=resource.key,
        at=scope.at("days_to_expiry"),
        ttl=lifetime,
        never_expires=lifetime is None,
        defaulted=lifetime is None,
        rotated=None,
        thresholds="static-secret",
        attribute="days_to_expiry",
    )


def person(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A user for a person."""
    scope = Scope(resource, resource.attributes)
    yield _user(scope, human=True)
    yield from _default_role(scope)


def _user(scope: Scope, *, human: bool) -> Principal:
    own = scope.get("name")
    return Principal(
        key=scope.resource.key,
        kind="user" if human else "service-user",
        provider=PLATFORM,
        at=scope.resource.at,
        names=() if own is None else (own,),
        human=human,
    )


def _default_role(scope: Scope) -> Iterator[RoleAssignment]:
    """The role a session starts with: granting it is another declaration, perhaps elsewhere."""
    for value in scope.values("default_role"):
        yield RoleAssignment(
            key=scope.resource.key,
            provider=PLATFORM,
            member=here(scope, "name"),
            role=value,
            scope=None,
            at=scope.at("default_role"),
            certain=False,
        )


def grant(resource: Resource, context: Context) -> Iterator[Fact]:
    """A role is granted to a user."""
    scope = Scope(resource, resource.attributes)
    for who in scope.values("user_name"):
        declared = context.lookup(who)
        for role in scope.values("role_name"):
            yield RoleAssignment(
                key=resource.key,
                provider=PLATFORM,
                member=who if declared is None else Reference(declared.key, "name", who.at),
                role=role,
                scope=None,
                at=scope.at("role_name"),
                certain=resource.certain,
            )


def programmatic_token(resource: Resource, context: Context) -> Iterator[Fact]:
    """A token of a user: fifteen days unless written."""
    scope = Scope(resource, resource.attributes)
    lifetime = durations.seconds(scope.get("days_to_expiry"), Unit.DAYS)
    for value in scope.values("user"):
        declared = context.lookup(value)
        if declared is None:
            yield Principal(
                key=resource.key, kind="user", provider=PLATFORM, at=resource.at, names=(value,), human=False
            )
            yield Hidden(
                subject=resource.key,
                attribute="user",
                reason="the user is not declared in the scanned code",
                at=value.at,
            )
        yield Credential(
            key=resource.key,
            kind="personal-access-token",
            owner=resource.key if declared is None else declared.key,
            at=scope.at("days_to_expiry"),
            ttl=_TOKEN_DEFAULT if lifetime is None else lifetime,
            defaulted=lifetime is None,
            rotated=scope.has("expire_rotated_token_after_hours") or scope.has("keeper"),
            stored_in="state",
            thresholds="static-secret",
            attribute="days_to_expiry",
        )


def authentication(resource: Resource, _context: Context) -> Iterator[Fact]:
    """How long tokens under a policy may live at most."""
    scope = Scope(resource, resource.attributes)
    path = "pat_policy.max_expiry_in_days"
    lifetime = durations.seconds(scope.get(path), Unit.DAYS)
    if scope.has("pat_policy"):
        yield Credential(
            key=resource.key,
            kind="personal-access-token",
            owner=resource.key,
            at=scope.at(path),
            ttl=_LONGEST_DEFAULT if lifetime is None else lifetime,
            defaulted=lifetime is None,
            thresholds="static-secret",
            note="the longest that the policy lets a token live",
            attribute=path,
        )


def integration(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An MCP server elsewhere, called with tokens that are refreshed without a person."""
    scope = Scope(resource, resource.attributes)
    path = "oauth_refresh_token_validity"
    lifetime = durations.seconds(scope.get(path), Unit.SECONDS)
    if lifetime is not None:
        yield Credential(
            key=resource.key,
            kind="refresh-token",
            owner=resource.key,
            at=scope.at(path),
            ttl=lifetime,
            renewable_without_human=True,
            stored_in="Snowflake",
            thresholds="refresh-token",
            attribute=path,
        )
