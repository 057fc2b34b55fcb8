"""A configuration's files and the plan that OpenTofu wrote for it decide alike, and as expected."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from agentreach import engine
from agentreach.engine import Options

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "plan_cases.jsonl.gz"
with gzip.open(ORACLE, "rt", encoding="utf-8") as file:
    CASES: list[dict[str, Any]] = [json.loads(line) for line in file]


def verdicts(folder: Path, queries: list[dict[str, Any]]) -> list[str]:
    """The verdict of each query, by the policies in a folder."""
    questions = engine.scan([folder], checks=(), options=Options(helm="off")).graph.questions
    assert questions is not None
    return [
        questions.aws(
            questions.identity(query["identity"]),
            query["action"],
            query["resource"],
            query["context"],
            complete=query["context_complete"],
        ).verdict.label
        for query in queries
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_files_decide_as_expected(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = verdicts(tmp_path, case["queries"])
    assert [pair for pair in zip(case["queries"], found, strict=True) if pair[0]["expect"] != pair[1]] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_plan_decides_as_expected(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(case["plan"]), encoding="utf-8")
    found = verdicts(tmp_path, case["queries"])
    assert [pair for pair in zip(case["queries"], found, strict=True) if pair[0]["expect"] != pair[1]] == []
