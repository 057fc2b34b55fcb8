"""Findings of other tools, read from their reports and mapped onto the agents they concern.

    agentreach scan --import checkov.json --import trivy.sarif

What a report says is data of whoever wrote it: bounded, never opened or followed, and marked with its origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.consolidate import consolidate
from agentreach.integrations.imported.checks import checks_for
from agentreach.integrations.imported.concern import Places
from agentreach.integrations.imported.reading import read
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agentreach.engine import Scan
    from agentreach.integrations.imported.reading import Imported

__all__ = ["attach", "load", "read"]


def load(scan: Scan, reports: Iterable[Path]) -> Scan:
    """The scan with what the reports say about its agents. Raises UsageError for what is no report."""
    for path in reports:
        scan = attach(scan, read(path), path.name)
    return scan


def attach(scan: Scan, found: tuple[Imported, ...], name: str) -> Scan:
    """The scan with those of the findings that concern an agent; the others are counted in a note."""
    places = Places(scan)
    checks = checks_for(found)
    claims = [finding for one in found for finding in places.findings(one, checks[one.rule])]
    added = consolidate(claims, tuple(checks.values()))
    concerned = {finding.check_id for finding in added}
    note = f"{name}: {len(found)} findings read, {len(added)} concern agents"
    return replace(
        scan,
        findings=(*scan.findings, *(one for one in added if one.fingerprint not in _known(scan))),
        checks=(
            *scan.checks,
            *(check for check in checks.values() if check.id in concerned and check.id not in _ids(scan)),
        ),
        notes=(*scan.notes, note),
    )


def _known(scan: Scan) -> frozenset[str]:
    return frozenset(one.fingerprint for one in scan.findings)


def _ids(scan: Scan) -> frozenset[str]:
    return frozenset(check.id for check in scan.checks)
