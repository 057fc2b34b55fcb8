"""Lifetimes that cannot be, whatever type writes them: unknown with the reason, never a short or a long one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from agentreach.model import Unknown
from agentreach.records import replace

if TYPE_CHECKING:
    from agentreach.identity import Credential

_LONGEST: Final = 200 * 365 * 86_400.0
_DATES: Final = ("rfc3339", "yyyy", "epoch")


def plausible(held: Credential) -> Credential:
    """The credential as it is stated, if it can last as long; a date that has passed is a lifetime of zero."""
    if not isinstance(held.ttl, float):
        return held
    if held.ttl > _LONGEST:
        return replace(held, ttl=Unknown("what is written is longer than any lifetime", held.at))
    if held.ttl == 0.0 and held.attribute.rpartition(".")[2].lower() not in _points_in_time():
        return replace(held, ttl=Unknown("what is written is no time at all", held.at))
    return held


@cache
def _points_in_time() -> frozenset[str]:
    """The names of attributes that say when something ends."""
    from agentreach.lowering.catalogue import lifetimes  # noqa: PLC0415 - only where a lifetime is zero

    found = {one.path.rpartition(".")[2] for _, one in lifetimes() if one.unit.lower().startswith(_DATES)}
    return frozenset(name.removesuffix("[]").lower() for name in found) | _MORE


_MORE: Final = frozenset(
    {"end_date_time", "expires_at", "expirytime", "valid_until", "expires_on", "not_after", "expiry"}
)
