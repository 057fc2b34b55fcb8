"""What the access review page knows about a framework: every entry with its state and the checks behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach_reports.compliance import Assessment, Table

Record = dict[str, Any]


def framework_record(table: Table) -> Record:
    """A framework with all entries of its catalogue."""
    framework = table.framework
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "publisher": framework.publisher,
        "status": framework.status,
        "url": framework.url,
        "entries": [_entry(one) for one in table.assessments],
    }


def _entry(one: Assessment) -> Record:
    return {
        "id": one.entry.id,
        "cite": one.entry.cite_as,
        "title": one.entry.title,
        "summary": one.entry.summary,
        "state": "beyond-code" if one.is_beyond_code else one.state.value,
        "words": one.words,
        "why": one.why,
        "attest": list(one.attest),
        "limited": sorted({finding.check_id for finding in one.limiting}),
        "links": _links(one),
    }


def _links(one: Assessment) -> Sequence[list[str]]:
    return [[link.check.id, link.control.relation, link.control.basis] for link in one.links]
