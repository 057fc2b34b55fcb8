"""How long something lasts, in words."""

from __future__ import annotations

import math

UNITS = ((365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def lasting(seconds: float | None) -> str:
    """`12 hours`, `never expires`, `lifetime not known from the code`; the largest unit that divides it."""
    if seconds is None:
        return "lifetime not known from the code"
    if seconds == math.inf:
        return "never expires"
    for size, name in UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count:,} {name}{'s' if count != 1 else ''}"
    return f"{seconds:g} seconds"
