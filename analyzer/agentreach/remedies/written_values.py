"""Literals rewritten in their own style: numbers with their unit, durations, quotes kept."""

from __future__ import annotations

from agentreach.late_regex import late_regex
from agentreach.remedies.edits import ByHand

_SECONDS = late_regex(r"\d+s")
_GO = late_regex(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?")
_ISO = late_regex(r"P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?")
HOUR, MINUTE = 3600, 60


def shortened(written: str, now: float, then: float) -> str:
    """A written lifetime of `now` seconds as one of `then`, in the unit and style it is written in.

    The unit of a number is what its meaning says: 12 that means twelve hours becomes 1 for one hour. Raises `ByHand`
    for what no such text says, a date for one.
    """
    if written.isdigit() and int(written) > 0:
        scaled = int(written) * then / now
        if scaled >= 1 and scaled == int(scaled):
            return str(int(scaled))
    elif _SECONDS.fullmatch(written):
        return f"{then:.0f}s"
    elif written and _GO.fullmatch(written):
        return _parts(then, "h", "m", "s")
    elif written != "P" and _ISO.fullmatch(written):
        return f"PT{_parts(then, 'H', 'M', 'S')}"
    raise ByHand(f"the lifetime is written as {written[:40]!r}: write one of {_parts(then, ' h', ' min', ' s')} there")


def _parts(seconds: float, hour: str, minute: str, second: str) -> str:
    for size, name in ((HOUR, hour), (MINUTE, minute)):
        if seconds % size == 0:
            return f"{seconds / size:.0f}{name}"
    return f"{seconds:.0f}{second}"
