"""Known findings: recorded once, left out until they change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach.errors import UsageError
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agentreach.engine import Scan
    from agentreach.findings import Finding

SCHEMA = "agentreach.baseline/1"


def dump(findings: Iterable[Finding]) -> str:
    """The findings as a baseline file: fingerprints with enough beside them to read a diff of it."""
    rows = [
        {"fingerprint": f.fingerprint, "check": f.check_id, "subject": f.subject.address, "root": f.subject.root}
        for f in findings
    ]
    rows.sort(key=lambda row: (row["root"], row["subject"], row["check"], row["fingerprint"]))
    return json.dumps({"schema": SCHEMA, "findings": rows}, indent=2, ensure_ascii=False)


def load(path: Path) -> frozenset[str]:
    """The fingerprints a baseline file knows. Raises UsageError when it is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise UsageError(f"{path}: schema is {content['schema']!r}, not {SCHEMA!r}")
        return frozenset(str(row["fingerprint"]) for row in content["findings"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{path}: not a baseline file ({error}); write one with --write-baseline") from error


def subtract(scan: Scan, path: Path) -> Scan:
    """The scan without the findings that the baseline knows; `known` counts them."""
    known = load(path)
    kept = tuple(finding for finding in scan.findings if finding.fingerprint not in known)
    return replace(scan, findings=kept, known=scan.known + len(scan.findings) - len(kept))
