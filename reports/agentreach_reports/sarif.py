"""SARIF 2.1.0 for code scanning.

A rule is a check at one severity ("AR302/critical"), because consumers read `security-severity` from the rule.
Fingerprints survive line moves; chains are code flows; frameworks are taxonomies that rules and results refer to by
index. Limits are those that GitHub documents for uploads: beyond them results are left out, the least severe first, and
a notice says so.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from agentreach import __version__
from agentreach.controls import frameworks
from agentreach.findings import Severity
from agentreach_reports.comparison import changes
from agentreach_reports.json_text import compact, dumped
from agentreach_reports.places import relative_uri
from agentreach_reports.records import message
from agentreach_reports.sarif_fixes import Fixes
from agentreach_reports.sarif_rules import Taxonomies, rule, rule_id
from agentreach_reports.visible import visible
from agentreach_reports.wording import some, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.identity import Evidence
    from agentreach.model import Location
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
RANKS = {Severity.LOW: 20.0, Severity.MEDIUM: 55.0, Severity.HIGH: 80.0, Severity.CRITICAL: 95.0}
# docs.github.com, "SARIF results exceed one or more limits": 25,000 results a run, 10 MB compressed.
MOST_RESULTS = 25_000
MOST_BYTES = 10_000_000
MOST_FLOW_LOCATIONS = 100
MOST_NOTES = 1_000


def render(scan: Scan, presentation: Presentation) -> str:
    """The log with one run."""
    kept = _kept(scan.findings)
    text = _written(scan, kept, presentation)
    while kept and (size := _compressed(text)) > MOST_BYTES:
        kept = _kept(scan.findings, int(len(kept) * MOST_BYTES / size * 0.9))
        text = _written(scan, kept, presentation)
    return text


def _compressed(text: str) -> int:
    """How many bytes an upload takes; small logs are not compressed to find out."""
    written = text.encode()
    return len(written) if len(written) <= MOST_BYTES else len(zlib.compress(written))


def _kept(findings: Sequence[Finding], most: int = MOST_RESULTS) -> Sequence[Finding]:
    """All findings in order, or as many as fit, the most severe first."""
    if len(findings) <= most:
        return findings
    return sorted(findings, key=lambda one: (one.suppressed is not None, -one.severity))[:most]


def _written(scan: Scan, findings: Sequence[Finding], presentation: Presentation) -> str:
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(scan, findings, presentation)]}
    if len(findings) > MOST_NOTES:
        return compact(log)
    return dumped(log)


def _run(scan: Scan, findings: Sequence[Finding], presentation: Presentation) -> Record:
    rules = sorted({(finding.check_id, finding.severity) for finding in findings})
    checks = {check.id: check for check in scan.checks}
    titles = {finding.check_id: finding for finding in findings}
    wanted = presentation.frameworks or tuple(name for name, one in frameworks().items() if not one.is_watch_list)
    taxonomies = Taxonomies([name for name in wanted if name in frameworks()], findings)
    files = _Files(findings, scan)
    run: Record = {
        "tool": {
            "driver": {
                "name": "agentreach",
                "semanticVersion": __version__,
                "rules": [rule(checks.get(name), titles[name], severity, taxonomies) for name, severity in rules],
                "supportedTaxonomies": taxonomies.references(),
            }
        },
        "taxonomies": taxonomies.components(),
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the directory the scan was started in"}}},
        "invocations": [_invocation(scan, files, dropped=len(scan.findings) - len(findings))],
        "artifacts": files.artifacts(),
        "automationDetails": {"id": "agentreach/"},
    }
    numbers = {one: number for number, one in enumerate(rules)}
    made = changes(scan.open_findings, presentation.previous)
    states = made.words if made else {}
    fixes = Fixes(findings, scan.sources, files.reference)
    run["results"] = [
        _result(finding, numbers, files, fixes) | _baseline(states.get(finding.fingerprint)) for finding in findings
    ]
    if presentation.revision:
        run["properties"] = {"revision": presentation.revision}
    return run


class _Files:
    """The files that results speak of, each once, in order; results refer to them by index."""

    def __init__(self, findings: Iterable[Finding], scan: Scan) -> None:
        paths = {evidence.at.source.path for finding in findings for evidence in finding.evidence}
        paths |= {broken.at.source.path for broken in scan.broken} | {skip.path for skip in scan.skipped}
        self.numbers = {path: number for number, path in enumerate(sorted(paths))}

    def artifacts(self) -> list[Record]:
        return [{"location": {"uri": relative_uri(path), "uriBaseId": "SRCROOT"}} for path in self.numbers]

    def reference(self, path: str) -> Record:
        listed = {"index": self.numbers[path]} if path in self.numbers else {}
        return {"uri": relative_uri(path), "uriBaseId": "SRCROOT", **listed}

    def place(self, at: Location) -> Record:
        region = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
        return {"artifactLocation": self.reference(at.path), "region": region}

    def location(self, evidence: Evidence) -> Record:
        said = {"message": {"text": visible(evidence.note)}} if evidence.note else {}
        return {"physicalLocation": self.place(evidence.at.location), **said}


def _invocation(scan: Scan, files: _Files, *, dropped: int) -> Record:
    notes: list[Record] = []
    if dropped:
        text = f"{some(dropped, 'result')} beyond what code scanning accepts left out, the least severe first"
        notes.append({"level": "warning", "message": {"text": text}})
    notes += [_notice("error", broken.message, files.place(broken.at.location)) for broken in scan.broken]
    for skip in scan.skipped[:MOST_NOTES]:
        where: Record = {"artifactLocation": files.reference(skip.path)}
        where |= {"region": {"startLine": skip.line}} if skip.line else {}
        notes.append(_notice("note" if skip.by_design else "error", skip.reason, where))
    return {"executionSuccessful": not scan.is_incomplete(), "toolExecutionNotifications": notes}


def _notice(level: str, text: str, where: Record) -> Record:
    return {"level": level, "message": {"text": visible(text, 1000)}, "locations": [{"physicalLocation": where}]}


def _result(finding: Finding, numbers: dict[tuple[str, Severity], int], files: _Files, fixes: Fixes) -> Record:
    said = f"{message(finding)}. {finding.remediation}" if finding.remediation else message(finding)
    result: Record = {
        "ruleId": rule_id(finding.check_id, finding.severity),
        "ruleIndex": numbers[finding.check_id, finding.severity],
        "level": LEVELS[finding.severity],
        "rank": RANKS[finding.severity],
        "message": {"text": visible(said, 4000)},
        "locations": [files.location(finding.evidence[0])] if finding.evidence else [],
        "relatedLocations": [
            {"id": number, **files.location(evidence)} for number, evidence in enumerate(finding.evidence[1:], start=1)
        ],
        "partialFingerprints": {"agentreach/v1": finding.fingerprint},
        "suppressions": [_suppression(finding, files)] if finding.suppressed else [],
        "properties": {
            "confidence": finding.confidence.label,
            "agents": [visible(key.address) for key in finding.agents],
            "subject": visible(finding.subject.address),
        },
    }
    if len(finding.evidence) > 1:
        result["codeFlows"] = [_flow(finding, files)]
    if proposals := list(fixes.of(finding)):
        result["fixes"] = proposals
    return result


def _baseline(state: str | None) -> Record:
    """Whether an earlier report knew it."""
    return {"baselineState": state} if state else {}


def _suppression(finding: Finding, files: _Files) -> Record:
    assert finding.suppressed is not None
    path = finding.suppressed.path
    where: Record = {"artifactLocation": {"uri": relative_uri(path), "uriBaseId": "SRCROOT"}}
    where["artifactLocation"] |= {"index": files.numbers[path]} if path in files.numbers else {}
    where["region"] = {"startLine": max(finding.suppressed.line, 1)}
    justification = visible(why(finding.suppressed))
    return {"kind": "inSource", "justification": justification, "location": {"physicalLocation": where}}


def _flow(finding: Finding, files: _Files) -> Record:
    """From the agent to the statement: the evidence backwards."""
    steps = [{"location": files.location(evidence)} for evidence in reversed(finding.evidence[:MOST_FLOW_LOCATIONS])]
    return {"threadFlows": [{"locations": steps}]}
