from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agentreach.controls import check_facts, controls_of, frameworks

ROOT = Path(__file__).resolve().parents[2]


def test_shipped_data_equals_the_fact_sheets() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "compile_facts.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("check_id", sorted(check_facts()))
def test_every_mapped_control_exists_in_its_framework(check_id: str) -> None:
    catalogue = frameworks()
    for control in controls_of(check_id):
        entries = {entry.id for entry in catalogue[control.framework].entries}
        assert control.id in entries, (
            f"{check_id} maps to {control.framework} {control.id}, which is not in the catalogue"
        )


def test_nothing_maps_to_a_watch_list() -> None:
    watched = {name for name, framework in frameworks().items() if framework.is_watch_list}
    assert watched == {"nist-agent-pipeline"}
    assert not [c for facts in check_facts().values() for c in facts.controls if c.framework in watched]


def test_agentic_top_ten_is_cited_with_its_year() -> None:
    entries = {entry.id: entry.cite_as for entry in frameworks()["owasp-asi-2026"].entries}
    assert entries["ASI03"] == "ASI03:2026"


def test_every_finding_supports_measuring_and_managing() -> None:
    for facts in check_facts().values():
        named = {control.id for control in facts.controls if control.framework == "nist-ai-rmf-1.0"}
        assert {"MEASURE 2.7", "MANAGE 1.2"} <= named


def test_analysis_checks_map_to_nothing() -> None:
    assert controls_of("AR001") == ()
