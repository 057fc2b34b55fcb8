"""Accounts of another project that may become an agent's: told where the code says which project is whose."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from agentreach import scan

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
  PROJECT
}

resource "google_service_account_iam_member" "other" {
  service_account_id = google_service_account.ops.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "serviceAccount:runner@vendor-prod.iam.gserviceaccount.com"
}

data "aws_caller_identity" "here" {}

resource "aws_sns_topic_policy" "alarms" {
  arn = "arn:aws:sns:eu-west-1:111122223333:alarms"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sns:Publish", Resource = "*", Principal = { Service = "cloudwatch.amazonaws.com" }
    Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
  }] })
}
"""


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ('project = "acme-ops"', ["project vendor-prod"]),
        ('project = "vendor-prod"', []),
        ("", []),
        ("project = var.project", []),
    ],
)
def test_a_neighbour_is_told_from_an_account_of_the_same_project(tmp_path: Path, project: str, said: list[str]) -> None:
    text = STACK.replace("PROJECT", project) + 'variable "project" {}\n'
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        found = [one for one in scan(".").open_findings if one.check_id in {"AR105", "AR111"}]
    assert [one.message.partition(" may become")[0] for one in found] == said
    assert all(one.evidence[0].at.location.line == 15 for one in found)
