"""Small words that reports share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.findings import Suppression


def some(count: int, noun: str, plural: str = "") -> str:
    """`1 agent`, `2 agents`, `3 policies`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def why(suppressed: Suppression) -> str:
    """The reason that a suppression gives, as scanned, and its last day where it has one."""
    return f"{suppressed.reason}, until {suppressed.until}" if suppressed.until else suppressed.reason
