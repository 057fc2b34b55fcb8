from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lowering.loading import from_template, from_terraform, line, plain

if TYPE_CHECKING:
    from agentreach.identity import Fact

PAIRS = Path(__file__).parent / "parity"
NAMES = sorted(path.stem for path in PAIRS.glob("*.tf"))
MARK = re.compile(r"# at: (\w+)")


def marks(text: str) -> set[tuple[int, str]]:
    return {(number, match[1]) for number, row in enumerate(text.splitlines(), 1) for match in MARK.finditer(row)}


def places(facts: tuple[Fact, ...]) -> set[tuple[int, str]]:
    return {(line(fact.at), type(fact).__name__) for fact in facts}


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_state_the_same_facts(name: str, tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "c").mkdir()
    configuration = from_terraform(tmp_path / "t", (PAIRS / f"{name}.tf").read_text("utf-8"))
    template = from_template(tmp_path / "c", (PAIRS / f"{name}.yaml").read_text("utf-8"))
    assert sorted(map(repr, map(plain, configuration))) == sorted(map(repr, map(plain, template)))


@pytest.mark.parametrize("name", NAMES)
def test_facts_of_terraform_stand_where_they_are_written(name: str, tmp_path: Path) -> None:
    text = (PAIRS / f"{name}.tf").read_text("utf-8")
    assert marks(text) <= places(from_terraform(tmp_path, text))


@pytest.mark.parametrize("name", NAMES)
def test_facts_of_cloudformation_stand_where_they_are_written(name: str, tmp_path: Path) -> None:
    text = (PAIRS / f"{name}.yaml").read_text("utf-8")
    assert marks(text) <= places(from_template(tmp_path, text))


def test_there_are_at_least_forty_pairs() -> None:
    assert len(NAMES) >= 40
    assert {path.stem for path in PAIRS.glob("*.yaml")} == set(NAMES)
