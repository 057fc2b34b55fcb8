"""Why a step of a kustomization cannot be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.model import Span


class BuildProblem(Exception):  # noqa: N818 - never leaves the package; becomes a Skipped
    """What kustomize would refuse, and where it is written. `by_design`: kustomize would do it, we do not."""

    def __init__(self, message: str, at: Span, *, by_design: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.by_design = by_design
