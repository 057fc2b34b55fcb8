"""What controlling something would add to what a principal already has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.escalation import Gain
from agentreach.access.verdict import Verdict
from agentreach.identity import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.graph.rows import Rights, Row
    from agentreach.model import Key

NOTHING = Gain(Verdict.DENIED, Step.OBSERVE)


class Held:
    """What a principal surely holds: actions on everything, and actions on each resource as written."""

    __slots__ = ("_admin", "_everywhere", "_on", "_sure")

    def __init__(self, own: Iterable[Row]) -> None:
        self._sure = [row.rights for row in own if row.certain]
        self._admin = any(one.step is Step.ADMIN for one in self._sure)
        self._on: dict[str, int] = {}
        for one in self._sure:
            for resource in one.resources:
                self._on[resource] = self._on.get(resource, 0) | one.bits
        self._everywhere = self._on.get("*", 0)

    def gain_of_rows(self, target: Sequence[Row]) -> Gain:
        """The rows of a target that nothing held covers, reading of mere metadata aside."""
        if self._admin:
            return NOTHING
        added = [row for row in target if row.step > Step.OBSERVE and not self._covers(row.rights)]
        if not added:
            return NOTHING
        sure = any(row.certain for row in added)
        return Gain(Verdict.ALLOWED if sure else Verdict.POSSIBLE, max(row.step for row in added))

    def gain_of_system(self, system: Key, step: Step) -> Gain:
        """A secret, key or bucket adds what cannot be reached at that step yet."""
        held = any(one.step >= step and system in one.reached for one in self._sure)
        return NOTHING if held else Gain(Verdict.ALLOWED, step)

    def _covers(self, one: Rights) -> bool:
        rest = one.bits & ~self._everywhere
        if not rest:
            return True
        return bool(one.resources) and not any(rest & ~self._on.get(name, 0) for name in one.resources)
