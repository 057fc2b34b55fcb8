"""What controlling something would add to what a principal already has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.escalation import Gain
from agentreach.access.verdict import Verdict
from agentreach.identity import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.graph.rows import Row
    from agentreach.model import Key

NOTHING = Gain(Verdict.DENIED, Step.OBSERVE)


class Held:
    """What a principal surely holds: actions on everything, and actions on each resource as written."""

    __slots__ = ("_admin", "_everywhere", "_on", "_systems")

    def __init__(self, own: Iterable[Row]) -> None:
        self._admin = False
        self._everywhere = 0
        self._on: dict[str, int] = {}
        self._systems: dict[Key, Step] = {}
        for row in own:
            if row.certain:
                self._add(row)

    def _add(self, row: Row) -> None:
        self._admin = self._admin or row.step is Step.ADMIN
        for resource in row.resources:
            self._on[resource] = self._on.get(resource, 0) | row.bits
        self._everywhere = self._on.get("*", 0)
        for system in row.systems:
            self._systems[system.key] = max(row.step, self._systems.get(system.key, Step.OBSERVE))

    def gain_of_rows(self, target: Sequence[Row]) -> Gain:
        """The rows of a target that nothing held covers, reading of mere metadata aside."""
        if self._admin:
            return NOTHING
        added = [row for row in target if row.step > Step.OBSERVE and not self._covers(row)]
        if not added:
            return NOTHING
        sure = any(row.certain for row in added)
        return Gain(Verdict.ALLOWED if sure else Verdict.POSSIBLE, max(row.step for row in added))

    def gain_of_system(self, system: Key, step: Step) -> Gain:
        """A secret, key or bucket adds what cannot be reached at that step yet."""
        reached = self._systems.get(system)
        return NOTHING if reached is not None and reached >= step else Gain(Verdict.ALLOWED, step)

    def _covers(self, row: Row) -> bool:
        rest = row.bits & ~self._everywhere
        if not rest:
            return True
        return bool(row.resources) and not any(rest & ~self._on.get(one, 0) for one in row.resources)
