"""Which declared things are agents: by their type, by signals, by configuration, and by whom they trust.

declared          a lowering says so
configured        `[[agent]]`; it may also say that something is not one
recognised        an agent product's image, or two strong signals of different kinds: medium confidence
undeclared        an identity that only an agent service, or a coding agent's pipeline, may assume and that
nothing declared uses
possible client   one signal: counted, never an agent
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from agentreach.graph.edges import FEDERATED_KINDS
from agentreach.graph.spelling import spell
from agentreach.graph.words import (
    AGENT_SERVICES,
    CI_ISSUERS,
    CODING_AGENTS,
    model_action,
    model_role,
    strong_action,
    strong_role,
)
from agentreach.identity import Agent, Confidence, Evidence, Principal, Role, Signal, Strength, Workload
from agentreach.model import Key, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.graph.options import AgentOverride, GraphOptions
    from agentreach.graph.trusts import Trust
    from agentreach.graph.views import TrustedView
    from agentreach.graph.world import World
    from agentreach.identity import Statement
    from agentreach.model import Span

_ENOUGH = 2


class Inventory(NamedTuple):
    """Entries in order of their keys, and the workloads that may be LLM clients."""

    entries: tuple[Agent, ...]
    possible: tuple[Key, ...]


def inventory(world: World, options: GraphOptions) -> Inventory:
    """Everything that acts for a model."""
    found = {agent.key: agent for agent in reversed(world.index.of(Agent))}
    signals = _signals(world)
    possible: list[Key] = []
    for workload in world.index.of(Workload):
        if workload.key in found:
            continue
        proof = signals.get(workload.key, [])
        if _proves(proof):
            found[workload.key] = _recognised(workload, proof)
        elif proof:
            possible.append(workload.key)
    for agent in _undeclared(world):
        found.setdefault(agent.key, agent)
    entries = _configured(found, world, options)
    kept = tuple(entries[key] for key in sorted(entries))
    return Inventory(kept, tuple(key for key in possible if key not in entries))


def _signals(world: World) -> dict[Key, list[Signal]]:
    found: dict[Key, list[Signal]] = {}
    for signal in world.index.of(Signal):
        found.setdefault(signal.subject, []).append(signal)
    for key, signal in _from_identities(world):
        found.setdefault(key, []).append(signal)
    return found


def _from_identities(world: World) -> Iterator[tuple[Key, Signal]]:
    """An agent's action in a policy of the identity that a workload runs as, or an agent service in its trust."""
    for workload in world.index.of(Workload):
        for edge in world.edges.of(workload.key):
            if edge.certain and edge.relation == "runs-as":
                yield from ((workload.key, signal) for signal in _of_identity(world, workload.key, edge.target))


def _of_identity(world: World, workload: Key, identity: Key) -> Iterator[Signal]:
    for granted in world.layers.statements(identity):
        if granted.certain:
            yield from _of_statement(workload, granted.statement)
    for trust in world.trusts.of(identity):
        if any(one.relation == "service" and one.name in AGENT_SERVICES for one in trust.trusted):
            yield _signal(workload, "trust", "its identity trusts an agent service", trust.statement.at)
    for held in world.roles.held(identity):
        name = held.role.name
        if held.certain and strong_role(name):
            yield _signal(workload, "action", f"holds {name}", held.evidence[0].at)
        elif held.certain and model_role(name):
            yield _signal(workload, "action", f"may call a model by {name}", held.evidence[0].at, Strength.WEAK)


def _of_statement(workload: Key, statement: Statement) -> Iterator[Signal]:
    action, model = strong_action(statement), model_action(statement)
    if action is not None:
        yield _signal(workload, "action", f"may do {action}", statement.at)
    elif model is not None:
        yield _signal(workload, "action", f"may call a model by {model}", statement.at, Strength.WEAK)


def _signal(subject: Key, kind: str, detail: str, at: Span, strength: Strength = Strength.STRONG) -> Signal:
    return Signal(subject=subject, kind=kind, strength=strength, detail=detail, at=at)


def _proves(signals: Iterable[Signal]) -> bool:
    signals = list(signals)
    if any(signal.strength is Strength.DECISIVE for signal in signals):
        return True
    return len({signal.kind for signal in signals if signal.strength is Strength.STRONG}) >= _ENOUGH


def _recognised(workload: Workload, signals: list[Signal]) -> Agent:
    return Agent(
        key=workload.key,
        name=workload.name,
        platform=workload.platform,
        kind=workload.kind,
        at=workload.at,
        confidence=Confidence.MEDIUM,
        because=tuple(Evidence(signal.at, signal.detail) for signal in signals),
        tags=workload.tags,
    )


