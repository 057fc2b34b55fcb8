"""SARIF 2.1.0 for code scanning.

A rule is a check at one severity ("AR302/critical"), because consumers read `security-severity` from the
rule. Fingerprints survive line moves; chains are code flows; frameworks are taxonomies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from agentreach import __version__
from agentreach.controls import frameworks
from agentreach.findings import Severity
from agentreach_reports.records import message
from agentreach_reports.scan_json import dumped
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.check import Check
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.identity import Evidence
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
PRECISION = {1: "low", 2: "medium", 3: "high"}
MOST_RESULTS = 25_000
MOST_TAGS = 20


def render(scan: Scan, presentation: Presentation) -> str:
    """The log with one run."""
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(scan, presentation)]})


def _run(scan: Scan, presentation: Presentation) -> Record:
    findings = scan.findings[:MOST_RESULTS]
    rules = sorted({(finding.check_id, finding.severity) for finding in findings})
    numbers = {rule: number for number, rule in enumerate(rules)}
    checks = {check.id: check for check in scan.checks}
    wanted = presentation.frameworks or tuple(name for name, one in frameworks().items() if not one.is_watch_list)
    return {
        "tool": {
            "driver": {
                "name": "agentreach",
                "semanticVersion": __version__,
                "rules": [_rule(checks[check_id], severity, wanted) for check_id, severity in rules],
                "supportedTaxonomies": [{"name": name, "index": index} for index, name in enumerate(wanted)],
            }
        },
        "taxonomies": [_taxonomy(name, findings) for name in wanted],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the directory the scan was started in"}}},
        "invocations": [_invocation(scan, dropped=len(scan.findings) - len(findings))],
        "results": [_result(finding, numbers) for finding in findings],
    }


def _rule(check: Check, severity: Severity, wanted: Iterable[str]) -> Record:
    controls = [control for control in check.controls if control.framework in set(wanted)]
    tags = ["security", *dict.fromkeys(f"{c.framework}/{c.id}" for c in controls)][:MOST_TAGS]
    return {
        "id": f"{check.id}/{severity.label}",
        "name": "".join(part.capitalize() for part in check.name.split("-")),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": f"{check.title}. {check.limits}".strip()},
        "help": {"text": check.remediation or check.title, "markdown": _help(check)},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": tags, "security-severity": SCORES[severity], "problem.severity": _problem(severity)},
        "relationships": [
            {"target": {"id": c.id, "toolComponent": {"name": c.framework}}, "kinds": ["relevant"]} for c in controls
        ],
    }


def _help(check: Check) -> str:
    lines = [f"**{check.title}**", "", check.remediation, "", f"Run `agentreach explain {check.id}` for examples."]
    return "\n".join([*lines, *(["", f"What it must not be read as: {check.limits}"] if check.limits else [])])


def _problem(severity: Severity) -> str:
    return {"note": "recommendation", "warning": "warning", "error": "error"}[LEVELS[severity]]


def _taxonomy(name: str, findings: Iterable[Finding]) -> Record:
    """The framework with the entries that results refer to."""
    framework = frameworks()[name]
    cited = {control.id for finding in findings for control in finding.controls if control.framework == name}
    return {
        "name": name,
        "fullName": framework.name,
        "version": framework.version,
        "organization": framework.publisher,
        "informationUri": framework.url,
        "shortDescription": {"text": framework.name},
        "taxa": [
            {"id": entry.id, "name": entry.title, "shortDescription": {"text": entry.summary or entry.title}}
            for entry in framework.entries
            if entry.id in cited
        ],
    }


def _invocation(scan: Scan, *, dropped: int) -> Record:
    notes = [_notice("error", str(broken.at.location.path), broken.message) for broken in scan.broken]
    notes += [
        _notice("note" if skip.by_design else "error", skip.path, skip.reason) for skip in scan.skipped[:MOST_RESULTS]
    ]
    if dropped:
        notes.append(_notice("warning", ".", f"{dropped} results beyond {MOST_RESULTS} are left out"))
    return {"executionSuccessful": not scan.is_incomplete(), "toolExecutionNotifications": notes}


def _notice(level: str, path: str, text: str) -> Record:
    location = {"physicalLocation": {"artifactLocation": _artifact(path)}}
    return {"level": level, "message": {"text": visible(text, 1000)}, "locations": [location]}


def _artifact(path: str) -> Record:
    return {"uri": quote(path, safe="/"), "uriBaseId": "SRCROOT"}


def _result(finding: Finding, numbers: dict[tuple[str, Severity], int]) -> Record:
    agents = [key.address for key in finding.agents]
    result: Record = {
        "ruleId": f"{finding.check_id}/{finding.severity.label}",
        "ruleIndex": numbers[finding.check_id, finding.severity],
        "level": LEVELS[finding.severity],
        "message": {"text": visible(f"{message(finding)}. {finding.remediation}".strip(), 4000)},
        "locations": [_location(finding.evidence[0])] if finding.evidence else [],
        "relatedLocations": [
            {"id": number, **_location(evidence), "message": {"text": visible(evidence.note)}}
            for number, evidence in enumerate(finding.evidence[1:], start=1)
        ],
        "partialFingerprints": {"agentreach/v1": finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.label,
            "precision": PRECISION[finding.confidence],
            "agents": [visible(agent) for agent in agents],
            "subject": visible(finding.subject.address),
        },
    }
    if len(finding.evidence) > 1:
        result["codeFlows"] = [_flow(finding)]
    if finding.suppressed:
        result["suppressions"] = [{"kind": "inSource", "justification": visible(finding.suppressed.reason)}]
    return result


def _flow(finding: Finding) -> Record:
    """From the agent to the statement: the evidence backwards."""
    steps = [
        {"location": {**_location(evidence), "message": {"text": visible(evidence.note)}}}
        for evidence in reversed(finding.evidence)
    ]
    return {"threadFlows": [{"locations": steps}]}


def _location(evidence: Evidence) -> Record:
    at = evidence.at.location
    region = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
    return {"physicalLocation": {"artifactLocation": _artifact(at.path), "region": region}}
