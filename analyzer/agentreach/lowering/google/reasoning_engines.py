"""Vertex AI agent engines: the agent, whom it acts as, what it remembers, where it may send.

Without a service account every engine of a project acts as the same service agent; `AGENT_IDENTITY` gives each one
an identity of its own. Source: "Agent identity", "Set up memory bank", Vertex AI Agent Engine documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    IdentityRelation,
    IdentityUse,
    Principal,
    SecretUse,
    Setting,
    System,
)
from agentreach.lowering import durations, workload_signs
from agentreach.lowering.durations import Unit
from agentreach.lowering.google.names import here, project, scope_of, service_agent
from agentreach.lowering.google.pieces import PLATFORM, agent, runs_as, tags_of
from agentreach.lowering.joined_text import joined
from agentreach.model import Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_OWN_IDENTITY = "AGENT_IDENTITY"
_DEPLOYMENT = "spec.deployment_spec"
_MEMORY = "context_spec.memory_bank_config"
_TTL = f"{_MEMORY}.ttl_config.default_ttl"
_GRANULAR = f"{_MEMORY}.ttl_config.granular_ttl_config"
_GATEWAYS = (
    f"{_DEPLOYMENT}.agent_gateway_config.agent_to_anywhere_config.agent_gateway",
    f"{_DEPLOYMENT}.agent_gateway_config.client_to_agent_config.agent_gateway",
)
_ALIVE = f"{_DEPLOYMENT}.keep_alive_probe.max_seconds"
SERVICE_AGENT = "gcp-sa-aiplatform-re"


def engine(resource: Resource, context: Context) -> Iterator[Fact]:
    """The engine as an agent, and everything its declaration gives it."""
    scope = scope_of(resource)
    yield agent(scope, "reasoning-engine", "display_name")
    yield System(
        key=resource.key,
        service="aiplatform",
        kind="reasoning-engine",
        names=(
            joined(scope.place, "projects/", project(scope, context), "/reasoningEngines/", scope.get("display_name")),
        ),
        at=resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )
    yield from _identity(scope, context)
    yield from _environment(scope)
    yield from _memory(scope)
    yield from _network(scope)
    for path in _GATEWAYS:
        for value in scope.values(path):
            if not isinstance(value, Unknown):
                yield AgentLink(agent=resource.key, other=value, relation="uses-gateway", at=scope.at(path))
    yield from _kept_alive(scope)


def _identity(scope: Scope, context: Context) -> Iterator[Fact]:
    """Its own identity, the service account it names, or the service agent that all engines share."""
    key = scope.resource.key
    if scope.text("spec.identity_type") == _OWN_IDENTITY and not scope.has("spec.service_account"):
        own = Key(key.root, f"{key.address}.effective_identity")
        yield Principal(
            key=own,
            kind="agent-identity",
            provider=PLATFORM,
            at=scope.at("spec.identity_type"),
            names=(here(scope, "spec.0.effective_identity"),),
        )
        yield IdentityUse(
            subject=key,
            identity=here(scope, "spec.0.effective_identity"),
            relation=IdentityRelation.RUNS_AS,
            at=scope.at("spec.identity_type"),
            note="an identity of its own",
        )
        return
    yield from runs_as(scope, "spec.service_account", context, default=service_agent(SERVICE_AGENT, scope.place))


def _environment(scope: Scope) -> Iterator[Fact]:
    key = scope.resource.key
    yield from workload_signs.variables(key, workload_signs.of_blocks(scope, f"{_DEPLOYMENT}.env"))
    for block in scope.each(f"{_DEPLOYMENT}.secret_env"):
        name = block.text("name") or "a variable"
        for value in block.values("secret_ref.secret"):
            yield SecretUse(subject=key, secret=value, variable=name, at=block.at("secret_ref"))


def _memory(scope: Scope) -> Iterator[Fact]:
    """What it remembers stays until a lifetime ends it; a lifetime of one kind bounds that kind only."""
    key = scope.resource.key
    if not scope.has(_MEMORY):
        return
    granular = tuple(scope.each(_GRANULAR))
    written = durations.seconds(scope.get(_TTL), Unit.SECONDS)
    if written is not None or not granular:
        yield _remembered(scope, _TTL, written)
    for block in granular:
        for path in ("create_ttl", "generate_created_ttl", "generate_updated_ttl"):
            lifetime = durations.seconds(block.get(path), Unit.SECONDS)
            if lifetime is not None:
                yield _remembered(block, path, lifetime, prefix=f"{_GRANULAR}.")
    encrypted = scope.has("encryption_spec.kms_key_name")
    yield Setting(
        subject=key,
        aspect=Aspect.MEMORY_ENCRYPTION,
        state=encrypted,
        at=scope.at("encryption_spec.kms_key_name"),
        note="" if encrypted else "no customer managed key",
        defaulted=not encrypted,
    )


def _remembered(scope: Scope, path: str, lifetime: float | Unknown | None, *, prefix: str = "") -> Credential:
    key = scope.resource.key
    return Credential(
        key=Key(key.root, f"{key.address}#{path.rpartition('.')[2]}"),
        kind="memory",
        owner=key,
        at=scope.at(path),
        ttl=lifetime,
        never_expires=lifetime is None,
        defaulted=lifetime is None,
        stored_in="memory bank",
        thresholds="memory",
        attribute=f"{prefix}{path}",
    )


def _network(scope: Scope) -> Iterator[Setting]:
    """Only a private interface or a gateway keeps what the agent sends within bounds."""
    paths = (f"{_DEPLOYMENT}.psc_interface_config", _GATEWAYS[0])
    bounded = any(scope.has(path) for path in paths)
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state=not bounded,
        at=scope.at(*paths),
        note="through a private interface or gateway" if bounded else "no private interface and no egress gateway",
        defaulted=not bounded,
    )
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=False,
        at=scope.place,
        note="IAM decides who may call it",
        defaulted=True,
    )


def _kept_alive(scope: Scope) -> Iterator[Credential]:
    lifetime = durations.seconds(scope.get(_ALIVE), Unit.SECONDS)
    if lifetime is not None:
        key = scope.resource.key
        yield Credential(
            key=Key(key.root, f"{key.address}#max_seconds"),
            kind="session",
            owner=key,
            at=scope.at(_ALIVE),
            ttl=lifetime,
            thresholds="maximum-session",
            attribute=_ALIVE,
        )
