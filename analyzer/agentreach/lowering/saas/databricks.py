"""Databricks: supervisor agents and their tools, MCP services, apps, tokens of people and service principals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Credential,
    Evidence,
    Hidden,
    IdentityRelation,
    IdentityUse,
    Operation,
    Principal,
    Role,
    RoleAssignment,
    Setting,
    Tool,
)
from agentreach.lowering import durations, tags, workload_signs
from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import DAY, Unit
from agentreach.lowering.joined_text import joined
from agentreach.lowering.operations import mutating
from agentreach.lowering.saas.pipelines import here
from agentreach.model import Key, MapValue, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

PLATFORM = "databricks"
_SECRET_DEFAULT = 730 * DAY


def token(resource: Resource, context: Context) -> Iterator[Fact]:
    """A token of whoever applies the code, or on behalf of a service principal; without an end unless written."""
    scope = Scope(resource, resource.attributes)
    on_behalf = resource.type == "databricks_obo_token"
    lifetime = durations.seconds(scope.get("lifetime_seconds"), Unit.SECONDS)
    declared = context.lookup(scope.get("application_id"))
    if declared is None:
        yield Principal(
            key=resource.key,
            kind="service-principal" if on_behalf else "user",
            provider=PLATFORM,
            at=resource.at,
            names=() if scope.get("comment") is None else (joined(scope.at("comment"), scope.get("comment")),),
        )
    if not on_behalf:
        yield Hidden(
            subject=resource.key,
            attribute="owner",
            reason="the token is of whoever applies the code",
            at=resource.at,
        )
    yield Credential(
        key=resource.key,
        kind="personal-access-token",
        owner=resource.key if declared is None else declared.key,
        at=scope.at("lifetime_seconds"),
        ttl=lifetime or None,
        never_expires=not lifetime,
        defaulted=lifetime is None,
        rotated=False,
        renewable_without_human=False,
        stored_in="state",
        thresholds="static-secret",
        note="on behalf of a service principal" if on_behalf else "",
        attribute="lifetime_seconds",
    )


def principal(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A service principal."""
    scope = Scope(resource, resource.attributes)
    names = tuple(value for path in ("display_name", "application_id") if (value := scope.get(path)) is not None)
    yield Principal(key=resource.key, kind="service-principal", provider=PLATFORM, at=resource.at, names=names)


def principal_secret(resource: Resource, context: Context) -> Iterator[Fact]:
    """A secret of a service principal: two years unless written, as `"3600s"`."""
    scope = Scope(resource, resource.attributes)
    lifetime = durations.seconds(scope.get("lifetime"), Unit.SECONDS)
    for value in scope.values("service_principal_id"):
        declared = context.lookup(value)
        yield Credential(
            key=resource.key,
            kind="client-secret",
            owner=value if declared is None else declared.key,
            at=scope.at("lifetime"),
            ttl=_SECRET_DEFAULT if lifetime is None else lifetime,
            defaulted=lifetime is None,
            rotated=False,
            stored_in="state",
            thresholds="app-secret",
            attribute="lifetime",
        )


