"""Every check's page is executed: what is marked fires there, and nothing else of that check does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from agentreach.controls import check_facts
from agentreach.engine import Options
from agentreach.findings import Severity
from agentreach.identity import Confidence
from agentreach_checks import ALL
from check_pages import SECTIONS, Example, examples, page, sections
from checks.avoided import committed, said

if TYPE_CHECKING:
    from agentreach.check import Check

PAGES = Path(__file__).resolve().parents[2] / "checks" / "agentreach_checks"
EVERYTHING = Options(min_confidence=Confidence.LOW, helm="off")
EXAMPLES = [example for check in ALL for example in examples(check)]


def test_every_check_module_is_listed_once() -> None:
    modules = {path.stem for path in PAGES.glob("*/*.py") if path.stem != "__init__"}
    assert sorted(check.module.rpartition(".")[2] for check in ALL) == sorted(modules)
    assert len({check.id for check in ALL}) == len(ALL)
    assert [check.id for check in ALL] == sorted(check.id for check in ALL)


def test_names_are_those_of_the_fact_sheet() -> None:
    facts = check_facts()
    assert {check.id: check.name for check in ALL if check.id in facts} == {
        check.id: facts[check.id].name for check in ALL if check.id in facts
    }


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_page_has_the_fixed_sections_and_an_example_per_format(check: Check) -> None:
    text = page(check)
    assert text.startswith(f"# {check.id} {check.name}\n")
    assert tuple(sections(text)) == SECTIONS
    for section in ("Avoid", "Prefer"):
        languages = {example.language for example in examples(check) if example.section == section}
        assert languages >= set(check.formats), f"{check.id} {section} lacks {set(check.formats) - languages}"


@pytest.mark.parametrize("check", [check for check in ALL if check.id >= "AR1"], ids=lambda check: check.id)
def test_edge_cases_hold_an_unknown_value_a_near_miss_and_a_suppression(check: Check) -> None:
    prose = sections(page(check))["Edge cases"]
    edge = [example for example in examples(check) if example.section == "Edge cases"]
    suppressed = [example for example in edge if f"agentreach: ignore[{check.id}]" in example.text]
    assert "at deploy time" in prose or "AR002" in prose
    assert suppressed
    assert [example for example in edge if not example.expected and example not in suppressed]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_fires_where_it_is_marked_and_nowhere_else(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / example.file).write_text(example.text, encoding="utf-8")
    result = scan(".", options=EVERYTHING)
    named = {check_id for check_id, _ in example.expected} | {example.check_id}
    found = {
        (finding.check_id, finding.evidence[0].at.location.line)
        for finding in result.open_findings
        if finding.check_id in named
    }
    assert found == example.expected
    if example.check_id != "AR001":
        assert not result.broken, [str(broken.at.location) + broken.message for broken in result.broken]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_what_the_avoided_examples_say_is_what_was_read_and_committed(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Causes are part of fingerprints: who changes one breaks every baseline."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795478400")
    assert said(check, tmp_path) == committed(check.id), "python tests/checks/avoided.py"


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.section == "Prefer"], ids=str)
def test_a_preferred_example_has_no_other_serious_finding(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / example.file).write_text(example.text, encoding="utf-8")
    serious = [f for f in scan(".").open_findings if f.severity >= Severity.HIGH]
    assert [(f.check_id, f.message) for f in serious] == []
