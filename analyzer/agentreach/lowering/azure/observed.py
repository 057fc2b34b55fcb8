"""Agent-related by its family, and not described: said, not guessed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Unmodelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource


def unmodelled(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Say that it is there: silence would be mistaken for clean."""
    yield Unmodelled(key=resource.key, type=resource.type, at=resource.at)


def nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """Read where it is used."""
    return iter(())
