"""An unknown account, region or partition of a declared thing is the one that a policy names for it.

References are joined by ARN like that: where the code does not say in which account something lives, and a policy
that means it does, the policy's word counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.spelling import HOLE, arn
from agentreach.model import Kind, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.access.request import Parts

Place = tuple[tuple[Kind, str], ...]
"""What a pattern says for sure about partition, region and account."""


def named(patterns: Iterable[Parts]) -> tuple[Place, ...]:
    """The distinct places that patterns name."""
    return tuple(dict.fromkeys(place for parts in patterns if (place := _place(parts))))


def _place(parts: Parts) -> Place:
    found = arn("".join(part if isinstance(part, str) else HOLE for part in parts))
    if found is None:
        return ()
    said = ((Kind.PARTITION, found.partition), (Kind.REGION, found.region), (Kind.ACCOUNT, found.account))
    return tuple((kind, text) for kind, text in said if text and not set(text) & set(f"*?{HOLE}"))


def put(parts: Parts, place: Place) -> Parts:
    """A text with its unknown partition, region and account as a place says."""
    return tuple(_put(part, dict(place)) if isinstance(part, Unknown) else part for part in parts)


def _put(part: Unknown, place: Mapping[Kind, str]) -> Unknown | str:
    return place.get(part.kind, part)


def variants(parts: Parts, patterns: Iterable[Parts]) -> Iterator[Parts]:
    """A text in each of the places that patterns name, where that says anything new."""
    for place in named(patterns):
        changed = put(parts, place)
        if changed != parts:
            yield changed


def in_account(account: str) -> Place:
    """Somewhere in an account."""
    return ((Kind.ACCOUNT, account),)


def account(place: Place) -> str | None:
    """The account that a place says."""
    return dict(place).get(Kind.ACCOUNT)
