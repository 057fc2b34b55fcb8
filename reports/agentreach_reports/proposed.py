"""A smaller statement as people read it: a title, and the text to put in its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach_reports.masking import HIDDEN, hidden_in
from agentreach_reports.visible import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.review_proposals import Proposal


class Pasted(NamedTuple):
    """What to write at a place (`path:line`). `text` is empty where nothing is left."""

    title: str
    place: str
    remark: str
    text: str
    language: str = "json"


_LANGUAGES = {"tf": "hcl", "tofu": "hcl", "yaml": "yaml", "yml": "yaml"}


def pasted(proposal: Proposal) -> Iterator[Pasted]:
    """Each text in the syntax of its file; as JSON where the file writes no list of it."""
    at = proposal.at.location
    place = f"{at.path}:{at.line}"
    if not proposal.statement:
        yield Pasted("Nothing that is declared calls for the statement at", place, "remove it", "")
        return
    for one in proposal.written:
        where = one.at.location
        language = _LANGUAGES.get(where.path.rpartition(".")[2], "json")
        remark = "others may use it too" if one.elsewhere else ""
        yield Pasted("Smaller, to replace what is at", f"{where.path}:{where.line}", remark, safe(one.text), language)
    if not proposal.written:
        holes = "`…` stays as the file writes it" if proposal.has_holes else ""
        remark = "; ".join(filter(None, (proposal.by_hand, holes)))
        statement = json.dumps(json.loads(proposal.statement), indent=2, ensure_ascii=False)
        yield Pasted("Smaller, instead of what is at", place, remark, safe(statement))


def safe(text: str) -> str:
    """Code of the scanned files, line by line: secrets hidden, characters that hide or reorder text spelled out."""
    return "\n".join(spelled(_without_secrets(line)) for line in text.split("\n"))


def _without_secrets(line: str) -> str:
    for begin, end in sorted(hidden_in(line), reverse=True):
        line = f"{line[:begin]}{HIDDEN}{line[end:]}"
    return line
