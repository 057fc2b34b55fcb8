"""Who may assign roles within a condition raises its rights perhaps, and only to what the condition leaves."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from agentreach.identity import Confidence

if TYPE_CHECKING:
    from pathlib import Path

STACK = """\
resource "google_vertex_ai_reasoning_engine" "ops" {
  display_name = "ops"
  spec {
    service_account = google_service_account.ops.email
  }
}

resource "google_service_account" "ops" {
  account_id = "ops-agent"
}

resource "google_project_iam_member" "ops" {
  project = "acme-ops"
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.ops.member
  CONDITION
}
"""
BOUND = """condition {
    title      = "readers only"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer'])"
  }"""


@pytest.mark.parametrize(
    ("condition", "confidence", "gained"),
    [
        ("", Confidence.HIGH, "any role on projects/acme-ops"),
        (BOUND, Confidence.MEDIUM, "a role that a condition leaves on projects/acme-ops"),
    ],
)
def test_a_condition_makes_a_path_less_sure(
    tmp_path: Path, condition: str, confidence: Confidence, gained: str
) -> None:
    (tmp_path / "main.tf").write_text(STACK.replace("CONDITION", condition), encoding="utf-8")
    with contextlib.chdir(tmp_path):
        (finding,) = [one for one in scan(".").open_findings if one.check_id == "AR302"]
    assert finding.confidence is confidence
    assert f"as ops-agent: {gained} through" in finding.message
    assert finding.evidence[0].at.location.line == 14
