"""How much is read at most."""

from __future__ import annotations

from agentreach.records import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes. What exceeds one is skipped with a reason, and is not by design."""

    file_bytes: int = 32 * _MIB
    total_bytes: int = 2048 * _MIB


def megabytes(size: int) -> str:
    """`33554432` as people read it: "32 MiB"."""
    return f"{size / _MIB:.0f} MiB" if size >= _MIB else f"{size} bytes"
