"""Azure's agents of its own operations (Microsoft.App/agents), and the sandboxes that run code for agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, Gate, IdentityRelation, IdentityUse, Role, RoleAssignment, Setting
from agentreach.lowering import durations
from agentreach.lowering.azure.body import identities_of
from agentreach.lowering.azure.names import principal
from agentreach.lowering.azure.pieces import PLATFORM, agent
from agentreach.lowering.azure.role_assignments import scope_value
from agentreach.lowering.azure.secret_stores import literal
from agentreach.lowering.durations import Unit
from agentreach.model import Key, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value


def site_reliability_agent(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """The agent of Azure's operations: what it may do alone is a mode, how far it may go an access level."""
    key = scope.resource.key
    yield agent(scope, "sre-agent")
    yield from identities_of(scope, body, context)
    path = "properties.actionConfiguration.identity"
    for value in body.values(path):
        yield IdentityUse(
            subject=key,
            identity=principal(value, context),
            relation=IdentityRelation.RUNS_AS,
            at=body.at(path),
            note="acts on resources as",
        )
        yield from _managed(scope, body, principal(value, context), context)
    yield from _mode(body)
    yield from _connection(body)
    insights = "properties.logConfiguration.applicationInsightsConfiguration.appId"
    logged = body.has(insights)
    yield Setting(
        subject=key,
        aspect=Aspect.AUDIT_LOG,
        state=logged,
        at=body.at(insights) if logged else scope.place,
        note="" if logged else "no Application Insights",
        defaulted=not logged,
    )


def _mode(body: Scope) -> Iterator[Fact]:
    """Autonomous acts alone, Review waits for a person, ReadOnly never acts."""
    path = "properties.actionConfiguration.mode"
    mode = body.text(path)
    if mode in {"Review", "ReadOnly"}:
        note = "a person approves each action" if mode == "Review" else "takes no action"
        yield Gate(subject=body.resource.key, kind="approval", at=body.at(path), note=f"mode {mode}: {note}")
    elif body.has(path) and mode is None:
        yield Gate(
            subject=body.resource.key,
            kind="approval",
            at=body.at(path),
            fails_closed=None,
            note="mode known at deploy time",
        )
    elif mode is not None:
        yield Setting(
            subject=body.resource.key,
            aspect=Aspect.UNATTENDED,
            state=True,
            at=body.at(path),
            note=f"mode {mode}: acts without a person",
        )


_LEVELS = {"High": "Contributor", "Low": "Reader"}
"""What the service gives the agent's identity on the resources it manages (Azure SRE Agent, "Permissions")."""


def _managed(scope: Scope, body: Scope, identity: Value, context: Context) -> Iterator[RoleAssignment]:
    """The access level on what it manages, if the service was left to grant it."""
    level = "properties.actionConfiguration.accessLevel"
    role = _LEVELS.get(body.text(level) or "")
    for value in body.values("properties.knowledgeGraphConfiguration.managedResources"):
        if role is not None:
            yield RoleAssignment(
                key=scope.resource.key,
                provider=PLATFORM,
                member=identity,
                role=Scalar(role, body.at(level)),
                scope=scope_value(value, context),
                at=body.at(level),
                certain=False,
            )


def _connection(body: Scope) -> Iterator[Credential]:
    path = "properties.incidentManagementConfiguration.connectionKey"
    if body.has(path):
        key = body.resource.key
        yield Credential(
            key=Key(key.root, f"{key.address}#connectionKey"),
            kind="api-key",
            owner=key,
            at=body.at(path),
            never_expires=True,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            note="key of the incident management",
            attribute=path,
        )
        yield from literal(body, path, owner=key)


_COOLDOWN = "properties.dynamicPoolConfiguration.lifecycleConfiguration.cooldownPeriodInSeconds"
_LONGEST = "properties.dynamicPoolConfiguration.lifecycleConfiguration.maxAlivePeriodInSeconds"


def session_pool(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """A sandbox that runs what it is given."""
    key = scope.resource.key
    yield agent(scope, "session-pool", role=Role.TOOL, why="declares a sandbox for code")
    yield from identities_of(scope, body, context)
    for block in body.each("properties.managedIdentitySettings"):
        for value in block.values("identity"):
            yield IdentityUse(
                subject=key,
                identity=principal(value, context),
                relation=IdentityRelation.RUNS_AS,
                at=block.at("identity"),
                note="sessions act as",
            )
    yield Setting(subject=key, aspect=Aspect.CODE_EXECUTION, state=True, at=scope.place, note="code sandbox")
    yield from _sandbox_network(body)
    for path, thresholds in ((_COOLDOWN, "idle-session"), (_LONGEST, "maximum-session")):
        lifetime = durations.seconds(body.get(path), Unit.SECONDS)
        if lifetime is not None:
            yield Credential(
                key=Key(key.root, f"{key.address}#{path.rpartition('.')[2]}"),
                kind="session",
                owner=key,
                at=body.at(path),
                ttl=lifetime,
                thresholds=thresholds,
                attribute=path,
            )
    for number, block in enumerate(body.each("properties.secrets")):
        yield from literal(block, "value", owner=Key(key.root, f"{key.address}#secret-{number}"))


def _sandbox_network(body: Scope) -> Iterator[Setting]:
    path = "properties.sessionNetworkConfiguration.status"
    status = body.text(path)
    if body.has(path):
        for aspect in (Aspect.PUBLIC_NETWORK, Aspect.UNRESTRICTED_EGRESS):
            yield Setting(
                subject=body.resource.key,
                aspect=aspect,
                state=None if status is None else status == "EgressEnabled",
                at=body.at(path),
                note=f"session network {status or 'known at deploy time'}",
            )
