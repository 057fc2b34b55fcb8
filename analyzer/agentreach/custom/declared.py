"""Checks of the user in YAML: a condition over agents, identities, credentials, tools, reach or gates.

    checks:
      - id: ORG001
        name: unowned-secrets-reach
        title: An agent nobody owns reads secrets
        severity: high
        about: reach
        where:
          all:
            - {field: step, is: secrets}
            - {field: agent.owner, is: null}
        message: "{agent.address} has no owner and may {actions} on {resources}"

The fields are those of the JSON records (`agentreach scan --format json`), those of the agent under `agent.`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.check import Check
from agentreach.custom.conditions import compiled, values
from agentreach.custom.frameworks import TOP, control
from agentreach.custom.python_file import validate
from agentreach.custom.subjects import ABOUT, fields_of, subjects
from agentreach.custom.yaml_file import hint, record, rows, table, text
from agentreach.errors import UsageError
from agentreach.findings import Severity
from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph

Json = dict[str, Any]
KEYS = ("id", "name", "title", "severity", "about", "where", "message", "remediation", "controls")
REQUIRED = ("id", "name", "title", "severity", "about", "where", "message")
SEVERITIES = {one.label: one for one in Severity}
HOLE = late_regex(r"\{([a-z_.]{1,80})\}")
MOST_SHOWN = 5


def checks_in(path: Path) -> tuple[Check, ...]:
    """The checks of a file. A mistake is a UsageError that names the file, the place and the nearest valid word."""
    listed = rows(table(path, TOP).get("checks"), f"{path}: checks")
    return tuple(_check(one, f"{path}: checks[{number}]") for number, one in enumerate(listed))


def _check(value: object, where: str) -> Check:
    raw = record(value, where, KEYS, REQUIRED)
    about = text(raw["about"], f"{where}.about", choices=ABOUT)
    fields = fields_of(about)
    message = text(raw["message"], f"{where}.message")
    for name in HOLE.findall(message):
        if name not in fields:
            raise UsageError(f"{where}.message: unknown field {name!r}{hint(name, fields)}")
    logic = _Logic(about, compiled(raw["where"], f"{where}.where", fields), message)
    controls = [
        control(one, f"{where}.controls[{number}]")
        for number, one in enumerate(rows(raw.get("controls"), f"{where}.controls"))
    ]
    made = Check(
        id=text(raw["id"], f"{where}.id"),
        name=text(raw["name"], f"{where}.name"),
        title=text(raw["title"], f"{where}.title"),
        severity=SEVERITIES[text(raw["severity"], f"{where}.severity", choices=SEVERITIES)],
        logic=logic,
        module=__name__,
        remediation=text(raw["remediation"], f"{where}.remediation") if raw.get("remediation") else "",
        own_controls=tuple(controls),
    )
    validate(made, where)
    logic.check = made
    return made


class _Logic:
    """The question of a declared check; it learns the check it belongs to once that is made."""

    check: Check

    def __init__(self, about: str, matches: Callable[[Json], bool], message: str) -> None:
        self._about = about
        self._matches = matches
        self._message = message

    def __call__(self, graph: AgentGraph) -> Iterator[Finding]:
        for one in subjects(graph, self._about):
            if self._matches(one.record):
                yield self.check.finding(
                    _filled(self._message, one.record),
                    severity=self.check.severity,
                    confidence=one.confidence,
                    subject=one.key,
                    cause=one.cause,
                    evidence=one.evidence,
                    agents=one.agents,
                )


def _filled(message: str, one: Json) -> str:
    return HOLE.sub(lambda match: _words(values(one, match[1])), message)


def _words(found: Collection[object]) -> str:
    words = ["unknown" if one is None else str(one) for one in found]
    more = len(words) - MOST_SHOWN
    return ", ".join(words[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
