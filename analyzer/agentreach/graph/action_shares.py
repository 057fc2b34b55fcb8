"""Sets of actions divided by step and service, as rows show them; equal sets recur in many policies."""

from __future__ import annotations

from functools import lru_cache

from agentreach.access import actions, steps
from agentreach.identity import Step
from agentreach.named_tuples import NamedTuple

_MANY = 12
"""A statement that names more services than this at one step is shown as one row."""


class Share(NamedTuple):
    """The actions of one step and service."""

    step: Step
    service: str
    bits: int


@lru_cache(maxsize=16384)
def step_of(bits: int, *, anywhere: bool) -> Step:
    """The highest step of some actions; everything is everything only on everything."""
    found = steps.highest(bits)
    return Step.IDENTITY if found is Step.ADMIN and not anywhere else found


@lru_cache(maxsize=4096)
def names_of(bits: int) -> tuple[str, ...]:
    """The actions of a set as AWS writes them."""
    return actions.names(bits)


@lru_cache(maxsize=1024)
def _of_service(service: str) -> int:
    return actions.expand(f"{service}:*")


@lru_cache(maxsize=16384)
def shares_of(bits: int, *, together: bool) -> tuple[Share, ...]:
    """Divide a set of actions by step and service; equal sets recur in many policies."""
    found: list[Share] = []
    for step, own in steps.by_step(bits).items():
        services = _services(own)
        if together or len(services) > _MANY:
            found.append(Share(step, "*", own))
        else:
            found += (Share(step, service, own & _of_service(service)) for service in services)
    return tuple(share for share in found if share.bits)


def _services(bits: int) -> list[str]:
    unlisted = {name.partition(":")[0] for name in actions.unlisted(bits)}
    return sorted({*actions.by_service(bits), *unlisted})


@lru_cache(maxsize=16384)
def any_wide(written: tuple[str, ...]) -> bool:
    """Whether one of the patterns is a whole service, everything, or a complement."""
    return any(map(_is_wide, written))


def _is_wide(action: str) -> bool:
    return action.startswith("NotAction ") or action.rpartition(":")[2].strip("*") == ""
