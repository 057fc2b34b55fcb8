"""Small words that reports share."""

from __future__ import annotations


def some(count: int, noun: str, plural: str = "") -> str:
    """`1 agent`, `2 agents`, `3 policies`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
