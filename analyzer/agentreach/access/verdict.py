"""The three values of every access question."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """Never, depends on something the code does not say, or always. `min` is AND, `max` is OR."""

    DENIED = 0
    POSSIBLE = 1
    ALLOWED = 2

    @property
    def label(self) -> str:
        """The word used on the command line and in JSON."""
        return self.name.lower()

    @property
    def complement(self) -> Verdict:
        """NOT: possible stays possible."""
        return _COMPLEMENT[self]


_COMPLEMENT = (Verdict.ALLOWED, Verdict.POSSIBLE, Verdict.DENIED)


def agreed(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The one verdict all alternatives share; possible where they differ or there are none."""
    distinct = set(verdicts)
    return distinct.pop() if len(distinct) == 1 else Verdict.POSSIBLE
