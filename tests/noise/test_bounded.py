"""An agent with everything right yields nothing; one thing wrong yields that one thing, and low."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixture_findings import FIXTURES, rows, scanned

if TYPE_CHECKING:
    from pathlib import Path

BOUNDED = FIXTURES / "bounded-docs-agent"
SOURCES = {
    "terraform": BOUNDED / "terraform" / "main.tf",
    "cloudformation": BOUNDED / "cloudformation" / "template.yaml",
    "kubernetes": BOUNDED / "kubernetes" / "docs-agent.yaml",
}
DIGEST = "@sha256:5d4c3b2a19080f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796"

GUARDRAIL = """
  guardrail_configuration {
    guardrail_identifier = aws_bedrock_guardrail.docs.guardrail_arn
    guardrail_version    = "3"
  }
"""

STILL_SILENT = {
    "without a boundary": ("terraform", "  permissions_boundary = aws_iam_policy.boundary.arn\n", ""),
    "without a key of its own": ("terraform", "  customer_encryption_key_arn = aws_kms_key.docs.arn\n", ""),
    "without an invocation log": (
        "terraform",
        "text_data_delivery_enabled = true",
        "text_data_delivery_enabled = false",
    ),
    "without a source account": ("cloudformation", "            Condition:\n", "            Ignored:\n"),
    "without a log delivery": ("cloudformation", "LogType: APPLICATION_LOGS", "LogType: USAGE_LOGS"),
}
ONE_FINDING = {
    "without a guardrail": (
        "terraform",
        GUARDRAIL,
        "",
        [("low", "AR403")],
    ),
    "without an owner": ("terraform", '      owner   = "documentation"\n', "", [("low", "AR501")]),
    "without a team": ("cloudformation", "        team: documentation\n", "        shift: night\n", [("low", "AR501")]),
    "with an image that can move": ("cloudformation", DIGEST, ":latest", [("low", "AR504")]),
    "with a tool image that can move": ("kubernetes", DIGEST, ":latest", [("low", "AR504")]),
    "with a long session": (
        "terraform",
        "max_session_duration = 3600",
        "max_session_duration = 43200",
        [("low", "AR202")],
    ),
    "on a public network": ("cloudformation", "CidrIp: 10.0.0.0/16", "CidrIp: 0.0.0.0/0", [("low", "AR307")]),
    "with every tool of its server": (
        "kubernetes",
        "          toolNames: [search_documents, get_document]\n",
        "",
        [("low", "AR309")],
    ),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_everything_right_yields_nothing(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    result = scanned(monkeypatch, BOUNDED, kind)
    assert rows(result) == []
    assert [(entry.key.address, entry.bounded) for entry in result.graph.agents if entry.stands_alone] == [
        (result.graph.agents[0].key.address, True)
    ]
    assert result.graph.agents[0].owner == "documentation"


def test_all_three_together_yield_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(scanned(monkeypatch, FIXTURES, "bounded-docs-agent")) == []


@pytest.mark.parametrize("change", STILL_SILENT)
def test_a_bounded_agent_is_spared_what_matters_to_those_that_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    kind, before, after = STILL_SILENT[change]
    _changed(tmp_path, kind, before, after)
    result = scanned(monkeypatch, tmp_path)
    assert result.graph.agents[0].bounded is True
    assert rows(result) == []


@pytest.mark.parametrize("change", ONE_FINDING)
def test_one_thing_wrong_is_one_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str) -> None:
    kind, before, after, expected = ONE_FINDING[change]
    _changed(tmp_path, kind, before, after)
    assert [(one.severity, one.check) for one in rows(scanned(monkeypatch, tmp_path))] == expected


def _changed(folder: Path, kind: str, before: str, after: str) -> None:
    source = SOURCES[kind]
    text = source.read_text(encoding="utf-8")
    assert before in text
    (folder / source.name).write_text(text.replace(before, after), encoding="utf-8")
