"""JUnit XML: a suite per agent, a case per finding; a scan without findings is one passed case.

Only what the schema of Jenkins' xUnit plugin (junit-10.xsd) allows: places are text, a case has no attributes for them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from agentreach_reports.records import counted, message
from agentreach_reports.visible import visible
from agentreach_reports.wording import some, why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach_reports.presentation import Presentation

NOTHING = {"tests": "0", "failures": "0", "errors": "0", "skipped": "0", "time": "0"}


def render(scan: Scan, presentation: Presentation) -> str:
    """The document; findings below `fail_on` are reported as passed with their text."""
    root = Element("testsuites", {"name": "agentreach", **_counts(scan.findings, presentation)})
    del root.attrib["skipped"]
    ordered = sorted(scan.findings, key=_suite_name)
    for name, group in groupby(ordered, key=_suite_name):
        _suite(root, name, list(group), presentation)
    if not ordered:
        root.set("tests", "1")
        suite = SubElement(root, "testsuite", {"name": "agentreach", **NOTHING, "tests": "1"})
        name = f"no findings in {some(scan.files, 'file')}, {some(counted(scan.graph), 'agent')}"
        SubElement(suite, "testcase", classname="agentreach", name=name, time="0")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite_name(finding: Finding) -> str:
    return finding.agents[0].address if finding.agents else "the analysis itself"


def _fails(finding: Finding, presentation: Presentation) -> bool:
    return finding.suppressed is None and presentation.fail_on is not None and finding.severity >= presentation.fail_on


def _suite(root: Element, name: str, findings: list[Finding], presentation: Presentation) -> None:
    suite = SubElement(root, "testsuite", {"name": visible(name), **_counts(findings, presentation)})
    for finding in findings:
        _case(suite, finding, presentation)


def _counts(findings: Sequence[Finding], presentation: Presentation) -> dict[str, str]:
    failures = sum(_fails(finding, presentation) for finding in findings)
    skipped = sum(finding.suppressed is not None for finding in findings)
    return NOTHING | {"tests": str(len(findings)), "failures": str(failures), "skipped": str(skipped)}


def _case(suite: Element, finding: Finding, presentation: Presentation) -> None:
    name = visible(f"{finding.subject.address} {finding.fingerprint[:8]}")
    case = SubElement(suite, "testcase", classname=f"{finding.check_id}.{finding.name}", name=name, time="0")
    text = visible(f"{message(finding)}. {finding.remediation}", 4000)
    if finding.suppressed is not None:
        SubElement(case, "skipped", message=visible(f"suppressed: {why(finding.suppressed)}"))
    elif _fails(finding, presentation):
        SubElement(case, "failure", message=text, type=finding.severity.label).text = _where(finding)
    else:
        SubElement(case, "system-out").text = f"{text}\n{_where(finding)}"


def _where(finding: Finding) -> str:
    places = ((evidence.at.location, evidence.note) for evidence in finding.evidence)
    return "\n".join(f"{visible(at.path)}:{at.line}:{at.column}: {visible(note)}" for at, note in places)
