"""Agent-related types that the catalogue does not describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Unmodelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def unmodelled(scope: Scope, _context: Context) -> Iterator[Fact]:
    """Said, not guessed at."""
    yield Unmodelled(key=scope.resource.key, type=scope.resource.type, at=scope.resource.at)


LOWERINGS = {"": unmodelled}
