"""Ordinary infrastructure, full of mistakes but without a model that decides: no agent, no finding, nothing broken."""

from __future__ import annotations

import pytest

from fixture_findings import FIXTURES, rows, scanned

ORDINARY = sorted(path.name for path in FIXTURES.glob("ordinary-*"))
FORMATS = ("terraform", "cloudformation", "kubernetes")
PLACES = [f"{name}/{kind}" for name in ORDINARY for kind in FORMATS]


def test_there_is_ordinary_infrastructure_of_every_kind() -> None:
    assert ORDINARY == [
        "ordinary-bedrock-batch",
        "ordinary-ci-runners",
        "ordinary-data-lake",
        "ordinary-eks-platform",
        "ordinary-insurer",
        "ordinary-web-service",
    ]


@pytest.mark.parametrize("place", PLACES)
def test_ordinary_infrastructure_is_silent(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    result = scanned(monkeypatch, FIXTURES, place)
    assert result.resources >= 3
    assert [(str(one.at.location), one.message) for one in result.broken] == []
    assert [entry.key.address for entry in result.graph.agents] == []
    assert rows(result) == []


def test_one_weak_sign_is_counted_and_makes_no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    result = scanned(monkeypatch, FIXTURES, "ordinary-bedrock-batch/cloudformation", "ordinary-data-lake/kubernetes")
    assert [key.address for key in result.graph.possible_clients] == ["Deployment/lake/embeddings", "Question"]


def test_all_of_it_together_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    result = scanned(monkeypatch, FIXTURES, *ORDINARY)
    assert rows(result) == []
    assert result.graph.agents == ()


def test_beside_agents_it_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    agents = ("agentcore-research", "bedrock-support-agent")
    alone = scanned(monkeypatch, FIXTURES, *agents)
    beside = scanned(monkeypatch, FIXTURES, *agents, "ordinary-web-service", "ordinary-ci-runners")
    assert rows(beside) == rows(alone)
