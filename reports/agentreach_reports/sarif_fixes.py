"""Fixes in SARIF: what the remedies of findings would write, as replacements of regions.

Only what parses back to the same tree with the intended change alone is proposed. A consumer shows a fix before it
applies one; the description says which of them a person has to judge.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from agentreach.model import Span
from agentreach.remedies import ByHand, proposed, proven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from agentreach.findings import Finding
    from agentreach.model import Source
    from agentreach.remedies import Edit, Proposal

Record = dict[str, Any]
ALONE = "Written by `agentreach fix --write`, too."
JUDGED = "Changes what the agent can do or keep: judge the effect before you apply it."


class Fixes:
    """The fixes of a log. `reference` makes an artifact location of a path."""

    def __init__(
        self, findings: Iterable[Finding], sources: Sequence[Source], reference: Callable[[str], Record]
    ) -> None:
        self._reference = reference
        self._proposals: dict[str, list[Proposal]] = {}
        edits: defaultdict[Source, list[Edit]] = defaultdict(list)
        for finding in findings:
            found = [one for one in proposed(finding, sources) if one.edits and not one.has_blanks]
            if found and finding.suppressed is None:
                self._proposals[finding.fingerprint] = found
                for edit in (edit for one in found for edit in one.edits):
                    edits[edit.source].append(edit)
        self._sound = {source for source, several in edits.items() if _is_sound(source, several)}

    def of(self, finding: Finding) -> Iterator[Record]:
        """The fixes of a finding, one for each remedy that writes something of its own."""
        different = {one.edits: one for one in self._proposals.get(finding.fingerprint, ())}
        for one in different.values():
            if all(edit.source in self._sound for edit in one.edits):
                yield {
                    "description": {"text": ALONE if one.remedy.safe else JUDGED},
                    "artifactChanges": list(self._changes(one.edits)),
                }

    def _changes(self, edits: Iterable[Edit]) -> Iterator[Record]:
        by_source: defaultdict[Source, list[Edit]] = defaultdict(list)
        for edit in edits:
            by_source[edit.source].append(edit)
        for source, several in by_source.items():
            yield {
                "artifactLocation": self._reference(source.path),
                "replacements": [_replacement(edit) for edit in several],
            }


def _replacement(edit: Edit) -> Record:
    at = Span(edit.source, edit.start, edit.end).location
    region = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _is_sound(source: Source, edits: Sequence[Edit]) -> bool:
    try:
        proven(source, edits, twice=False)
    except ByHand:
        return False
    return True
