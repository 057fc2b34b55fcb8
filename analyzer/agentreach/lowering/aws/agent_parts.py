"""What agents and tools of AWS state alike: themselves, their authorizer, network, lifetimes and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, AgentLink, Aspect, Credential, Evidence, Role, Setting
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import Lifetime, label, seconds_at, system, tags_of
from agentreach.lowering.aws.workload import egress
from agentreach.lowering.durations import HOUR, Unit
from agentreach.model import Key, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Span, Value

MAXIMUM = 8 * HOUR
"""The longest life of a session unless a longer one is asked for (AgentCore and microVMs)."""

RUNNERS = frozenset(
    {
        "AWS::BedrockAgentCore::Runtime",
        "AWS::BedrockAgentCore::Harness",
        "AWS::Lambda::Function",
        "AWS::ECS::TaskDefinition",
        "AWS::Bedrock::Agent",
    }
)
"""Types that use what they mention: a memory, a browser profile."""


def declared(
    scope: Scope,
    context: Context,
    kind: str,
    *names: str,
    role: Role = Role.AGENT,
    service: str = "bedrock-agentcore",
) -> Iterator[Fact]:
    """The entry of the inventory, which may also be reached like any other resource."""
    yield Agent(
        key=scope.resource.key,
        name=label(scope, *names),
        platform="aws",
        kind=kind,
        at=scope.resource.at,
        role=role,
        because=(Evidence(scope.resource.at, f"declares a {kind.replace('-', ' ')}"),),
        tags=tags_of(scope),
    )
    yield system(scope, context, service, kind)


def authorizer(scope: Scope) -> Iterator[Fact]:
    """Who may call it: a JWT authorizer, else IAM signatures; never anyone."""
    jwt = scope.has("AuthorizerConfiguration.CustomJWTAuthorizer")
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=False,
        at=scope.at("AuthorizerConfiguration"),
        note="JWT authorizer" if jwt else "IAM signatures",
        defaulted=not jwt,
    )


def network(scope: Scope, context: Context, path: str, *, reaches_out: bool) -> Iterator[Fact]:
    """Public network or VPC. `reaches_out`: on a public network its own code may send anywhere."""
    key = scope.resource.key
    mode_path = f"{path}.NetworkMode"
    mode = scope.text(mode_path)
    if scope.has(mode_path):
        public = None if mode is None else mode == "PUBLIC"
        aspects = (Aspect.PUBLIC_NETWORK, Aspect.UNRESTRICTED_EGRESS) if reaches_out else (Aspect.PUBLIC_NETWORK,)
        for aspect in aspects:
            yield Setting(subject=key, aspect=aspect, state=public, at=scope.at(mode_path), note=f"network mode {mode}")
    for groups in ("NetworkModeConfig.SecurityGroups", "VpcConfig.SecurityGroups"):
        yield from egress(key, scope, f"{path}.{groups}", context)


def lifetimes(scope: Scope, path: str) -> Iterator[Fact]:
    """Idle timeout and longest life of a session.

    The longest life counts against the agent only when it was raised above the service's default, or when it
    is the idle timeout by another name.
    """
    idle_path, most_path = f"{path}.IdleRuntimeSessionTimeout", f"{path}.MaxLifetime"
    idle = seconds_at(scope, idle_path, Unit.SECONDS, 900.0)
    most = seconds_at(scope, most_path, Unit.SECONDS, MAXIMUM)
    idle = _not_above(idle, most, scope.at(idle_path))
    raised = isinstance(most.ttl, float) and (most.ttl > MAXIMUM or (most.ttl == idle.ttl and most.ttl > HOUR))
    for where, lifetime, thresholds in (
        (idle_path, idle, "idle-session"),
        (most_path, most, "idle-session" if raised and not most.defaulted else "maximum-session"),
    ):
        written = scope.written(where)
        yield Credential(
            key=_named(scope.resource.key, written.rpartition(".")[2]),
            kind="session",
            owner=scope.resource.key,
            at=scope.at(where),
            ttl=lifetime.ttl,
            defaulted=lifetime.defaulted,
            thresholds=thresholds,
            attribute=written,
        )


def _not_above(idle: Lifetime, most: Lifetime, at: Span) -> Lifetime:
    """A session cannot idle longer than it lives: what contradicts itself is unknown."""
    written = not idle.defaulted and not most.defaulted
    if written and isinstance(idle.ttl, float) and isinstance(most.ttl, float) and idle.ttl > most.ttl:
        return Lifetime(Unknown("the idle timeout exceeds the maximum lifetime", at), defaulted=False)
    return idle


def bounded_run(scope: Scope, *paths: str) -> Setting:
    """Whether any of the attributes limits what one run may do."""
    present = [path for path in paths if scope.has(path)]
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.BOUNDED_RUN,
        state=bool(present),
        at=scope.at(*paths),
        note="" if present else f"neither {' nor '.join(scope.written(path) for path in paths)} is set",
        defaulted=not present,
    )


def retention(scope: Scope, path: str, owner: Key, *, default: float | None = None) -> Iterator[Fact]:
    """How many days something is remembered; memory without an end is unbounded."""
    lifetime = seconds_at(scope, path, Unit.DAYS, default)
    written = scope.written(path)
    yield Credential(
        key=_named(scope.resource.key, written.rpartition(".")[2]),
        kind="memory",
        owner=owner,
        at=scope.at(path),
        ttl=lifetime.ttl,
        never_expires=lifetime.ttl is None,
        defaulted=lifetime.defaulted,
        stored_in=scope.resource.key.address,
        thresholds="memory",
        attribute=written,
    )


def encryption(scope: Scope, path: str, subject: Key) -> Setting:
    """Whether what is remembered is encrypted with a key of the customer's."""
    present = scope.has(path)
    return Setting(
        subject=subject,
        aspect=Aspect.MEMORY_ENCRYPTION,
        state=present,
        at=scope.at(path),
        note="" if present else "no customer managed key",
        defaulted=not present,
    )


def users(scope: Scope, context: Context) -> tuple[Key, ...]:
    """The declared agents and workloads that mention this resource."""
    return tuple(one.key for one in context.mentions(scope.resource.key) if canonical(one.type) in RUNNERS)


def linked(scope: Scope, path: str, relation: str, agent: Key | Value | None = None) -> Iterator[AgentLink]:
    """A link to each thing an attribute names."""
    for value in scope.values(path):
        if not isinstance(value, Unknown):
            yield AgentLink(agent=agent or scope.resource.key, other=value, relation=relation, at=scope.at(path))


def _named(key: Key, name: str) -> Key:
    return Key(key.root, f"{key.address}#{name}")
