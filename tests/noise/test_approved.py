"""An agent that changes things behind a confirmation and with everything else right yields nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Step
from fixture_findings import FIXTURES, rows, scanned

if TYPE_CHECKING:
    from pathlib import Path

APPROVED = FIXTURES / "approved-changes"
SOURCES = {
    "terraform": ("main.tf", '            require_confirmation = "ENABLED"\n'),
    "cloudformation": ("template.yaml", "                RequireConfirmation: ENABLED\n"),
    "kubernetes": ("desk.yaml", "          requireApproval: [restart_worker]\n"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_an_agent_that_asks_before_each_change_yields_nothing(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    result = scanned(monkeypatch, APPROVED, kind)
    (agent,) = [entry for entry in result.graph.agents if entry.stands_alone]
    assert rows(result) == []
    assert agent.highest is Step.WRITE_DATA
    assert agent.highest_standing is not None
    assert agent.highest_standing < Step.WRITE_DATA
    assert agent.bounded is not True


@pytest.mark.parametrize("kind", SOURCES)
def test_without_the_confirmation_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    name, asks = SOURCES[kind]
    text = (APPROVED / kind / name).read_text(encoding="utf-8")
    assert text.count(asks) == 1
    (tmp_path / name).write_text(text.replace(asks, ""), encoding="utf-8")
    assert {("medium", "AR401")} <= {(one.severity, one.check) for one in rows(scanned(monkeypatch, tmp_path))}
