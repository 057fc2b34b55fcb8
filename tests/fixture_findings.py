"""What a scan of fixtures finds, as rows that tests compare with the review a person would write."""

from __future__ import annotations

import sys
from os import chdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentreach import scan
from agentreach.engine import Options
from agentreach.identity import Confidence

if TYPE_CHECKING:
    import pytest

    from agentreach.engine import Scan
    from agentreach.findings import Finding

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
WRITTEN_ON = 1_795_478_400
"""The day from which dates in fixtures are counted: 24 November 2026."""


class Row(NamedTuple):
    """One finding: how bad, how sure, which check, its primary line, whom it is about, which agents it concerns."""

    severity: str
    confidence: str
    check: str
    place: str
    subject: str
    agents: str


def scanned(monkeypatch: pytest.MonkeyPatch, directory: Path, *paths: str) -> Scan:
    """Scan from within a directory, so that paths read as the fixture's README writes them."""
    monkeypatch.chdir(directory)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(WRITTEN_ON))
    return scan(*(paths or (".",)), options=Options(min_confidence=Confidence.LOW, helm="off"))


def rows(result: Scan) -> list[Row]:
    return sorted(row(finding) for finding in result.findings)


def row(finding: Finding) -> Row:
    at = finding.evidence[0].at
    agents = ",".join(key.address.rpartition("/")[2] for key in finding.agents) or "-"
    place = f"{at.source.path}:{at.location.line}"
    address = finding.subject.address
    return Row(finding.severity.label, finding.confidence.label, finding.check_id, place, address, agents)


def table(text: str) -> list[Row]:
    """Rows as written in a test, one a line, columns apart by spaces."""
    return sorted(Row(*line.split()) for line in text.strip().splitlines())


def aligned(found: list[Row]) -> str:
    """A table as `table` reads it."""
    widths = [max((len(one[column]) for one in found), default=0) for column in range(len(Row._fields))]
    return "".join(" ".join(map(str.ljust, one, widths)).rstrip() + "\n" for one in found)


if __name__ == "__main__":
    chdir(FIXTURES / sys.argv[1])
    sys.stdout.write(aligned(rows(scan(".", options=Options(min_confidence=Confidence.LOW, helm="off")))))
