"""The shortest chain from an inventory entry to everything it can act as.

Searched forward from entries only. A certain chain is preferred to a shorter possible one, and a chain
without a gate to one with: the search runs once per class of edges and keeps what it found before.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from agentreach.graph.gates import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.graph.edges import Edge
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


def search(start: Key, edges: Callable[[Key], Iterable[Edge]]) -> Reached:
    """Everything `start` leads to, itself excluded."""
    steps: dict[Key, Step] = {}
    for certain, gated in ((True, False), (True, True), (False, False), (False, True)):
        _spread(start, edges, steps, partial(_passes, certain=certain, gated=gated))
    return Reached(steps, _standing(start, edges, steps))


def _passes(edge: Edge, *, certain: bool, gated: bool) -> bool:
    return (edge.certain or not certain) and (gated or holds(edge.gates) is False)


def _spread(
    start: Key, edges: Callable[[Key], Iterable[Edge]], steps: dict[Key, Step], passes: Callable[[Edge], bool]
) -> None:
    waiting = deque([start, *steps])
    while waiting:
        origin = waiting.popleft()
        before = steps.get(origin)
        hops = before.hops + 1 if before else 1
        certain = before.certain if before else True
        if hops > MOST_HOPS:
            continue
        for edge in edges(origin):
            if edge.target not in steps and edge.target != start and passes(edge):
                steps[edge.target] = Step(origin, edge, certain and edge.certain, hops)
                waiting.append(edge.target)


def _standing(start: Key, edges: Callable[[Key], Iterable[Edge]], steps: dict[Key, Step]) -> dict[Key, bool | None]:
    """Whether each place can be reached without any gate that holds, on any path."""
    free = _closure(start, edges, lambda edge: holds(edge.gates) is False)
    perhaps = _closure(start, edges, lambda edge: holds(edge.gates) is not True)
    return {key: True if key in free else None if key in perhaps else False for key in steps}


def _closure(start: Key, edges: Callable[[Key], Iterable[Edge]], passes: Callable[[Edge], bool]) -> set[Key]:
    seen = {start}
    waiting = deque([start])
    while waiting:
        for edge in _through(waiting.popleft(), edges, passes):
            if edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return seen


def _through(origin: Key, edges: Callable[[Key], Iterable[Edge]], passes: Callable[[Edge], bool]) -> Iterator[Edge]:
    return (edge for edge in edges(origin) if passes(edge))
