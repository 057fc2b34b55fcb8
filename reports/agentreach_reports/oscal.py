"""OSCAL 1.2 assessment results: observations and risks, with the entries they are evidence for.

OSCAL's own findings say whether a control is satisfied. A static analysis cannot say that, so there are none: what was
found is an observation and a risk, and what people still have to attest stands in the attestations.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from agentreach import __version__
from agentreach_reports import compliance
from agentreach_reports.comparison import changes
from agentreach_reports.compliance_markdown import PREAMBLE, scanned
from agentreach_reports.json_text import Shared, dumped
from agentreach_reports.places import relative_uri
from agentreach_reports.records import message
from agentreach_reports.relevance import told
from agentreach_reports.scan_json import tool
from agentreach_reports.visible import visible
from agentreach_reports.wording import why

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Control, Finding
    from agentreach.graph.views import AgentView
    from agentreach.model import Key
    from agentreach_reports.compliance import Table
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
VERSION = "1.2.1"
SPACE = "https://agentreach.dev/ns/oscal"
NIST = "nist-sp-800-53-r5"
PLACES_SHOWN = 20


def render(scan: Scan, presentation: Presentation) -> str:
    """The document; identifiers are made from what they name, so that runs give the same bytes."""
    return dumped({"assessment-results": _Results(scan, presentation).document()})


class _Results:
    def __init__(self, scan: Scan, presentation: Presentation) -> None:
        self.scan, self.presentation = scan, presentation
        self.tables = compliance.tables(scan, presentation.frameworks)
        self.cited = {
            (table.framework.id, one.entry.id): one.entry.cite_as for table in self.tables for one in table.assessments
        }
        self.changes = changes(scan.open_findings, presentation.previous)
        self.words = self.changes.words if self.changes else {}
        self.relevant: dict[tuple[Control, ...], list[Record]] = {}
        self.moment = presentation.dated.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.base = uuid5(NAMESPACE_URL, f"{SPACE}/{presentation.revision or ''}")

    def identifier(self, kind: str, name: str) -> str:
        return str(uuid5(self.base, f"{kind}/{name}"))

    def document(self) -> Record:
        plan = self.identifier("resource", "plan")
        fingerprints = "".join(sorted(finding.fingerprint for finding in self.scan.findings))
        return {
            "uuid": self.identifier("document", fingerprints),
            "metadata": {
                "title": "Agent access: evidence by framework",
                "last-modified": self.moment,
                "version": _text(self.presentation.revision or __version__),
                "oscal-version": VERSION,
                "props": [_prop("tool", "agentreach"), _prop("tool-version", __version__)],
                "remarks": PREAMBLE,
            },
            "import-ap": {"href": f"#{plan}", "remarks": "No assessment plan document: the checks are the plan."},
            "results": [self._result()],
            "back-matter": {
                "resources": [
                    {
                        "uuid": plan,
                        "title": "The checks of this run",
                        "description": "Each check's page: agentreach explain ID.",
                        "props": [_prop("check", f"{check.id} {check.name}") for check in self.scan.checks]
                        or [_prop("check", "none")],
                    }
                ]
            },
        }

    def _result(self) -> Record:
        result: Record = {
            "uuid": self.identifier("result", "scan"),
            "title": "Static analysis of infrastructure code",
            "description": _text(scanned(self.scan, self.presentation)),
            "start": self.moment,
            "end": self.moment,
            "props": [_prop("action-catalogue", tool()["action_catalogue"])],
            "reviewed-controls": {"control-selections": [self._selection(table) for table in self.tables]},
            "attestations": [{"parts": self._attestations()}],
        }
        components = [self._component(view) for view in self.scan.graph.agents]
        if components:
            result["local-definitions"] = {"components": components}
        if self.scan.findings:
            about = [(finding, _about(finding)) for finding in self.scan.findings]
            result["observations"] = [self._observation(*one) for one in about]
            result["risks"] = [self._risk(*one) for one in about]
        if self.changes and self.changes.gone:
            result.setdefault("risks", []).extend(map(self._closed, self.changes.gone))
        return result

    def _selection(self, table: Table) -> Record:
        """The entries that checks of this run looked at; the whole framework's name is its description."""
        seen = [one.entry.id for one in table.assessments if one.links] or [table.assessments[0].entry.id]
        framework = table.framework
        return {
            "description": _text(f"{framework.name}, version {framework.version}"),
            "props": [_prop("framework", framework.id)],
            "include-controls": [{"control-id": control_id(framework.id, entry)} for entry in seen],
        }

    def _component(self, view: AgentView) -> Record:
        at = view.agent.at.location
        owner = [_prop("owner", view.owner)] if view.owner else []
        return {
            "uuid": self._agent(view.key),
            "type": "software",
            "title": _text(view.name or view.key.address),
            "description": _text(f"{view.agent.kind} {view.key.address}, declared at {at.path}:{at.line}"),
            "props": [_prop("role", view.role.value), _prop("root", view.key.root), *owner],
            "status": {"state": "other", "remarks": "As declared in the scanned code."},
        }

    def _agent(self, key: Key) -> str:
        return self.identifier("agent", f"{key.root}::{key.address}")

    def _observation(self, finding: Finding, about: list[Record]) -> Record:
        subjects = [{"subject-uuid": self._agent(key), "type": "component"} for key in finding.agents]
        observation: Record = {
            "uuid": self.identifier("observation", finding.fingerprint),
            "title": _text(f"{finding.check_id} {finding.title}"),
            "description": _text(message(finding)),
            "props": [*about, *self._change(finding), *self._relevant(finding)],
            "methods": ["EXAMINE"],
            "types": ["finding"],
            "relevant-evidence": [
                {
                    "href": f"{relative_uri(one.at.location.path)}#L{one.at.location.line}",
                    "description": _text(one.note or "here"),
                }
                for one in finding.evidence[:PLACES_SHOWN]
            ],
            "collected": self.moment,
        }
        if not finding.evidence:
            del observation["relevant-evidence"]
        return observation | ({"subjects": subjects} if subjects else {})

    def _change(self, finding: Finding) -> list[Record]:
        """Whether the earlier report knew it."""
        word = self.words.get(finding.fingerprint)
        return [_prop("change", word)] if word else []

    def _closed(self, gone: dict[str, str]) -> Record:
        """What an earlier report named and this one no longer finds."""
        facts = {name: gone[name] for name in ("check", "severity", "fingerprint", "subject", "root")}
        return {
            "uuid": self.identifier("gone", _text(gone["fingerprint"])),
            "title": _text(gone["check"]),
            "description": _text(gone["message"]),
            "statement": "No longer found in the scanned code.",
            "props": [_prop(name, value) for name, value in facts.items() if value] + [_prop("change", "gone")],
            "status": "closed",
        }

    def _relevant(self, finding: Finding) -> list[Record]:
        """`relevant-to`: the entries of the frameworks of this report that it concerns, and how."""
        if finding.controls not in self.relevant:
            self.relevant[finding.controls] = [
                Shared(_prop("relevant-to", self.cited[one.framework, one.id], one.framework), remarks=told(one))
                for one in finding.controls
                if (one.framework, one.id) in self.cited
            ]
        return self.relevant[finding.controls]

    def _risk(self, finding: Finding, about: list[Record]) -> Record:
        suppressed = finding.suppressed
        risk: Record = {
            "uuid": self.identifier("risk", finding.fingerprint),
            "title": _text(f"{finding.check_id} {finding.title}"),
            "description": _text(message(finding)),
            "statement": _text(f"Reach as declared, not use: {message(finding)}"),
            "props": about,
            "status": "deviation-approved" if suppressed else "open",
            "related-observations": [{"observation-uuid": self.identifier("observation", finding.fingerprint)}],
        }
        if finding.remediation:
            risk["remediations"] = [
                {
                    "uuid": self.identifier("remediation", finding.fingerprint),
                    "lifecycle": "recommendation",
                    "title": "What to do",
                    "description": _text(finding.remediation),
                }
            ]
        if suppressed:
            where = f"{suppressed.path}:{suppressed.line}"
            risk["props"] = [*about, _prop("suppressed", f"{why(suppressed)} ({where})")]
        return risk

    def _attestations(self) -> list[Record]:
        """What people still have to show, by framework; entries that need the same stand together."""
        return [self._attestation(table) for table in self.tables]

    def _attestation(self, table: Table) -> Record:
        grouped: dict[tuple[str, ...], list[str]] = {}
        for one in table.assessments:
            grouped.setdefault(one.attest, []).append(f"{one.entry.cite_as} ({one.words})")
        rows = [f"- {', '.join(entries)}: {' '.join(texts)}" for texts, entries in grouped.items()]
        return {"name": _token(table.framework.id), "title": _text(table.framework.name), "prose": "\n".join(rows)}


def control_id(framework: str, entry: str) -> str:
    """An entry as an OSCAL token; entries of SP 800-53 have the ids of NIST's own OSCAL catalogue (`ac-6.5`)."""
    if framework == NIST:
        return _token(entry.lower().replace("(", ".").replace(")", ""))
    return _token(f"{framework}_{entry}".lower())


def _token(text: str) -> str:
    token = re.sub(r"[^\w.-]+", "-", text, flags=re.ASCII).strip("-.")
    return token if token[:1].isalpha() else f"_{token}"


def _about(finding: Finding) -> list[Record]:
    """Facts that tools sort by."""
    facts = {
        "check": finding.check_id,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "fingerprint": finding.fingerprint,
        "subject": finding.subject.address,
        "root": finding.subject.root,
    }
    return [_prop(name, value) for name, value in facts.items() if value]


@lru_cache(maxsize=8192)
def _prop(name: str, value: str, class_: str = "") -> Record:
    return Shared(name=name, ns=SPACE, value=_text(value), **({"class": _token(class_)} if class_ else {}))


def _text(raw: str) -> str:
    """OSCAL strings are not empty and neither start nor end with space."""
    return visible(raw, 4000).strip() or "-"