def integration(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An OAuth application: how long its refresh tokens live."""
    scope = Scope(resource, resource.attributes)
    yield _application(scope)
    for path, kind in (
        ("refresh_token_ttl_in_minutes", "refresh-token"),
        ("access_token_ttl_in_minutes", "access-token"),
    ):
        full = f"token_access_policy.{path}"
        lifetime = durations.seconds(scope.get(full), Unit.MINUTES)
        if lifetime is not None:
            yield Credential(
                key=Key(resource.key.root, f"{resource.key.address}#{kind}"),
                kind=kind,
                owner=resource.key,
                at=scope.at(full),
                ttl=lifetime,
                renewable_without_human=True if kind == "refresh-token" else None,
                thresholds=kind,
                attribute=full,
            )


def _application(scope: Scope) -> Principal:
    own = scope.get("name")
    return Principal(
        key=scope.resource.key,
        kind="application",
        provider=PLATFORM,
        at=scope.resource.at,
        names=() if own is None else (own,),
    )


def app(resource: Resource, context: Context) -> Iterator[Fact]:
    """An app has a service principal of its own, rights on the resources it lists, and scopes of its users."""
    scope = Scope(resource, resource.attributes)
    name = scope.text("name") or resource.name
    yield from workload_signs.declared(
        scope, platform=PLATFORM, kind="databricks-app", name=name, tags=tags.read(scope.get("custom_tags"))
    )
    own = here(scope, "service_principal_id")
    yield Principal(
        key=Key(resource.key.root, f"{resource.key.address}.service_principal"),
        kind="service-principal",
        provider=PLATFORM,
        at=resource.at,
        names=(joined(scope.place, f"{name} (service principal)"), own),
    )
    yield IdentityUse(
        subject=resource.key,
        identity=own,
        relation=IdentityRelation.RUNS_AS,
        at=scope.at("service_principal_id"),
        note="a service principal of its own",
    )
    yield from _rights(scope)
    yield from _users(scope, context)
    exported = scope.has("telemetry_export_destinations")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=exported,
        at=scope.at("telemetry_export_destinations"),
        note="" if exported else "no telemetry is exported",
        defaulted=not exported,
    )


def _rights(scope: Scope) -> Iterator[RoleAssignment]:
    """Each resource of an app says with which permission."""
    for block in scope.each("resources"):
        for kind, value in block.body.entries.items():
            inner = block.within(kind) if isinstance(value, MapValue) or kind != "name" else None
            permission = None if inner is None else inner.get("permission")
            if inner is None or permission is None:
                continue
            named = next(
                (inner.get(path) for path in ("id", "name", "key", "securable_full_name") if inner.has(path)), None
            )
            yield RoleAssignment(
                key=scope.resource.key,
                provider=PLATFORM,
                member=here(scope, "service_principal_id"),
                role=permission,
                scope=joined(inner.place, f"{kind}/", named),
                at=inner.at("permission"),
                certain=scope.resource.certain,
            )


def _users(scope: Scope, _context: Context) -> Iterator[Credential]:
    """With user scopes the app also acts for whoever uses it, with a token of that user per request."""
    scopes = [string(value) or "…" for value in scope.values("user_api_scopes")]
    if scopes:
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#user"),
            kind="oauth",
            owner=scope.resource.key,
            at=scope.at("user_api_scopes"),
            thresholds="access-token",
            note=f"on behalf of the user: {', '.join(scopes[:3])}",
            attribute="user_api_scopes",
        )


def supervisor(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An agent that hands work to tools and other agents."""
    scope = Scope(resource, resource.attributes)
    yield _agent(scope, "databricks-supervisor-agent", Role.AGENT)


def _agent(scope: Scope, kind: str, role: Role) -> Agent:
    return Agent(
        key=scope.resource.key,
        name=scope.text("display_name") or scope.text("name") or scope.resource.name,
        platform=PLATFORM,
        kind=kind,
        at=scope.resource.at,
        role=role,
        because=(Evidence(scope.resource.at, f"declares a {kind.replace('-', ' ')}"),),
        tags=tags.read(scope.get("tags"), scope.get("custom_tags")),
    )


_TARGETS = {
    "uc_function": "function",
    "uc_connection": "http",
    "genie_space": "genie",
    "app": "app",
    "knowledge_assistant": "agent",
}


def supervisor_tool(resource: Resource, context: Context) -> Iterator[Fact]:
    """A tool of a supervisor: a function, a connection, a Genie space, an app."""
    scope = Scope(resource, resource.attributes)
    kind = next((path for path in _TARGETS if scope.has(path)), "")
    block = scope.within(kind) if kind else None
    named = None if block is None else block.get("name") or block.get("id") or block.get("full_name")
    target = scope.get(kind) if kind and block is None else named
    label = scope.text("name") or scope.text("display_name") or string(target) or resource.name
    for path in ("supervisor_agent_id", "parent", "supervisor_agent"):
        for value in scope.values(path):
            declared = context.lookup(value)
            yield Tool(
                key=resource.key,
                agent=value if declared is None else declared.key,
                name=label,
                executor=_TARGETS.get(kind, (scope.text("tool_type") or "function").lower()),
                at=resource.at,
                target=target,
                confirmation=False,
                confirmable=False,
                operations=(Operation(label, mutating(label.rpartition(".")[2]), confirmation=False, at=scope.place),),
                note="a supervisor agent cannot ask before it calls a tool",
            )


def mcp_service(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An MCP service behind the gateway; without selectors it offers every tool."""
    scope = Scope(resource, resource.attributes)
    yield _agent(scope, "databricks-mcp-service", Role.TOOL)
    filtered = scope.has("include_tool_selectors")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.TOOL_FILTER,
        state=filtered,
        at=scope.at("include_tool_selectors"),
        note="" if filtered else "every tool of the service is offered",
        defaulted=not filtered,
    )
    limited = scope.has("rate_limits")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.BOUNDED_RUN,
        state=limited,
        at=scope.at("rate_limits"),
        note="" if limited else "no rate limit",
        defaulted=not limited,
    )
    for value in scope.values("config.connection_name"):
        yield AgentLink(
            agent=resource.key, other=value, relation="uses-credential-provider", at=scope.at("config.connection_name")
        )
