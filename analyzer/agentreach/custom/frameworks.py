"""The user's own frameworks, and which checks are evidence for their entries.

frameworks:
  - id: acme-2026
    name: ACME access policy
    version: "3"
    entries:
      - {id: AC-7, title: No standing administrators, assessable: partial}
mappings:
  - {check: AR101, framework: acme-2026, id: AC-7, relation: primary}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.controls import Entry, Framework, frameworks
from agentreach.custom.yaml_file import hint, record, rows, table, text
from agentreach.errors import UsageError
from agentreach.findings import Control, Relation
from agentreach.late_regex import late_regex
from agentreach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

TOP = ("frameworks", "mappings", "checks")
DESCRIBED = ("id", "name", "version", "date", "url", "publisher", "licence", "entries")
ENTRY = ("id", "title", "summary", "note", "assessable")
MAPPED = ("check", "framework", "id", "relation", "why")
ASSESSABLE = ("direct", "partial", "supporting", "exposure", "compensating_only", "no")
NAME = late_regex(r"[a-z0-9][a-z0-9.-]{1,60}")


@dataclass(frozen=True, slots=True)
class Extension:
    """What one file adds: frameworks, and controls by check id or name."""

    frameworks: tuple[Framework, ...]
    mappings: tuple[tuple[str, Control], ...]


def read(path: Path) -> Extension:
    """Read and validate; a mistake is a UsageError that names the file, the place and the nearest valid word."""
    content = table(path, TOP)
    where = str(path)
    added = tuple(
        _framework(one, f"{where}: frameworks[{number}]")
        for number, one in enumerate(rows(content.get("frameworks"), f"{where}: frameworks"))
    )
    known = frameworks() | {one.id: one for one in added}
    mappings = tuple(
        _mapping(one, f"{where}: mappings[{number}]", known)
        for number, one in enumerate(rows(content.get("mappings"), f"{where}: mappings"))
    )
    return Extension(added, mappings)


def install(extension: Extension) -> None:
    """Make the frameworks known to every report of this process. The same file may be read again."""
    for one in extension.frameworks:
        if frameworks().get(one.id, one) != one:
            raise UsageError(f"a framework {one.id!r} exists already; choose another id")
        frameworks()[one.id] = one


def control(value: object, where: str) -> Control:
    """A control as a check of the user names it; whether it exists is asked when all frameworks are known."""
    raw = record(value, where, MAPPED[1:], ("framework", "id"))
    relation = text(
        raw.get("relation"), f"{where}.relation", choices=[one.value for one in Relation], default="secondary"
    )
    return Control(
        framework=text(raw["framework"], f"{where}.framework"),
        id=text(raw["id"], f"{where}.id"),
        relation=relation,
        basis="derived",
        why=text(raw.get("why"), f"{where}.why", default="") if raw.get("why") else "",
    )


def resolve(where: str, framework: str, entry: str, known: dict[str, Framework] | None = None) -> None:
    """Raise UsageError unless the framework has the entry."""
    catalogue = frameworks() if known is None else known
    if framework not in catalogue:
        raise UsageError(f"{where}: unknown framework {framework!r}{hint(framework, catalogue)}")
    ids = [one.id for one in catalogue[framework].entries]
    if entry not in ids:
        raise UsageError(f"{where}: {framework} has no entry {entry!r}{hint(entry, ids)}")


def _mapping(value: object, where: str, known: dict[str, Framework]) -> tuple[str, Control]:
    raw = record(value, where, MAPPED, ("check", "framework", "id"))
    made = control({key: item for key, item in raw.items() if key != "check"}, where)
    resolve(where, made.framework, made.id, known)
    return text(raw["check"], f"{where}.check"), made


def _framework(value: object, where: str) -> Framework:
    raw = record(value, where, DESCRIBED, ("id", "name", "entries"))
    name = text(raw["id"], f"{where}.id")
    if not NAME.fullmatch(name):
        raise UsageError(f"{where}.id: {name!r} must be lower-case letters, digits, dots and hyphens")
    entries = tuple(
        _entry(one, f"{where}.entries[{number}]") for number, one in enumerate(rows(raw["entries"], f"{where}.entries"))
    )
    if len({one.id for one in entries}) < len(entries):
        raise UsageError(f"{where}.entries: an id occurs twice")
    described: dict[str, Any] = {
        key: text(raw[key], f"{where}.{key}") if raw.get(key) is not None else ""
        for key in ("version", "date", "url", "publisher", "licence")
    }
    title = text(raw["name"], f"{where}.name")
    return Framework(id=name, name=title, status="own", kind="own", entries=entries, **described)


def _entry(value: object, where: str) -> Entry:
    raw = record(value, where, ENTRY, ("id", "title"))
    name = text(raw["id"], f"{where}.id")
    return Entry(
        id=name,
        title=text(raw["title"], f"{where}.title"),
        summary=text(raw["summary"], f"{where}.summary") if raw.get("summary") else "",
        cite_as=name,
        note=text(raw["note"], f"{where}.note") if raw.get("note") else "",
        assessable=text(raw.get("assessable"), f"{where}.assessable", choices=ASSESSABLE, default="partial"),
    )
