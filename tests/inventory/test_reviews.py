"""Every stack against what a careful person wrote down about it: nothing missing, nothing extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixture_findings import WRITTEN_ON
from inventory.reviews import COLUMNS, FIXTURES, Review, reviewed, said, written

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path
    from typing import Any

    from inventory.reviews import Row, Tables

STACKS = sorted(path.parent.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("review.md"))


class Compared:
    """A stack's review, what the tool says, and the tool's findings."""

    def __init__(self, stack: Path) -> None:
        self.review: Review = written(stack)
        self.document: dict[str, Any] = reviewed()
        self.said: Tables = said(self.document)

    def missing(self, table: str) -> Counter[Row]:
        return self.review.tables[table] - self.said[table]

    def extra(self, table: str) -> Counter[Row]:
        return self.said[table] - self.review.tables[table]


@pytest.fixture(params=STACKS)
def compared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Compared:
    stack = FIXTURES / request.param
    monkeypatch.chdir(stack)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(WRITTEN_ON))
    return Compared(stack)


@pytest.mark.parametrize("table", COLUMNS)
def test_the_tool_says_what_the_review_states(compared: Compared, table: str) -> None:
    assert (list(compared.missing(table)), list(compared.extra(table))) == ([], [])


def test_nothing_is_reported_where_the_review_says_all_is_well(compared: Compared) -> None:
    found: dict[str, list[str]] = {}
    for finding in compared.document["findings"]:
        first = finding["evidence"][0]
        found.setdefault(f"{first['path']}:{first['line']}", []).append(finding["check"])
    assert {place: found[place] for place in compared.review.silent if place in found} == {}
    if compared.review.clean:
        assert found == {}


def test_there_are_stacks_of_every_format() -> None:
    assert len(STACKS) >= 12
