from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from access.written import rbac_objects
from agentreach.access.rbac import Cluster, Query, service_account
from agentreach.access.verdict import Verdict

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "rbac_cases.jsonl.gz"


def cases() -> list[dict[str, Any]]:
    with gzip.open(ORACLE, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


CASES = cases()


def query(row: dict[str, Any]) -> Query:
    namespace, name = row["service_account"].split(":")
    asked = {key: value for key, value in row.items() if key not in {"service_account", "allowed"}}
    return Query(subject=service_account(namespace, name), **asked)


@pytest.mark.parametrize("number", range(30))
def test_the_answers_of_the_upstream_authorizer(number: int) -> None:
    case = CASES[number]
    cluster = Cluster(*rbac_objects(case["manifests"]))
    wrong = [
        row for row in case["queries"] if (cluster.allowed(query(row)).verdict is Verdict.ALLOWED) is not row["allowed"]
    ]
    assert wrong == []
