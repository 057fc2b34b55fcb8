from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from access.written import ask, document
from agentreach.access.request import Layers
from agentreach.access.verdict import Verdict

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "iam_cases.jsonl.gz"


def cases() -> list[dict[str, Any]]:
    with gzip.open(ORACLE, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


CASES = cases()


def layers(case: dict[str, Any]) -> Layers:
    return Layers(
        identity=tuple(one for body in case["identity"] for one in document(body)),
        boundary=document(case["boundary"]) if "boundary" in case else None,
        service_control=(document(case["scp"]),) if "scp" in case else (),
    )


def answer(case: dict[str, Any], context: dict[str, str], *, complete: bool) -> str:
    decision = ask(case["action"], case["resource"], layers(case), context=context, complete=complete)
    if decision.verdict is Verdict.DENIED:
        return "explicit-deny" if decision.explicit else "implicit-deny"
    return decision.verdict.label


@pytest.mark.parametrize("start", range(0, 1500, 100))
def test_the_verdict_of_two_independent_simulators(start: int) -> None:
    batch = CASES[start : start + 100]
    assert [(case["id"], answer(case, case["context"], complete=True)) for case in batch] == [
        (case["id"], case["expected"]) for case in batch
    ]


def test_hiding_context_keys_never_turns_a_decided_verdict_into_its_opposite() -> None:
    turned = []
    for case in CASES:
        for hidden in [*case["context"], None]:
            context = {} if hidden is None else {key: case["context"][key] for key in case["context"] if key != hidden}
            got = answer(case, context, complete=False)
            if got not in {"possible", case["expected"]} and not _both_denied(got, case["expected"]):
                turned.append((case["id"], hidden, got, case["expected"]))
    assert turned == []


def _both_denied(left: str, right: str) -> bool:
    """Whether a Deny certainly matches may become unknown while access stays denied."""
    return left.endswith("deny") and right.endswith("deny") and left == "implicit-deny"
