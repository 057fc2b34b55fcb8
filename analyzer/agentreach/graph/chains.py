"""The shortest chain from an inventory entry to everything it can act as.

Searched forward from entries only. A certain chain is preferred to a shorter possible one, and a chain without a
gate to one with: the search runs once per class of edges and keeps what it found before. Roles that a principal can
assume in bulk are a set; only those not reached yet are ever looked at.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from agentreach.graph.gates import holds
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from agentreach.graph.assume import Assumptions
    from agentreach.graph.edges import Edge, Edges
    from agentreach.model import Key

MOST_HOPS = 64
"""A chain longer than this is not followed: no access path that people could act on is."""


class Step(NamedTuple):
    """How a place was reached first: from where, over which edge, certainly or not, after how many hops."""

    origin: Key
    edge: Edge
    certain: bool
    hops: int


class Reached(NamedTuple):
    """Everything an entry leads to. `standing`: reached without any gate that holds (None: one is unknown)."""

    steps: dict[Key, Step]
    standing: dict[Key, bool | None]

    def chain(self, target: Key) -> tuple[Step, ...]:
        """The steps from the entry to a place, in order."""
        found: list[Step] = []
        while target in self.steps:
            step = self.steps[target]
            found.append(step)
            target = step.origin
        return tuple(reversed(found))


class Search:
    """Finds everything that a place leads to."""

    __slots__ = ("_assume", "_edges")

    def __init__(self, edges: Edges, assume: Assumptions) -> None:
        self._edges = edges
        self._assume = assume

    def reached(self, start: Key) -> Reached:
        """Everything `start` leads to, itself excluded."""
        walk = _Walk(start, self._edges, self._assume)
        for certain in (True, False):
            walk.spread(certain=certain, gated=False)
            if walk.gates:
                walk.spread(certain=certain, gated=True)
        if not walk.gates:
            return Reached(walk.steps, dict.fromkeys(walk.steps, True))
        free = self._closure(start, unknown=False)
        perhaps = self._closure(start, unknown=True) if walk.doubts else free
        standing = {key: True if key in free else None if key in perhaps else False for key in walk.steps}
        return Reached(walk.steps, standing)

    def own(self, start: Key, others: Container[Key]) -> set[Key]:
        """Everything `start` leads to without passing through another agent; that one's things are its own."""
        walk = _Walk(start, self._edges, self._assume, others)
        walk.free(unknown=True, gated=True)
        return set(walk.steps)

    def _closure(self, start: Key, *, unknown: bool) -> set[Key]:
        """What is reached without a gate that holds; `unknown`: gates that may not hold are passed too."""
        walk = _Walk(start, self._edges, self._assume)
        walk.free(unknown=unknown)
        return set(walk.steps)


class _Walk:
    """One search. `gates`: some edge has one; `doubts`: of one it is not known whether it holds."""

    __slots__ = ("_assume", "_closed", "_edges", "_seen", "_start", "doubts", "gates", "steps")

    def __init__(self, start: Key, edges: Edges, assume: Assumptions, closed: Container[Key] = ()) -> None:
        self._start = start
        self._closed = closed
        self._edges = edges
        self._assume = assume
        self._seen = 0
        self.steps: dict[Key, Step] = {}
        self.doubts = False
        self.gates = False
        self._mark(start)

    def _mark(self, key: Key) -> None:
        at = self._assume.roles.position.get(key)
        if at is not None:
            self._seen |= 1 << at

    def spread(self, *, certain: bool, gated: bool) -> None:
        """Follow edges of one class from everything reached so far."""
        waiting = deque([self._start, *self.steps])
        while waiting:
            origin = waiting.popleft()
            for edge in self._hops(origin):
                if edge.gates:
                    self.gates = True
                    self.doubts = self.doubts or holds(edge.gates) is None
                if (edge.certain or not certain) and (gated or not edge.gates or holds(edge.gates) is False):
                    self._reach(origin, edge, waiting)
            bulk = self._assume.bulk(origin)
            self._bulk(origin, bulk.surely if certain else bulk.all, waiting)

    def free(self, *, unknown: bool, gated: bool = False) -> None:
        """Follow whatever has no gate that holds; all that is there when `gated`."""
        waiting = deque([self._start])
        while waiting:
            origin = waiting.popleft()
            for edge in self._hops(origin):
                passes = gated or not edge.gates or holds(edge.gates) is False
                if passes or (unknown and holds(edge.gates) is None):
                    self._reach(origin, edge, waiting)
            bulk = self._assume.bulk(origin)
            self._bulk(origin, bulk.all, waiting)

    def _hops(self, origin: Key) -> Iterator[Edge]:
        yield from self._edges.of(origin)
        yield from self._assume.of(origin)

    def _bulk(self, origin: Key, roles: int, waiting: deque[Key]) -> None:
        for role in self._assume.roles.at(roles & ~self._seen):
            self._reach(origin, self._assume.edge(origin, role), waiting)

    def _reach(self, origin: Key, edge: Edge, waiting: deque[Key]) -> None:
        before = self.steps.get(origin)
        hops = before.hops + 1 if before else 1
        if edge.target in self.steps or edge.target == self._start or hops > MOST_HOPS:
            return
        if edge.target in self._closed:
            return
        certain = edge.certain and (before.certain if before else True)
        self.steps[edge.target] = Step(origin, edge, certain, hops)
        self._mark(edge.target)
        waiting.append(edge.target)
