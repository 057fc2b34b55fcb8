"""Remedies as people read them: the lines that change, or lines to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Move
from agentreach.named_tuples import NamedTuple
from agentreach.remedies.line_changes import changes
from agentreach.remedies.proposals import proposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.findings import Finding, Remedy
    from agentreach.model import Source
    from agentreach.remedies.edits import Edit


class Suggestion(NamedTuple):
    """What to write at a place: `-` and `+` lines, or lines to paste. `fixed`: `agentreach fix` writes them."""

    remedy: Remedy
    lines: tuple[str, ...]
    fixed: bool = False


def suggested(finding: Finding, sources: Sequence[Source] = ()) -> Iterator[Suggestion]:
    """What a finding's remedies would write, each text once; nothing where a person has to find the words."""
    seen: set[tuple[str, ...]] = set()
    for proposal in proposed(finding, sources):
        lines = tuple(_lines_of(proposal.remedy, proposal.edits))
        if lines and lines not in seen:
            seen.add(lines)
            yield Suggestion(proposal.remedy, lines, fixed=proposal.remedy.safe)


def _lines_of(remedy: Remedy, edits: Sequence[Edit]) -> Iterable[str]:
    if remedy.move is Move.REPLACE:
        from agentreach.remedies.statements import as_statement  # noqa: PLC0415 - few findings have one

        return as_statement(remedy)
    return as_lines(edits) if edits else ()


def as_lines(edits: Sequence[Edit]) -> Iterator[str]:
    """`-` and `+` lines of the first file that is edited, without context."""
    source = edits[0].source
    for change in changes(source.text, [one for one in edits if one.source is source]):
        yield from (
            f"{sign}{line}".rstrip("\r\n") for sign, part in zip("-+", change[1:], strict=True) for line in part
        )