def _undeclared(world: World) -> Iterator[Agent]:
    for principal in world.index.of(Principal):
        if principal.kind in FEDERATED_KINDS and not world.edges.users.get(principal.key):
            yield from _one_undeclared(world, principal)


def _one_undeclared(world: World, principal: Principal) -> Iterator[Agent]:
    trusts = world.trusts.of(principal.key)
    because = tuple(_agent_service(trusts))
    kind = "undeclared-agent"
    if not because:
        because = tuple(_coding_agent(principal, trusts, world))
        kind = "ci-agent"
    if because:
        yield Agent(
            key=principal.key,
            name=_name(principal),
            platform=principal.provider,
            kind=kind,
            at=principal.at,
            role=Role.UNDECLARED,
            confidence=Confidence.MEDIUM,
            because=because,
            tags=principal.tags,
        )


def _agent_service(trusts: tuple[Trust, ...]) -> Iterator[Evidence]:
    """Only agent services may assume it: a role that others use too is theirs."""
    trusted = [(trust, one) for trust in trusts for one in trust.trusted]
    if all(one.relation == "service" and one.name in AGENT_SERVICES for _, one in trusted):
        for trust, one in trusted:
            yield Evidence(trust.statement.at, f"trusts {one.name}, and nothing declared uses it")


def _coding_agent(principal: Principal, trusts: tuple[Trust, ...], world: World) -> Iterator[Evidence]:
    said = " ".join(
        (*(string(name) or "" for name in principal.names), *principal.tags.values(), principal.key.address)
    )
    name = next((word for word in CODING_AGENTS if word in said.lower()), None)
    if name is None:
        return
    for trust in trusts:
        if any(one.relation == "federated" and _is_pipeline(_issuer(one, world)) for one in trust.trusted):
            yield Evidence(trust.statement.at, f"a pipeline of {name} may assume it")


def _issuer(trusted: TrustedView, world: World) -> str:
    """The provider as it is named, with the names it is declared under."""
    declared = world.principals.get(trusted.key) if trusted.key is not None else None
    return " ".join((trusted.name, *(spell(name) for name in (declared.names if declared else ()))))


def _is_pipeline(provider: str) -> bool:
    return any(issuer in provider for issuer in CI_ISSUERS)


def _name(principal: Principal) -> str:
    known = (string(name) for name in principal.names)
    return next((name for name in known if name and not name.startswith("arn:")), principal.key.address)


def _configured(found: dict[Key, Agent], world: World, options: GraphOptions) -> dict[Key, Agent]:
    candidates: dict[Key, Workload | Principal | Agent] = {
        **{principal.key: principal for principal in world.index.of(Principal)},
        **{workload.key: workload for workload in world.index.of(Workload)},
        **found,
    }
    result = dict(found)
    for key, candidate in candidates.items():
        override = next((one for one in options.overrides if _fits(one, key, candidate.tags)), None)
        if override is not None and not override.agent:
            result.pop(key, None)
        elif (override is not None or options.all_identities) and _may_be(candidate):
            reason = override.reason if override else "every identity counts as an agent"
            result.setdefault(key, _declared_by_configuration(candidate, reason))
    return result


def _may_be(candidate: Workload | Principal | Agent) -> bool:
    return not isinstance(candidate, Principal) or candidate.kind not in {"oidc-provider", "group", "instance-profile"}


def _fits(override: AgentOverride, key: Key, tags: dict[str, str]) -> bool:
    address = override.address or "*"
    named = fnmatchcase(f"{key.root}::{key.address}", address) or fnmatchcase(key.address, _literal(address))
    return named and (not override.tag or _tagged(override.tag, tags))


def _literal(address: str) -> str:
    """Instance keys are written in brackets; they are no character class."""
    return address.replace("[", "[[]")


def _tagged(wanted: str, tags: dict[str, str]) -> bool:
    name, _, value = wanted.partition("=")
    return any(fnmatchcase(key, name) and fnmatchcase(said, value or "*") for key, said in tags.items())


def _declared_by_configuration(candidate: Workload | Principal | Agent, reason: str) -> Agent:
    if isinstance(candidate, Agent):
        return candidate
    principal = isinstance(candidate, Principal)
    return Agent(
        key=candidate.key,
        name=_name(candidate) if isinstance(candidate, Principal) else candidate.name,
        platform=candidate.provider if isinstance(candidate, Principal) else candidate.platform,
        kind=candidate.kind,
        at=candidate.at,
        role=Role.UNDECLARED if principal else Role.AGENT,
        because=(Evidence(candidate.at, reason or "declared an agent in the configuration"),),
        tags=candidate.tags,
    )
