"""Which paths of the catalogue fire for the identities of agents, and how far they lead.

A path that yields a declared identity leads on: to what that identity yields in turn, and to the roles it may assume.
How far each principal gets is a fixpoint over steps; every conclusion remembers the path it came from, so that its
chain can be shown.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from agentreach.access import actions, escalation_kubernetes
from agentreach.access.escalation import entries
from agentreach.access.escalation_match import paths, shortest
from agentreach.access.verdict import Verdict
from agentreach.graph.attacker import Attacker
from agentreach.identity import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.escalation import Path
    from agentreach.access.escalation_kubernetes import KubernetesPath
    from agentreach.graph.world import World
    from agentreach.model import Key

MOST_PRINCIPALS = 256
"""Identities whose paths are searched, nearest to the agents first. What is left out is said."""

_MOST_ROLES = 64
"""A gained identity that may assume more roles than this is known to lead far already."""


class Lead(NamedTuple):
    """How far a principal gets: the step, surely or possibly, over which path to which identity."""

    step: Step
    certain: bool
    path: Path | None = None
    target: Key | None = None


class Escalations:
    """Paths per principal, and how far they lead."""

    __slots__ = ("_leads", "_paths", "_wanted", "_world", "unsearched")

    def __init__(self, world: World, identities: Iterable[Key]) -> None:
        self._world = world
        self.unsearched = 0
        self._wanted = _interesting()
        self._paths: dict[Key, tuple[Path, ...]] = {}
        self._leads: dict[Key, Lead] = {}
        self._discover(identities)
        self._settle()

    def of(self, identity: Key) -> tuple[Path, ...]:
        """The AWS paths that fire for an identity."""
        return self._paths.get(identity, ())

    def kubernetes(self, identity: Key) -> tuple[KubernetesPath, ...]:
        """The Kubernetes paths that fire for a service account."""
        return tuple(escalation_kubernetes.paths(self._world.rbac.rules(identity)))

    def lead(self, identity: Key) -> Lead:
        """How far an identity gets by itself and by its paths."""
        return self._leads.get(identity) or self._own(identity)

    def beyond(self, path: Path) -> Lead | None:
        """The farthest that the identities gained by a path lead; None when no further than the path itself."""
        leads = [self.lead(target.key)._replace(target=target.key) for target in path.targets]
        best = max(leads, key=lambda one: (one.step, one.certain), default=None)
        return best if best is not None and best.step > path.step else None

    def _discover(self, identities: Iterable[Key]) -> None:
        waiting = deque(dict.fromkeys(identities))
        seen = set(waiting)
        while waiting:
            principal = waiting.popleft()
            searched = len(self._paths) < MOST_PRINCIPALS
            self.unsearched += not searched
            self._paths[principal] = tuple(self._fire(principal)) if searched else ()
            self._leads[principal] = self._own(principal)
            for reached in self._next(principal) if searched else ():
                if reached not in seen:
                    seen.add(reached)
                    waiting.append(reached)

    def _fire(self, principal: Key) -> Iterator[Path]:
        declared = self._world.principals.get(principal)
        if declared is None or declared.provider != "aws" or not self._holds(principal):
            return
        yield from shortest(paths(Attacker(principal, self._world)))

    def _holds(self, principal: Key) -> int:
        """Whether any statement speaks about an action that some path needs."""
        bits = 0
        for granted in self._world.layers.statements(principal):
            if granted.statement.effect != "Deny":
                bits |= self._world.sentences.of(granted.statement).reach
        return bits & self._wanted

    def _next(self, principal: Key) -> Iterator[Key]:
        yield from (target.key for path in self._paths[principal] for target in path.targets if _acts(target.kind))
        yield from self._assumed(principal)

    def _assumed(self, principal: Key) -> Iterator[Key]:
        yield from (edge.target for edge in self._world.assume.of(principal))
        bulk = self._world.assume.bulk(principal).certain
        if bulk.bit_count() <= _MOST_ROLES:
            yield from self._world.assume.roles.at(bulk)

    def _own(self, principal: Key) -> Lead:
        rows = self._world.rows(principal)
        best = max(rows, key=lambda row: (row.step, row.certain), default=None)
        return Lead(best.step, best.certain) if best else Lead(Step.OBSERVE, certain=True)

    def _settle(self) -> None:
        """Spread leads backwards until nothing changes: steps only rise, and there are eight of them."""
        changed = True
        while changed:
            changed = False
            for principal in sorted(self._paths):
                for lead in self._offers(principal):
                    if _better(lead, self._leads[principal]):
                        self._leads[principal] = lead
                        changed = True

    def _offers(self, principal: Key) -> Iterator[Lead]:
        for path in self._paths[principal]:
            certain = path.verdict is Verdict.ALLOWED
            yield Lead(path.step, certain, path)
            for target in path.targets:
                behind = self._leads.get(target.key)
                if behind is not None:
                    yield Lead(behind.step, certain and behind.certain, path, target.key)
        for role in self._assumed(principal):
            behind = self._leads.get(role)
            if behind is not None:
                yield Lead(behind.step, behind.certain, None, role)


def _better(lead: Lead, than: Lead) -> bool:
    return (lead.step, lead.certain) > (than.step, than.certain)


def _acts(kind: str) -> bool:
    return kind in {"role", "user"}


def _interesting() -> int:
    bits = 0
    for entry in entries("aws"):
        for name in sorted(entry.actions()):
            bits |= actions.expand(name)
    return bits
