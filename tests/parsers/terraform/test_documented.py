"""Expressions have the values that Terraform's documentation gives them; each case names its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from agentreach.parsers.terraform.values import Encoded, Failure
from agentreach.parsers.terraform.written import as_text
from parsers.terraform.oracle import evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).with_name("documented.txt")
ENOUGH = 400


class Case(NamedTuple):
    """An expression, its value in JSON or "error", and the page that says so."""

    page: str
    expression: str
    value: str


def cases() -> Iterator[Case]:
    page = ""
    for line in CASES.read_text(encoding="utf-8").split("\n"):
        if line.startswith("https://"):
            page = line
        elif line.startswith("    "):
            expression, _, value = line.strip().rpartition(" => ")
            yield Case(page, expression, value)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.page.rpartition('/')[2]}: {case.expression}")
def test_an_expression_has_its_documented_value(case: Case) -> None:
    if case.value == "error":
        assert isinstance(evaluated(case.expression, {}), Failure)
    else:
        value = evaluated(f"jsonencode([{case.expression}])", {})
        assert isinstance(value, Encoded)
        assert as_text(value).text == f"[{case.value}]"  # type: ignore[union-attr]  # it is known


def test_there_are_enough_cases_and_each_names_its_page() -> None:
    every = list(cases())
    assert len(every) >= ENOUGH
    assert len(set(every)) == len(every)
    assert all(case.page.startswith("https://developer.hashicorp.com/terraform/language/") for case in every)
