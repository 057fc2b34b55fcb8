"""Which identities an entry acts as, by which chain, and which it names in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.chains import Search
from agentreach.graph.edges import EXECUTES, POD_IDENTITY_KIND, USES_TOOL
from agentreach.graph.gates import holds
from agentreach.graph.spelling import arn
from agentreach.graph.views import Hop, IdentityView, RefusedIdentity
from agentreach.identity import Agent, Confidence, IdentityRelation, Tool
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from agentreach.graph.chains import Reached, Step
    from agentreach.graph.rows import Row
    from agentreach.graph.views import GateView
    from agentreach.graph.world import World
    from agentreach.identity import Principal
    from agentreach.identity import Step as Rung
    from agentreach.model import Key

_PASSED_ON = {"instance-profile", POD_IDENTITY_KIND}
"""Principals that only stand for another one."""

_OF_OTHERS = {"collaborates", "invokes"}
"""Hops over which another agent does the work."""

_DIRECT = {relation.value for relation in IdentityRelation}


class _Facts(NamedTuple):
    """What is true of an identity whoever acts as it. Fields mean what they mean in `views.IdentityView`."""

    principal: Principal | None
    name: str
    users: tuple[Key, ...]
    highest: Rung | None
    environments: tuple[str, ...]
    boundary: bool | None
    account: str | None
    unknown: bool


class IdentityFinder:
    """Chains of all entries. An identity is a principal, declared or only named, at the end of a chain."""

    __slots__ = ("_homes", "_hops", "_known", "_reached", "_search", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._search = Search(world.edges, world.assume)
        self._reached: dict[Key, Reached] = {}
        self._known: dict[Key, _Facts] = {}
        self._homes: dict[Key, str | None] = {}
        self._hops: dict[tuple[Key, int], Hop] = {}

    def reached(self, entry: Key) -> Reached:
        """Everything an entry leads to."""
        found = self._reached.get(entry)
        if found is None:
            found = self._reached[entry] = self._search.reached(entry)
        return found

    def own(self, entry: Key, others: Container[Key]) -> set[Key]:
        """Everything an entry leads to without passing through another agent."""
        return self._search.own(entry, others)

    def of(self, entry: Agent) -> tuple[IdentityView, ...]:
        """The identities of an entry, nearest first. An undeclared agent's identity is itself."""
        reached = self.reached(entry.key)
        views = [self._view(entry, key, reached) for key in reached.steps if self._is_identity(key)]
        own = [self._itself(entry)] if self._world.principals.get(entry.key) is not None else []
        return (*own, *views)

    def refused(self, entry: Agent) -> tuple[RefusedIdentity, ...]:
        """Identities that something on the entry's way names, and that do not admit it."""
        places = (entry.key, *self.reached(entry.key).steps)
        found = ((place, one) for place in places for one in self._world.edges.refused.get(place, ()))
        return tuple(
            RefusedIdentity(
                agent=entry.key,
                key=one.target,
                name=name_of(self._world.principals.get(one.target), one.target, self._world),
                reason=f"named by {place.address}, but its trust does not allow it",
                evidence=one.evidence,
            )
            for place, one in found
        )

    def _is_identity(self, key: Key) -> bool:
        principal = self._world.principals.get(key)
        if principal is not None:
            return principal.kind not in _PASSED_ON
        return key in self._world.edges.outside or key in self._world.assume.outside

    def _itself(self, entry: Agent) -> IdentityView:
        """An identity that nothing declared uses: approvals of its own stand before whoever does."""
        gates = self._world.gates.of_entry(entry.key)
        held = holds(gates)
        standing = None if held is None else not held
        return self._described(entry, entry.key, (), gates, standing=standing)

    def _view(self, entry: Agent, key: Key, reached: Reached) -> IdentityView:
        chain = reached.chain(key)
        gates = tuple(dict.fromkeys(gate for step in chain for gate in step.edge.gates))
        return self._described(entry, key, chain, gates, standing=reached.standing[key])

    def _tools(self, chain: Iterable[Step]) -> tuple[Key, ...]:
        places = [step.edge.target for step in chain]
        return tuple(place for place in places if self._world.directory.declares(place, (Tool,)))

    def _described(
        self,
        entry: Agent,
        key: Key,
        chain: tuple[Step, ...],
        gates: tuple[GateView, ...],
        *,
        standing: bool | None,
    ) -> IdentityView:
        known = self._facts(key)
        via = tuple([evidence for step in chain for evidence in step.edge.evidence])
        certain = all(step.edge.certain for step in chain)
        principal = known.principal
        return IdentityView(
            agent=entry.key,
            key=key,
            name=known.name,
            kind=principal.kind if principal else "undeclared",
            relation=_relation(chain) if chain else IdentityRelation.RUNS_AS,
            via=via,
            hops=tuple([self._hop(step) for step in chain]),
            at=principal.at if principal else (via[-1].at if via else entry.at),
            declared=principal is not None,
            principal=principal,
            certain=certain,
            confidence=entry.confidence if certain else min(entry.confidence, Confidence.MEDIUM),
            inherited_default=bool(chain) and chain[-1].edge.inherited,
            human=bool(principal and principal.human),
            shared_by=known.users if len(known.users) > 1 else (),
            tools=self._tools(chain),
            gates=gates,
            standing=standing,
            boundary=known.boundary,
            account=known.account,
            foreign=_is_foreign(known.account, self._home(entry.key), declared=principal is not None),
            highest=known.highest,
            environments=known.environments,
            unknown=known.unknown,
        )

    def _hop(self, step: Step) -> Hop:
        key = (step.origin, id(step.edge))
        found = self._hops.get(key)
        if found is None:
            edge = step.edge
            found = self._hops[key] = Hop(step.origin, edge.target, edge.relation, edge.evidence, edge.certain)
        return found

    def _home(self, entry: Key) -> str | None:
        if entry not in self._homes:
            self._homes[entry] = home_of(entry, self._world)
        return self._homes[entry]

    def _facts(self, key: Key) -> _Facts:
        """What is true of an identity whoever acts as it."""
        found = self._known.get(key)
        if found is None:
            world, rows = self._world, self._world.rows(key)
            principal = world.principals.get(key)
            found = self._known[key] = _Facts(
                principal=principal,
                name=name_of(principal, key, world),
                users=world.edges.direct_users(key),
                highest=max((row.step for row in rows), default=None),
                environments=environments_of(key, rows, world),
                boundary=world.layers.has_boundary(key),
                account=account_of(key, world),
                unknown=any(one.unknown for one in world.layers.documents(key)) or bool(world.rbac.missing(key)),
            )
        return found


