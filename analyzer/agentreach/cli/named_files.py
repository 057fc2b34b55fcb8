"""Terraform files named one by one: their module is read as a whole, and what only its other files say is left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.changes import concerns
from agentreach.model import Skipped
from agentreach.records import replace
from agentreach.sources import FileKind
from agentreach.sources.kinds import by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.engine import Scan

# What is broken beside a named file limits what can be said about it.
ALWAYS = "AR001"
_CODE = (FileKind.TERRAFORM, FileKind.TERRAFORM_JSON)


def limited(whole: Scan, paths: Sequence[Path]) -> Scan:
    """The scan without findings that concern other files of a named file's module and none that was named."""
    named = {path.resolve() for path in paths if path.is_file()}
    directories = {path.resolve() for path in paths if path.is_dir()}

    def is_left_out(shown: Iterable[str]) -> bool:
        places = [Path(path).resolve() for path in shown]
        beside = [place for place in places if by_name(place.name) in _CODE and place.parent in _parents(named)]
        asked = any(place in named or not directories.isdisjoint(place.parents) for place in places)
        return bool(beside) and not asked

    kept = tuple(
        finding
        for finding, concern in zip(whole.findings, concerns(whole), strict=True)
        if finding.check_id == ALWAYS or not is_left_out(concern.paths)
    )
    left = len(whole.findings) - len(kept)
    return replace(whole, findings=kept, graph=replace(whole.graph, skipped=(*whole.skipped, *_said(left, named))))


def _parents(named: Iterable[Path]) -> set[Path]:
    return {path.parent for path in named}


def _said(left: int, named: Iterable[Path]) -> list[Skipped]:
    """Silence is not mistaken for clean."""
    if not left:
        return []
    findings = "1 finding concerns" if left == 1 else f"{left} findings concern"
    reason = f"{findings} only other files of the same module: scan the directory to see them"
    return [Skipped(", ".join(sorted(path.name for path in named)), reason)]
