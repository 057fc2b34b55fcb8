"""Framework catalogues and the mapping from checks to their entries: evidence, never compliance.

The data is compiled from fact sheets by `tools/compile_facts.py` and loaded on first use.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from agentreach.findings import Control
from agentreach.records import dataclass

DESCRIPTION = ("name", "version", "date", "url", "publisher", "licence", "status", "kind")
WATCH_LISTS = frozenset({"nist-agent-pipeline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a framework.

    `assessable` from code: "direct", "partial", "supporting", "exposure", "compensating_only" or "no".
    """

    id: str
    title: str
    summary: str
    cite_as: str
    note: str
    assessable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A published list of risks, threats, outcomes or controls, with where it comes from."""

    id: str
    name: str
    version: str
    date: str
    url: str
    publisher: str
    licence: str
    status: str
    kind: str
    entries: tuple[Entry, ...]

    @property
    def is_watch_list(self) -> bool:
        """True for publications in preparation, to which nothing is ever mapped."""
        return self.id in WATCH_LISTS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What is known about a check: what it looks for, keeps silent about, and must not claim."""

    name: str
    assessable: str
    evidence: str
    silent: str
    limits: str
    controls: tuple[Control, ...]


def _data(name: str) -> Any:  # noqa: ANN401 - decoded JSON
    return json.loads(Path(__file__).with_name("data").joinpath(name).read_text(encoding="utf-8"))


def _entry(framework: dict[str, Any], raw: dict[str, str]) -> Entry:
    return Entry(
        id=raw["id"],
        title=raw["title"],
        summary=raw.get("summary", ""),
        cite_as=raw.get("cite_as") or _citation(framework, raw["id"]),
        note=raw.get("iac_note", ""),
        assessable=raw["iac_assessable"],
    )


def _citation(framework: dict[str, Any], entry_id: str) -> str:
    """`ASI03:2026` for frameworks that cite so, else the bare id."""
    year = framework["cite_as"].partition(":")[2]
    return f"{entry_id}:{year}" if year.isdigit() else entry_id


@cache
def frameworks() -> dict[str, Framework]:
    """Every known framework by id, in the order of the catalogue."""
    return {
        name: Framework(
            id=name,
            entries=tuple(_entry(raw, entry) for entry in raw["entries"]),
            **{
                key: raw.get(key, "")
                for key in ("name", "version", "date", "url", "publisher", "licence", "status", "kind")
            },
        )
        for name, raw in _data("frameworks.json").items()
    }


@cache
def check_facts() -> dict[str, CheckFacts]:
    """The facts of every mapped check by id. AR0xx checks map to nothing and are absent."""
    return {
        check_id: CheckFacts(
            **{key: raw[key] for key in ("name", "assessable", "evidence", "silent", "limits")},
            controls=tuple(Control(*row) for row in raw["controls"]),
        )
        for check_id, raw in _data("mapping.json").items()
    }


def controls_of(check_id: str) -> tuple[Control, ...]:
    """The entries a check's findings are evidence for; empty for AR0xx and unknown ids."""
    facts = check_facts().get(check_id)
    return facts.controls if facts else ()
