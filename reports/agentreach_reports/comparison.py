"""What differs from an earlier JSON report: new, gone and unchanged findings, by fingerprint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agentreach.errors import UsageError
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.findings import Finding

SCHEMAS = ("agentreach.compliance/1", "agentreach.scan/1", "agentreach.review/1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`gone` are records of the earlier report: what they named is no longer found."""

    new: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    gone: tuple[dict[str, Any], ...]

    @property
    def counts(self) -> str:
        """`2 new, 1 gone, 12 unchanged`."""
        return f"{len(self.new)} new, {len(self.gone)} gone, {len(self.unchanged)} unchanged"

    @property
    def record(self) -> dict[str, Any]:
        """For JSON: fingerprints of what is there, records of what is gone."""
        return {
            "new": [finding.fingerprint for finding in self.new],
            "unchanged": [finding.fingerprint for finding in self.unchanged],
            "gone": list(self.gone),
        }

    @property
    def words(self) -> dict[str, str]:
        """`new` or `unchanged` by fingerprint, of what counts."""
        return {one.fingerprint: "unchanged" for one in self.unchanged} | {one.fingerprint: "new" for one in self.new}


def earlier(text: str) -> dict[str, Any]:
    """An earlier report. Raises UsageError when the text is none of ours."""
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the report to compare with is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") not in SCHEMAS:
        schema = document.get("schema") if isinstance(document, dict) else None
        raise UsageError(f"the report to compare with is {schema!r}; write one with --format json ({SCHEMAS[0]})")
    if not isinstance(document.get("findings"), list):
        raise UsageError("the report to compare with has no findings")
    return document


def changes(findings: Iterable[Finding], previous: str | None) -> Changes | None:
    """What a scan's open findings change; None when there is nothing to compare with."""
    if previous is None:
        return None
    before = {str(one.get("fingerprint")): one for one in earlier(previous)["findings"] if _counts(one)}
    now = list(findings)
    fingerprints = {finding.fingerprint for finding in now}
    return Changes(
        new=tuple(finding for finding in now if finding.fingerprint not in before),
        unchanged=tuple(finding for finding in now if finding.fingerprint in before),
        gone=tuple(_gone(record) for key, record in before.items() if key not in fingerprints),
    )


def _counts(record: object) -> bool:
    return isinstance(record, dict) and not record.get("suppressed")


def _gone(record: dict[str, Any]) -> dict[str, Any]:
    """Texts only, whatever a hand-made file holds."""
    severity = str(record.get("severity"))
    return {
        "fingerprint": str(record.get("fingerprint", "")),
        "check": str(record.get("check", "")),
        "severity": severity if severity in {"critical", "high", "medium", "low"} else "low",
        "subject": str(record.get("subject", "")),
        "root": str(record.get("root", "")),
        "message": str(record.get("message", "")),
    }
