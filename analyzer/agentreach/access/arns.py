"""The six colon-separated parts of an ARN, holes included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.globs import Hole

if TYPE_CHECKING:
    from agentreach.access.globs import Token, Tokens

_COLONS: Final = 5


def split(tokens: Tokens) -> tuple[Tokens, ...] | None:
    """Partition, service, region, account and resource behind "arn"; the last may hold colons.

    None when there are fewer parts, or an unknown part may hide colons.
    """
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if isinstance(token, str):
            _append(parts, token)
        elif isinstance(token, Hole) and len(parts) <= _COLONS and ":" not in token.excludes:
            return None
        else:
            parts[-1].append(token)
    return tuple(map(tuple, parts)) if len(parts) == _COLONS + 1 else None


def _append(parts: list[list[Token]], text: str) -> None:
    first, *rest = text.split(":", _COLONS + 1 - len(parts))
    if first:
        parts[-1].append(first)
    parts += [[piece] if piece else [] for piece in rest]
