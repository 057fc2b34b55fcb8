"""A repository as people have them: exported lists, typed lists, generated names, an app of apps, borrowed kind names.

Every line was read by a person. Kinds of the same name in other groups change nothing: a NetworkPolicy that is none, a
ClusterRoleBinding that is none, an Agent of a monitoring stack, a definition of a kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fixture_findings import rows, scanned, table

if TYPE_CHECKING:
    import pytest

MESSY = Path(__file__).parent / "messy"


def test_every_finding_stands_on_the_line_that_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    result = scanned(monkeypatch, MESSY)
    assert rows(result) == table((MESSY / "findings.txt").read_text(encoding="utf-8"))
    assert (result.broken, result.skipped) == ((), ())


def test_only_what_runs_a_model_is_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    found = scanned(monkeypatch, MESSY).graph.agents
    assert {one.key.address for one in found} == {
        "Deployment/agents/triage",
        "Job/ci/nightly-agent-*",
        "PipelineRun.tekton.dev/ci/review-*",
        "Service.serving.knative.dev/agents/helper",
    }