def home_of(entry: Key, world: World) -> str | None:
    """The account of an entry: its own, else that of what it runs as: a service only takes roles of its account."""
    own = world.homes.of(entry)
    if own is not None:
        return own
    accounts = {account_of(identity, world) for identity in world.edges.principals_of(entry)} - {None}
    return accounts.pop() if len(accounts) == 1 else None


def account_of(identity: Key, world: World) -> str | None:
    """The account of an identity: as written in its ARN, else that of its root when it is declared there."""
    if world.principals.get(identity) is not None:
        return world.homes.of(identity)
    parts = arn(identity.address)
    return parts.account if parts is not None and parts.account.isdigit() else None


def _is_foreign(account: str | None, own: str | None, *, declared: bool) -> bool | None:
    """Whether an account is another one. Who writes a number where the own account has none means another."""
    if account is None:
        return None
    if own is not None:
        return account != own
    return None if declared else True


def environments_of(identity: Key, rows: Iterable[Row], world: World) -> tuple[str, ...]:
    """The environments of an identity and of what it reaches by name."""
    own = world.environments.of(identity)
    found = frozenset(() if own is None else (own,)).union(*(row.rights.environments for row in rows))
    return tuple(sorted(found))


def name_of(principal: Principal | None, key: Key, world: World) -> str:
    """The plain declared name of a principal, else its address."""
    if principal is None:
        return world.edges.outside.get(key, key.address)
    known = (string(name) for name in principal.names)
    return next((name for name in known if name and not name.startswith(("arn:", "system:"))), key.address)


def _relation(chain: tuple[Step, ...]) -> IdentityRelation:
    """The relation of the contract: that of the last hop; over a tool or another agent, that of the way there."""
    last = chain[-1].edge.relation
    ways = {step.edge.relation for step in chain[:-1]}
    if last not in _DIRECT:
        return IdentityRelation.DELEGATED
    if ways & _OF_OTHERS and last in {IdentityRelation.RUNS_AS.value, IdentityRelation.TOOL_ACTS_AS.value}:
        return IdentityRelation.DELEGATED
    by_tool = ways & {USES_TOOL, EXECUTES} or any(way.startswith("uses-") for way in ways)
    if last == IdentityRelation.RUNS_AS.value and by_tool:
        return IdentityRelation.TOOL_ACTS_AS
    return IdentityRelation(last)
