"""Whole scans of what a test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import scan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agentreach.engine import Scan
    from agentreach.findings import Finding


def scanned(directory: Path, files: dict[str, str]) -> Scan:
    """Write the files and scan them."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return scan(directory)


def places(findings: Iterable[Finding], check: str) -> list[tuple[str, int]]:
    """Subject and line of the findings of one check."""
    return sorted((one.subject.address, one.evidence[0].at.location.line) for one in findings if one.check_id == check)
