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


def of_rows(target: Sequence[Row], own: Sequence[Row]) -> Gain:
    """The rows of a target that no row of one's own covers, reading of mere metadata aside."""
    if any(row.step is Step.ADMIN and row.certain for row in own):
        return NOTHING
    held: dict[tuple[Step, str], list[Row]] = {}
    for row in own:
        held.setdefault((row.step, row.service), []).append(row)
    added = [row for row in target if row.step > Step.OBSERVE and not _covered(row, held)]
    if not added:
        return NOTHING
    sure = any(row.certain for row in added)
    return Gain(Verdict.ALLOWED if sure else Verdict.POSSIBLE, max(row.step for row in added))


def of_system(system: Key, step: Step, own: Iterable[Row]) -> Gain:
    """A secret, key or bucket adds what one cannot reach at that step yet."""
    reached = any(one.key == system for row in own if row.step >= step and row.certain for one in row.systems)
    return NOTHING if reached else Gain(Verdict.ALLOWED, step)


def _covered(row: Row, held: dict[tuple[Step, str], list[Row]]) -> bool:
    several = (*held.get((row.step, row.service), ()), *held.get((row.step, "*"), ()))
    return any(_covers(one, row) for one in several)


def _covers(own: Row, row: Row) -> bool:
    if not own.certain or not set(row.names) <= set(own.names):
        return False
    return "*" in own.resources or set(row.resources) <= set(own.resources)
