"""What a scan concludes: findings with located evidence, and everything that was not concluded."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.identity import Confidence, Evidence
    from agentreach.model import Key, Span


class Severity(IntEnum):
    """How bad it is if true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word used on the command line and in JSON."""
        return self.name.lower()

    def raised(self) -> Severity:
        """One rung up, critical stays."""
        return Severity(min(self + 1, Severity.CRITICAL))

    def lowered(self) -> Severity:
        """One rung down, low stays."""
        return Severity(max(self - 1, Severity.LOW))


class Relation(StrEnum):
    """How a finding relates to a control; see the mapping's `meta.relation`."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    COMPENSATING = "compensating"
    SUPPORTING = "supporting"
    EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class Control:
    """One mapping of a check to an entry of a framework."""

    framework: str
    id: str
    relation: str
    basis: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is kept but not counted."""

    reason: str
    until: str | None
    path: str
    line: int


class Move(StrEnum):
    """What a remedy does: write a value, shorten a lifetime, require a confirmation, add to or replace a statement.

    `PER_TASK`: give a role of a cloud for a task instead of for good.
    """

    SET = "set"
    SHORTEN = "shorten"
    CONFIRM = "confirm"
    ADD_CONDITION = "add-condition"
    REPLACE = "replace"
    PER_TASK = "per-task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to write instead, in no file's syntax: `agentreach.remedies` knows how each format spells it.

    `at` is the attribute as written, or the declaration, statement or block that it belongs into; `owner` the resource
    that a condition protects, whose account is meant. `attribute` is spelled as the language of the file does, dotted
    from `at`. `value` is JSON-like; for `SHORTEN` it is what holds now and what shall hold, in seconds, for
    `CONFIRM` the operations of the tool that have to ask, for `REPLACE` the smaller statement, in which `<name>` stands
    for what only a person knows. `safe` means that it can be applied without a person who
    judges the effect.
    """

    move: Move
    at: Span
    attribute: str
    value: object = None
    owner: Span | None = None
    safe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check's claim about one subject. The first evidence is primary.

    `agents` are all declared agents that reach the subject, in review order; `agent` of the
    contract is the first of them. `cause` names the statement or attribute, without line numbers,
    so that one cause is one finding and fingerprints survive moves; `facet` narrows it to a part
    ("secrets/secretsmanager") so that one check can outrank another for that part only. `origin` is the
    tool that found it.
    """

    check_id: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    subject: Key
    cause: str
    facet: str = ""
    message: str
    evidence: tuple[Evidence, ...]
    agents: tuple[Key, ...] = ()
    remediation: str = ""
    fixable: bool = False
    remedies: tuple[Remedy, ...] = ()
    controls: tuple[Control, ...] = ()
    fingerprint: str = ""
    suppressed: Suppression | None = None
    silenced: tuple[str, ...] = ()
    origin: str = "agentreach"
