"""Google and Azure paths of the catalogue for the identities of agents, and how far they lead.

A path at a project, folder, subscription or above is open: it fires at the step it yields whatever is declared, and
names the declared accounts it gains. A path on a named thing fires where what it gains may do more than its holder.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from agentreach.access.escalation_roles import Held, azure_paths, google_paths
from agentreach.access.verdict import Verdict
from agentreach.graph.reach import both, chain_evidence
from agentreach.graph.views import EscalationView
from agentreach.identity import Confidence, Evidence, Principal, Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from agentreach.access.escalation_roles import RolePath
    from agentreach.graph.concern import Concern
    from agentreach.graph.role_assignments import Assigned
    from agentreach.graph.role_assignments_scopes import Scope
    from agentreach.graph.views import IdentityView
    from agentreach.graph.world import World
    from agentreach.identity import Agent
    from agentreach.model import Key

_PATHS: Final[Mapping[str, Callable[[Iterable[Held]], Iterator[RolePath]]]] = {
    "google": google_paths,
    "azure": azure_paths,
}
_EDGES: Final = frozenset(
    {
        "google-get-access-token",
        "google-get-openid-token",
        "google-implicit-delegation",
        "google-sign-blob",
        "google-sign-jwt",
    }
)
"""What minting tokens includes: on a named account a hop of the chain already."""

_ACCOUNTS: Final = frozenset({"service-account", "managed-identity", "federated-service-account"})
_RUNNING: Final[Mapping[str, frozenset[str]]] = {
    "instance": frozenset({"instance"}),
    "cluster": frozenset({"cluster"}),
    "machine": frozenset({"machine"}),
    "site": frozenset({"site", "function"}),
    "logic-app": frozenset({"logic-app"}),
    "container-app": frozenset({"container-app"}),
    "container-group": frozenset({"container-group"}),
    "automation-account": frozenset({"automation-account"}),
    "ml-workspace": frozenset({"ml-workspace"}),
}
"""Targets that run something: the kinds of declared systems they are; what is gained is whom those act as."""

_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "secret": frozenset({"secret"}),
    "bucket": frozenset({"bucket"}),
    "image": frozenset({"repository", "registry"}),
    "vault": frozenset({"vault"}),
    "storage-account": frozenset({"storage-account"}),
    "database": frozenset({"database"}),
    "model-account": frozenset({"model-account"}),
}
"""Targets that are gained as they are."""


class Found(NamedTuple):
    """A path that fires, with what it gains. `step`: how far that leads. `outside`: what else it may gain."""

    path: RolePath
    scope: Scope
    held: tuple[Assigned, ...]
    gains: tuple[Key, ...]
    step: Step
    certain: bool
    confidence: Confidence
    outside: str


def role_escalations(
    held: Mapping[Key, Sequence[tuple[Agent, IdentityView]]], world: World, concern: Concern
) -> Iterator[EscalationView]:
    """One view per identity, path and way in which entries come to the identity."""
    leads = cache(lambda key: _leads(key, world))
    for identity in sorted(held):
        for one in _found(identity, world, leads):
            yield from _views(identity, one, held[identity], world, concern)


def _found(identity: Key, world: World, leads: Callable[[Key], Step]) -> Iterator[Found]:
    assigned = world.roles.held(identity)
    for provider, paths in _PATHS.items() if assigned else ():
        by_assignment = {id(one.assignment): one for one in assigned if one.assignment.provider == provider}
        own = max((row.step for row in world.rows(identity)), default=Step.OBSERVE)
        for path in paths(_held(one) for one in by_assignment.values()):
            because = tuple(by_assignment[id(one)] for one in path.because)
            if not any(map(_is_administrator, because)):
                yield from _judged(identity, path, because, own, world, leads)


def _is_administrator(one: Assigned) -> bool:
    """Whether nothing is left to gain at the scope."""
    return one.certain and any(gift.step is Step.ADMIN for gift in one.role.gifts)


def _held(one: Assigned) -> Held:
    return Held(one.role.allowed, one.role.excluded, one.scope.name, one.verdict, one.assignment)


def _judged(
    identity: Key, path: RolePath, because: tuple[Assigned, ...], own: Step, world: World, leads: Callable[[Key], Step]
) -> Iterator[Found]:
    scope = max((one.scope for one in because), key=lambda scope: len(scope.name))
    gained = tuple(_gains(path.entry.target, scope, world, identity))
    reached = {key: leads(key) for key in gained}
    best = max(reached.values(), default=Step.OBSERVE)
    sure = path.verdict is Verdict.ALLOWED
    if scope.is_wide or scope.level == "resourcegroup":
        step = max(best, path.entry.step)
        named = sure and (bool(gained) or path.entry.target in _THEMSELVES)
        limited = any(one.assignment.condition is not None for one in because)
        sureness = Confidence.MEDIUM if limited else Confidence.HIGH
        yield Found(
            path, scope, because, gained, step, named, sureness, _open(path.entry.target, scope, limited=limited)
        )
    elif path.entry.id in _EDGES:
        return
    elif scope.key is None:
        yield Found(path, scope, because, (), path.entry.step, False, Confidence.MEDIUM, scope.shown)  # noqa: FBT003
    elif path.entry.target in _KINDS:
        yield Found(path, scope, because, gained, path.entry.step, sure, Confidence.HIGH, "")
    elif best > own:
        more = tuple(key for key, step in reached.items() if step > own)
        yield Found(path, scope, because, more, best, sure, Confidence.HIGH, "")


def _open(target: str, scope: Scope, *, limited: bool) -> str:
    """What an open path may gain: "any service account in projects/acme"."""
    if target in _THEMSELVES:
        return f"{'a role that a condition leaves' if limited else 'any role'} on {scope.shown}"
    return f"any {target.replace('-', ' ')} in {scope.shown}"


_THEMSELVES: Final = frozenset({"project", "folder", "organization", "scope", "directory", "custom-role"})
"""Targets that the scope itself is."""


def _gains(target: str, scope: Scope, world: World, identity: Key) -> Iterator[Key]:
    """What a path gains of the declared things below a scope."""
    root = identity.root
    if target in _ACCOUNTS:
        for key, _ in world.roles.scopes.accounts(scope, root):
            if key != identity and _is_account(key, target, world):
                yield key
        return
    running, kinds = _RUNNING.get(target, frozenset()), _KINDS.get(target, frozenset())
    for system in world.roles.scopes.systems(scope, root):
        if system.kind in running:
            yield from (key for key in world.edges.principals_of(system.key) if key != identity)
        elif system.kind in kinds:
            yield system.key


def _is_account(key: Key, target: str, world: World) -> bool:
    principal = world.principals.get(key)
    if principal is None or principal.kind not in {"service-account", "managed-identity"}:
        return False
    return target != "federated-service-account" or bool(world.trusts.of(key))


def _leads(key: Key, world: World) -> Step:
    """The highest step of an identity, and of those it may become in one more hop."""
    if world.principals.get(key) is None:
        return Step.OBSERVE
    near = (key, *(edge.target for edge in world.edges.of(key)))
    return max((row.step for one in near for row in world.rows(one)), default=Step.OBSERVE)


def _views(
    identity: Key,
    found: Found,
    views: Sequence[tuple[Agent, IdentityView]],
    world: World,
    concern: Concern,
) -> Iterator[EscalationView]:
    ways: dict[tuple[bool | None, bool], list[tuple[Agent, IdentityView]]] = {}
    for agent, view in views:
        ways.setdefault((view.standing, view.certain), []).append((agent, view))
    for (standing, certain), several in ways.items():
        entries = tuple(sorted((agent.key for agent, _ in several), key=concern.position))
        agents = concern.named(entries)
        agent, view = next(one for one in several if one[0].key == (agents or entries)[0])
        yield EscalationView(
            path=found.path.entry.id,
            title=found.path.entry.title,
            identity=identity,
            identity_name=view.name,
            agents=agents,
            entries=entries,
            yields=found.step,
            evidence=chain_evidence(tuple(_lines(found, world)), agent, view),
            cause=found.held[0].cause,
            causes=tuple(dict.fromkeys(one.cause for one in found.held)),
            gains=found.gains,
            target=found.outside,
            certain=found.certain and certain,
            standing=both(_standing(found), standing),
            confidence=min(found.confidence, view.confidence),
            provider=found.scope.provider,
            references=found.path.entry.references,
            production=world.environments.says_production(found.scope.shown)
            or any(world.environments.is_production(key) for key in found.gains),
            wildcard_resource=found.scope.is_wide,
        )


def _standing(found: Found) -> bool | None:
    """Every one of the roles is needed: one that is given on request gates them all."""
    answers = {one.standing for one in found.held}
    return False if False in answers else None if None in answers else True


def _lines(found: Found, world: World) -> Iterator[Evidence]:
    for one in found.held:
        yield from one.evidence
    for key in found.gains[:1]:
        principal = world.principals.get(key)
        if isinstance(principal, Principal):
            yield Evidence(principal.at, f"gains {key.address}")
