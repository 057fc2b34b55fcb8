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
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from agentreach.graph.chains import Reached, Step
    from agentreach.graph.rows import Row
    from agentreach.graph.views import GateView
    from agentreach.graph.world import World
    from agentreach.identity import Evidence, Principal
    from agentreach.model import Key

_PASSED_ON = {"instance-profile", POD_IDENTITY_KIND}
"""Principals that only stand for another one."""

_OF_OTHERS = {"collaborates", "invokes"}
"""Hops over which another agent does the work."""

_DIRECT = {relation.value for relation in IdentityRelation}


class IdentityFinder:
    """Chains of all entries. An identity is a principal, declared or only named, at the end of a chain."""

    __slots__ = ("_reached", "_search", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._search = Search(world.edges, world.assume)
        self._reached: dict[Key, Reached] = {}

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
        view = self._described(entry, entry.key, IdentityRelation.RUNS_AS, (), ())
        gates = self._world.gates.of_entry(entry.key)
        held = holds(gates)
        return replace(view, gates=gates, standing=None if held is None else not held)

    def _view(self, entry: Agent, key: Key, reached: Reached) -> IdentityView:
        chain = reached.chain(key)
        via = tuple(evidence for step in chain for evidence in step.edge.evidence)
        hops = tuple(_hops(chain))
        view = self._described(entry, key, _relation(chain), via, hops)
        standing = reached.standing[key]
        gates = tuple(dict.fromkeys(gate for step in chain for gate in step.edge.gates))
        return _with_chain(view, chain, standing, gates, tools=self._tools(key, reached))

    def _tools(self, key: Key, reached: Reached) -> tuple[Key, ...]:
        places = [step.edge.target for step in reached.chain(key)]
        return tuple(place for place in places if self._world.directory.declares(place, (Tool,)))

    def _described(
        self,
        entry: Agent,
        key: Key,
        relation: IdentityRelation,
        via: tuple[Evidence, ...],
        hops: tuple[Hop, ...],
    ) -> IdentityView:
        world = self._world
        principal = world.principals.get(key)
        rows, users = world.rows(key), world.edges.direct_users(key)
        account = account_of(key, world)
        own = home_of(entry.key, world)
        return IdentityView(
            agent=entry.key,
            key=key,
            name=name_of(principal, key, world),
            kind=principal.kind if principal else "undeclared",
            relation=relation,
            via=via,
            hops=hops,
            at=principal.at if principal else (via[-1].at if via else entry.at),
            declared=principal is not None,
            principal=principal,
            confidence=entry.confidence,
            human=bool(principal and principal.human),
            shared_by=users if len(users) > 1 else (),
            highest=max((row.step for row in rows), default=None),
            environments=environments_of(key, rows, world),
            boundary=world.layers.has_boundary(key),
            account=account,
            foreign=_is_foreign(account, own, declared=principal is not None),
            unknown=any(one.unknown for one in world.layers.documents(key)) or bool(world.rbac.missing(key)),
        )


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
    found = frozenset(() if own is None else (own,)).union(*(row.environments for row in rows))
    return tuple(sorted(found))


def name_of(principal: Principal | None, key: Key, world: World) -> str:
    """The plain declared name of a principal, else its address."""
    if principal is None:
        return world.edges.outside.get(key, key.address)
    known = (string(name) for name in principal.names)
    return next((name for name in known if name and not name.startswith(("arn:", "system:"))), key.address)


def _with_chain(
    view: IdentityView,
    chain: tuple[Step, ...],
    standing: bool | None,  # noqa: FBT001 - three values
    gates: tuple[GateView, ...],
    *,
    tools: tuple[Key, ...],
) -> IdentityView:
    certain = all(step.certain for step in chain)
    return replace(
        view,
        certain=certain,
        confidence=view.confidence if certain else min(view.confidence, Confidence.MEDIUM),
        inherited_default=chain[-1].edge.inherited,
        standing=standing,
        gates=gates,
        tools=tools,
    )


def _hops(chain: Iterable[Step]) -> Iterator[Hop]:
    for step in chain:
        edge = step.edge
        yield Hop(step.origin, edge.target, edge.relation, edge.evidence, edge.certain)


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
