"""Which paths of the catalogue fire for the identities of agents, and how far they lead.

A path that yields a declared identity leads on: to what that identity yields in turn, and to the roles it may assume.
How far each principal gets is a fixpoint over steps; every conclusion remembers the path it came from, so that its
chain can be shown.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from agentreach.access import escalation_kubernetes
from agentreach.access.escalation_match import paths, shortest, wanted
from agentreach.graph.attacker import Attacker
from agentreach.graph.escalation_leads import Lead, settled
from agentreach.identity import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.escalation import Path
    from agentreach.access.escalation_kubernetes import KubernetesPath
    from agentreach.graph.world import World
    from agentreach.model import Key


class Escalations:
    """Paths per principal, and how far they lead."""

    __slots__ = ("_leads", "_paths", "_world")

    def __init__(self, world: World, identities: Iterable[Key]) -> None:
        self._world = world
        self._paths: dict[Key, tuple[Path, ...]] = {}
        self._discover(identities)
        self._leads = settled(self._paths, self._own, world.assume)

    def of(self, identity: Key) -> tuple[Path, ...]:
        """The AWS paths that fire for an identity."""
        return self._paths.get(identity, ())

    def kubernetes(self, identity: Key) -> tuple[KubernetesPath, ...]:
        """The Kubernetes paths that fire for a service account."""
        rules = self._world.rbac.rules(identity)
        return tuple(escalation_kubernetes.paths(rules)) if rules else ()

    def lead(self, identity: Key) -> Lead:
        """How far an identity gets by itself and by its paths."""
        return self._leads.get(identity) or self._own(identity)

    def beyond(self, path: Path) -> Lead | None:
        """The farthest that the identities gained by a path lead; None when no further than the path itself."""
        leads = [self.lead(target.key)._replace(target=target.key) for target in path.targets]
        best = max(leads, key=lambda one: (one.step, one.certain), default=None)
        return best if best is not None and best.step > path.step else None

    def _discover(self, identities: Iterable[Key]) -> None:
        """What agents act as, what its paths yield, and what that may become; each role that comes along once."""
        waiting = deque(dict.fromkeys(identities))
        roles = self._world.assume.roles
        seen, reached = set(waiting), roles.of(one for one in waiting if one in roles.position)
        while waiting:
            principal = waiting.popleft()
            self._paths[principal] = tuple(self._fire(principal))
            bulk = self._world.assume.bulk(principal).all & ~reached
            found = (*self._gained(principal), *self._named(principal), *roles.at(bulk))
            fresh = [one for one in dict.fromkeys(found) if one not in seen]
            seen.update(fresh)
            waiting += fresh
            reached |= roles.of(one for one in fresh if one in roles.position)

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
        return bits & wanted()

    def _gained(self, principal: Key) -> Iterator[Key]:
        """Principals that its paths yield; beyond a path that yields everything there is nothing to look for."""
        leading = (path for path in self._paths[principal] if path.step < Step.ADMIN)
        return (target.key for path in leading for target in path.targets if _acts(target.kind))

    def _named(self, principal: Key) -> Iterator[Key]:
        """Roles outside the code."""
        return (edge.target for edge in self._world.assume.of(principal))

    def _own(self, principal: Key) -> Lead:
        step, certain = self._world.highest(principal)
        return Lead(step, certain)


def _acts(kind: str) -> bool:
    return kind in {"role", "user"}
