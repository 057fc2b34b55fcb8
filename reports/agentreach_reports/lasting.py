"""How long something lasts, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from agentreach.thresholds import seconds_of, unknown_because
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.identity import Credential

UNITS = ((365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def lasts(held: Credential) -> str:
    """How long a credential lasts, in words; of what is not known, why."""
    because = unknown_because(held)
    return lasting(seconds_of(held)) + (f" ({visible(because)})" if because else "")


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
