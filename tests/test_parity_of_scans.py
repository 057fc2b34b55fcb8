"""The pairs of `lowering/parity`, scanned whole: a template and a module of the same thing are reported alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agentreach import scan
from agentreach_reports import scan_json
from agentreach_reports.presentation import Presentation

PAIRS = Path(__file__).parent / "lowering" / "parity"
NAMES = sorted(path.stem for path in PAIRS.glob("*.tf"))
OF_ONE_LANGUAGE = frozenset(
    {
        *("path", "line", "column", "end_line", "end_column", "root"),
        *("note", "via", "because", "evidence", "message", "remediation", "suggestions", "fixable", "fingerprint"),
        "stored_in",
    }
)
ADDRESSES = frozenset({"address", "subject", "agent", "as", "acts_as"})
TYPE = re.compile(r"\b(?:aws|awscc)_\w+\.")


def reported(directory: Path, file: str, text: str) -> dict[str, Any]:
    directory.mkdir()
    (directory / file).write_text(text, encoding="utf-8")
    found: dict[str, Any] = json.loads(scan_json.render(scan(directory), Presentation()))
    return {part: bare(found[part]) for part in ("agents", "findings", "unknown", "unmodelled")}


def bare(value: object, key: str = "") -> object:
    """Without places, wording and what only one language puts before a name; lists in one order."""
    if isinstance(value, dict):
        return {name: bare(entry, name) for name, entry in value.items() if name not in OF_ONE_LANGUAGE}
    if isinstance(value, list):
        return sorted((bare(item, key) for item in value), key=repr)
    if not isinstance(value, str):
        return value
    text = TYPE.sub("", value).casefold().replace("_", "")
    return text.rpartition(".")[2] if key in ADDRESSES else text


@pytest.mark.parametrize("name", NAMES)
def test_agents_reach_credentials_and_findings_are_the_same(name: str, tmp_path: Path) -> None:
    configuration = reported(tmp_path / "t", "main.tf", (PAIRS / f"{name}.tf").read_text("utf-8"))
    template = reported(tmp_path / "c", "template.yaml", (PAIRS / f"{name}.yaml").read_text("utf-8"))
    assert configuration == template


def test_the_pairs_have_agents_with_reach_credentials_tools_gates_and_findings(tmp_path: Path) -> None:
    seen: set[str] = set()
    for name in NAMES:
        found = reported(tmp_path / name, "template.yaml", (PAIRS / f"{name}.yaml").read_text("utf-8"))
        seen |= {part for agent in found["agents"] for part, entries in agent.items() if entries}
        seen |= {one["check"] for one in found["findings"]}
    assert seen >= {"identities", "credentials", "tools", "gates", "reach", "ar002", "ar201", "ar401", "ar501"}
