"""AI Foundry through azapi: accounts, projects, published agents, and what they connect to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    Gate,
    Hidden,
    IdentityRelation,
    IdentityUse,
    Role,
    Setting,
    System,
)
from agentreach.lowering import durations
from agentreach.lowering.azure.body import identities_of, own_identity, parent_of
from agentreach.lowering.azure.foundry import INVISIBLE
from agentreach.lowering.azure.names import expanded, here, principal
from agentreach.lowering.azure.pieces import PLATFORM, agent, tags_of
from agentreach.lowering.azure.secret_stores import literal
from agentreach.lowering.durations import Unit
from agentreach.lowering.joined_text import joined
from agentreach.model import Reference, Unknown, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_DEEPEST = 3
"""Application, project, account."""


def foundry_account(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """An account in which agents may live."""
    key = scope.resource.key
    yield agent(scope, "foundry-account", role=Role.HOST, why="an account in which agents may live")
    yield _system(scope, context, "Microsoft.CognitiveServices/accounts", "cognitiveservices", "model-account")
    yield from _own_or_named(scope, body, context)
    yield Hidden(subject=key, attribute="agents", reason=INVISIBLE, at=scope.place)
    local = "properties.disableLocalAuth"
    if body.flag(local) is not True:
        yield Credential(
            key=key,
            kind="account-key",
            owner=key,
            at=body.at(local) if body.has(local) else scope.place,
            never_expires=True,
            defaulted=not body.has(local),
            rotated=False,
            stored_in="",
            thresholds="static-secret",
            note="key authentication is on",
            attribute=local,
        )
    yield from _account_network(scope, body)


def _account_network(scope: Scope, body: Scope) -> Iterator[Setting]:
    key = scope.resource.key
    public = "properties.publicNetworkAccess"
    if body.has(public):
        value = body.text(public)
        yield Setting(
            subject=key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=None if value is None else value == "Enabled",
            at=body.at(public),
            note=f"public network access {value or 'known at deploy time'}",
        )
    paths = ("properties.restrictOutboundNetworkAccess", "properties.networkInjections")
    bounded = body.flag(paths[0]) is True or body.has(paths[1])
    written = any(body.has(path) for path in paths)
    yield Setting(
        subject=key,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=not bounded,
        at=body.at(*paths) if written else scope.place,
        note="outbound access is restricted" if bounded else "outbound access is not restricted",
        defaulted=not written,
    )


def _own_or_named(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    yield from identities_of(scope, body, context)
    if not scope.has("identity") and "SystemAssigned" in (body.text("identity.type") or ""):
        yield from own_identity(scope, body, "identity.0.principal_id", "identity.type", "system-identity")


def _system(scope: Scope, context: Context, path: str, service: str, kind: str) -> System:
    parent = next(scope.values("parent_id"), None)
    around = expanded(parent, context) if parent is not None else Unknown("the parent is not named", scope.place)
    middle = f"/providers/{path}/" if "/" in path else f"/{path}/"
    return System(
        key=scope.resource.key,
        service=service,
        kind=kind,
        names=(joined(scope.place, around, middle, scope.get("name") or here(scope, "name")),),
        at=scope.resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )


def foundry_project(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """A project in which agents may live."""
    yield agent(scope, "foundry-project", role=Role.HOST, why="a project in which agents may live")
    yield _system(scope, context, "projects", "cognitiveservices", "project")
    yield from _own_or_named(scope, body, context)
    if not _has_applications(scope, context):
        yield Hidden(subject=scope.resource.key, attribute="agents", reason=INVISIBLE, at=scope.place)
    yield from _hosted(scope, context)


def _has_applications(scope: Scope, context: Context) -> bool:
    return any(
        "/applications" in (string(one.attributes.entries.get("type")) or "")
        for one in context.mentions(scope.resource.key)
    )


def _hosted(scope: Scope, context: Context) -> Iterator[AgentLink]:
    """What it lies in, and what that lies in: controls and keys there are its own too."""
    found: Resource | None = scope.resource
    for _ in range(_DEEPEST):
        found = None if found is None else _around(found, context)
        if found is not None:
            other = Reference(found.key, "id", scope.at("parent_id"))
            yield AgentLink(agent=scope.resource.key, other=other, relation="hosted-by", at=scope.at("parent_id"))


def _around(resource: Resource, context: Context) -> Resource | None:
    entries = resource.attributes.entries
    return context.lookup(entries.get("parent_id") or entries.get("cognitive_account_id"))


def application(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """A published agent: it has an identity of its own, made from a blueprint."""
    key = scope.resource.key
    yield agent(scope, "foundry-application")
    blueprint, instance = "properties.agentIdentityBlueprint.kind", "properties.defaultInstanceIdentity.principalId"
    path = blueprint if body.has(blueprint) or not body.has(instance) else instance
    yield from own_identity(scope, body, "output", path, "agent-identity")
    for value in body.values(instance):
        yield IdentityUse(
            subject=key,
            identity=principal(value, context),
            relation=IdentityRelation.RUNS_AS,
            at=body.at(instance),
            note="identity of its instances",
        )
    caller = "properties.authorizationPolicy.type"
    kind = body.text(caller)
    yield Setting(
        subject=key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=False,
        at=body.at(caller) if body.has(caller) else scope.place,
        note=f"callers by {kind or 'Azure roles'}",
        defaulted=not body.has(caller),
    )
    for block in body.each("properties.agents"):
        for value in block.values("agentName"):
            yield AgentLink(agent=key, other=value, relation="alias", at=block.at("agentName"))
    yield from _hosted(scope, context)


def agent_deployment(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """An endpoint of a published agent; a version that is named cannot move."""
    parent = parent_of(scope, context)
    if parent is None or isinstance(parent, Unknown):
        return
    yield AgentLink(agent=parent, other=here(scope, "id"), relation="alias", at=scope.place)
    for block in body.each("properties.agents"):
        version = block.text("agentVersion")
        if not isinstance(parent, Unknown):
            yield Setting(
                subject=parent,
                aspect=Aspect.PINNED_ARTIFACT,
                state=None if block.has("agentVersion") and version is None else version not in (None, "", "latest"),
                at=block.at("agentVersion"),
                note=f"agent version {version or 'not named'}",
                defaulted=not block.has("agentVersion"),
            )


_STORES = (
    ("properties.threadStorageConnections", "uses-memory"),
    ("properties.vectorStoreConnections", "uses-knowledge-base"),
    ("properties.storageConnections", "uses-memory"),
)


def capability_host(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """Where the agents of a project keep threads, files and vectors."""
    parent = parent_of(scope, context)
    for path, relation in _STORES:
        for value in body.values(path):
            if parent is not None and not isinstance(value, Unknown):
                yield AgentLink(agent=parent, other=value, relation=relation, at=body.at(path))


_KEYLESS = frozenset({"AAD", "ManagedIdentity", "None", "OAuth2"})


def connection(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """What a project or account authenticates with at another system."""
    kind = body.text("properties.authType")
    parent = parent_of(scope, context)
    if kind in _KEYLESS or (kind is None and not body.has("properties.credentials.key")):
        return
    expiry = "properties.expiryTime"
    lifetime = durations.seconds(body.get(expiry), Unit.DATE)
    shared = body.flag("properties.isSharedToAll")
    yield Credential(
        key=scope.resource.key,
        kind="api-key",
        owner=parent if parent is not None else scope.resource.key,
        at=body.at(expiry, "properties.credentials.key", "properties.authType"),
        ttl=lifetime,
        never_expires=lifetime is None,
        defaulted=lifetime is None,
        rotated=False,
        stored_in="Foundry connection",
        thresholds="static-secret",
        note="shared with every project" if shared else f"for {body.text('properties.target') or 'another system'}",
        attribute=expiry if lifetime is not None else "properties.authType",
    )
    yield from literal(body, "properties.credentials.key", owner=scope.resource.key)


def tool_label(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """A label by which policies of the account tell tools apart; what they then do is not in the code."""
    parent = parent_of(scope, context)
    path = "properties.toolConnectionName"
    named = body.text(path)
    if parent is not None:
        yield Gate(
            subject=parent,
            kind="policy-engine",
            at=body.at(path),
            covers=(named,) if named else (),
            fails_closed=None,
            note="a label for the account's tool policies",
        )


def outbound_rule(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """A destination that the managed network of an account lets through: nothing else is."""
    parent = parent_of(scope, context)
    owner = scope.resource.key if parent is None else parent
    destination = body.text("properties.destination")
    yield Setting(
        subject=owner,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=destination in {"*", "0.0.0.0/0"},
        at=body.at("properties.destination"),
        note=f"outbound rule to {destination or 'a destination known at deploy time'}",
    )
