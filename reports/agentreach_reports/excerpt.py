"""Lines of code around a place, with the secret values masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach_reports.visible import columns, visible

if TYPE_CHECKING:
    from agentreach.findings import Finding
    from agentreach.model import Span

WIDEST = 140
SECRET_CHECKS = frozenset({"AR207", "AR201"})


class Line(NamedTuple):
    """One line of an excerpt; the marked columns (from 0, end exclusive) are what the evidence points at."""

    number: int
    text: str
    start: int
    end: int


def excerpt(at: Span, *, masked: bool = False) -> Line:
    """The first line of a span. `masked` hides what stands in the span."""
    text, begin = at.source.text, at.source.text.rfind("\n", 0, at.start) + 1
    end = text.find("\n", at.start)
    end = len(text) if end < 0 else end
    stop = min(max(at.end, at.start + 1), end)
    before, inside, after = text[begin : at.start], text[at.start : stop], text[stop:end].rstrip("\r")
    if masked:
        inside, after = "***", ""
    head = visible(before, WIDEST).replace("\\x09", "  ")
    body = visible(inside, WIDEST).replace("\\x09", "  ")
    tail = visible(after, WIDEST).replace("\\x09", "  ")
    return Line(at.source.position(at.start)[0], f"{head}{body}{tail}", columns(head), columns(head) + columns(body))


def is_masked(finding: Finding) -> bool:
    """Whether the code that a finding points at holds a secret value."""
    return finding.check_id in SECRET_CHECKS
