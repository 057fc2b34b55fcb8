"""The upstream Kubernetes authorizer's answers, through the command line on manifests as files."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ORACLES = Path(__file__).resolve().parents[1] / "oracles"


def load(name: str) -> list[dict[str, Any]]:
    with gzip.open(ORACLES / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ask(folder: Path, queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = folder.parent / "queries.jsonl"
    asked.write_text("\n".join(json.dumps(query) for query in queries), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "access", str(folder), "--queries", str(asked)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("number", range(30))
def test_rbac_answers_equal_the_upstream_authorizer(number: int, tmp_path: Path) -> None:
    case = load("rbac_cases.jsonl.gz")[number]
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "rbac.yaml").write_text(case["manifests"], encoding="utf-8")
    queries = [_query(query) for query in case["queries"]]
    wrong = [
        (query, answer)
        for query, answer in zip(case["queries"], ask(folder, queries), strict=True)
        if answer["verdict"] != ("allowed" if query["allowed"] else "denied")
    ]
    assert wrong == []


def _query(query: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in query.items() if key not in {"allowed", "service_account", "resource"}}
    return kept | {"identity": query["service_account"], "k8s_resource": query.get("resource")}
