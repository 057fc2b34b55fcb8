"""The findings of one CloudFormation template, scanned once for however many rules ask."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import configured
from agentreach.api import scan
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.findings import Finding


class Place(NamedTuple):
    """Lines and columns from 1, the end exclusive in columns."""

    line: int
    column: int
    end_line: int
    end_column: int


@lru_cache(maxsize=64)
def findings(path: str) -> tuple[Finding, ...]:
    """Findings of a template that count, by a scan of that file alone as the nearest configuration says."""
    options = configured.options(configured.nearest(Path.cwd()))
    return tuple(finding for finding in scan(path, options=options).open_findings if finding.evidence)


def place(finding: Finding) -> Place:
    """Where to show it."""
    at = finding.evidence[0].at.location
    return Place(at.line, at.column, at.end_line, at.end_column)
