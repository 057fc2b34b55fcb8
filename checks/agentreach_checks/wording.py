"""Sentences that several checks build: subject, may or is, what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.graph.views import Reach
    from agentreach.model import Key

SHOWN = 4
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def listed(items: Iterable[str], shown: int = SHOWN) -> str:
    """`a, b, c and 3 more`."""
    names = list(dict.fromkeys(items))
    if len(names) > shown:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""


def who(agents: Sequence[Key], otherwise: Key | str = "an agent") -> str:
    """The agents a sentence is about."""
    return listed((key.address for key in agents), 3) or str(otherwise)


def verb(agents: Sequence[Key], one: str, several: str) -> str:
    """The form of a verb that agrees with the agents."""
    return several if len(agents) > 1 else one


def duration(seconds: float) -> str:
    """`12 hours`, `30 days`, `never expires`."""
    if seconds == math.inf:
        return "no end"
    for size, name in UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count:,} {name}{'s' if count != 1 else ''}"
    return f"{seconds:g} seconds"


def what(reach: Reach) -> str:
    """`secretsmanager:GetSecretValue on any resource`."""
    such = f" ({listed(reach.names, 2)})" if reach.wildcard_action and reach.names and "*" not in reach.names[0] else ""
    return f"{listed(reach.actions or reach.names)}{such} on {where(reach)}"


def where(reach: Reach) -> str:
    """The resources a reach covers; declared ones that a wildcard matches are named."""
    if reach.wildcard_resource:
        named = listed(system.key.address for system in reach.systems)
        return f"any resource, {named} among them" if named else "any resource"
    return listed(reach.resources) or "the resource the policy belongs to"


def through(reach: Reach) -> str:
    """Whose rights these are."""
    return f"as {reach.identity_name}"
