"""Rules and taxonomies of a SARIF log: what a check means, and which entries of which frameworks it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.controls import frameworks
from agentreach.findings import Severity
from agentreach_reports.relevance import is_evidence, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.check import Check
    from agentreach.findings import Control, Finding

Record = dict[str, Any]
SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
PROBLEMS = {"note": "recommendation", "warning": "warning", "error": "error"}
# GitHub shows at most twenty tags of a rule.
MOST_TAGS = 20


def rule_id(check_id: str, severity: Severity) -> str:
    """A check at one severity."""
    return f"{check_id}/{severity.label}"


class Taxonomies:
    """The frameworks of a log, each with the entries that its rules refer to."""

    def __init__(self, names: Sequence[str], findings: Iterable[Finding]) -> None:
        cited = {(control.framework, control.id) for finding in findings for control in finding.controls}
        self.entries = {
            name: [entry for entry in frameworks()[name].entries if (name, entry.id) in cited] for name in names
        }
        self.numbers = {name: number for number, name in enumerate(self.entries)}
        self.places = {
            (name, entry.id): number for name, entries in self.entries.items() for number, entry in enumerate(entries)
        }

    def references(self) -> list[Record]:
        """One reference per taxonomy, for the driver."""
        return [{"name": name, "index": number} for name, number in self.numbers.items()]

    def components(self) -> list[Record]:
        """The taxonomies themselves."""
        return [self._component(name) for name in self.entries]

    def _component(self, name: str) -> Record:
        framework = frameworks()[name]
        return {
            "name": name,
            "fullName": framework.name,
            "version": framework.version,
            "organization": framework.publisher,
            "informationUri": framework.url,
            "shortDescription": {"text": framework.name},
            "isComprehensive": False,
            "taxa": [
                {"id": entry.id, "name": entry.title, "shortDescription": {"text": entry.summary or entry.title}}
                for entry in self.entries[name]
            ],
        }

    def relationships(self, controls: Iterable[Control]) -> list[Record]:
        """How a rule relates to entries; each resolves to a taxon by its indexes."""
        return [
            {
                "target": {
                    "id": control.id,
                    "index": self.places[control.framework, control.id],
                    "toolComponent": {"name": control.framework, "index": self.numbers[control.framework]},
                },
                "kinds": ["relevant"],
                "description": {"text": told(control)},
            }
            for control in controls
            if (control.framework, control.id) in self.places
        ]


def rule(check: Check | None, example: Finding, severity: Severity, taxonomies: Taxonomies) -> Record:
    """A check at one severity. `check` is None when a finding came from elsewhere."""
    title = check.title if check else example.title
    limits = check.limits if check else ""
    controls = [control for control in example.controls if control.framework in taxonomies.numbers]
    tags = ["security", *dict.fromkeys(f"{control.framework}/{control.id}" for control in controls)]
    return {
        "id": rule_id(example.check_id, severity),
        "name": "".join(part.capitalize() for part in example.name.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. {limits}".strip()},
        "help": _help(example, title, limits, controls),
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {
            "tags": tags[:MOST_TAGS],
            "security-severity": SCORES[severity],
            "precision": example.confidence.label,
            "problem.severity": PROBLEMS[LEVELS[severity]],
        },
        "relationships": taxonomies.relationships(controls),
    }


def _help(example: Finding, title: str, limits: str, controls: Sequence[Control]) -> Record:
    """What to do, where examples are, and what the finding must not be read as; in plain text and in Markdown."""
    cited, explain = _cited([one for one in controls if is_evidence(one)]), f"agentreach explain {example.check_id}"
    limited = [f"What it must not be read as: {limits}"] if limits else []
    plain = [f"{title}.", example.remediation, f"{explain} shows examples.", *limited]
    plain += [f"Evidence relevant to {', '.join(cited).rstrip('.')}."] if cited else []
    marked = [f"**{title}**", example.remediation, f"Run `{explain}` for examples.", *limited]
    marked += ["Evidence relevant to:\n\n" + "\n".join(f"- {text}" for text in cited)] if cited else []
    return {"text": " ".join(filter(None, plain)), "markdown": "\n\n".join(filter(None, marked))}


def _cited(controls: Sequence[Control]) -> list[str]:
    """Entries as their frameworks ask to be cited, with their titles."""
    titles = {
        (name, entry.id): f"{entry.cite_as} {entry.title}"
        for name in {control.framework for control in controls}
        for entry in frameworks()[name].entries
    }
    found = [titles[control.framework, control.id] for control in controls if (control.framework, control.id) in titles]
    return list(dict.fromkeys(found))
