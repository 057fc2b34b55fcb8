"""The shared cases of `tests/oracles`, and their files written where Terraform would find them."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

ORACLES = Path(__file__).parents[2] / "oracles"


def read(name: str) -> list[dict[str, Any]]:
    with gzip.open(ORACLES / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


CASES = read("hcl_cases.jsonl.gz")
PLANS = {case["id"]: case for case in read("plan_cases.jsonl.gz")}
EXPRESSIONS = [case for case in CASES if case["files"] and "expression" in case]
PROJECTS = [case for case in CASES if case["kind"] == "d"]
STATEMENTS = next(case for case in CASES if case["id"] == "e-statements")


@cache
def written(files: str) -> Path:
    """The directory of a set of files, given as JSON."""
    directory = Path(mkdtemp(prefix="oracle"))
    for name, text in json.loads(files).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = base64.b64decode(text[7:]) if text.startswith("base64:") else text.encode()
        path.write_bytes(data)
    return directory


def directory_of(case: dict[str, Any]) -> Path:
    return written(json.dumps(case["files"]))
