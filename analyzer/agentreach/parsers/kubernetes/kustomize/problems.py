"""Why a step of a kustomization cannot be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar
from agentreach.sources.limits import in_force, megabytes

if TYPE_CHECKING:
    from agentreach.model import Span, Value

_MOST_NODES = 500_000
_DEEPEST = 200


class BuildProblem(Exception):  # noqa: N818 - never leaves the package; becomes a Skipped
    """What kustomize would refuse, and where it is written. `by_design`: kustomize would do it, we do not."""

    def __init__(self, message: str, at: Span, *, by_design: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.by_design = by_design


def bounded(value: Value, at: Span) -> None:
    """Refuse an object that copies of its own parts have made enormous: each may double it."""
    nodes = 0
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        nodes += 1
        if nodes > _MOST_NODES:
            raise BuildProblem(f"copies make an object of more than {_MOST_NODES:,} values", at)
        if depth > _DEEPEST:
            raise BuildProblem(f"copies nest deeper than {_DEEPEST} levels", at)
        if isinstance(one, MapValue):
            waiting.extend((item, depth + 1) for item in one.entries.values())
        elif isinstance(one, ListValue):
            waiting.extend((item, depth + 1) for item in one.items)
        elif isinstance(one, Scalar) and isinstance(one.value, str) and len(one.value) > in_force().string_bytes:
            raise BuildProblem(f"copies make a text of more than {megabytes(in_force().string_bytes)}", at)
