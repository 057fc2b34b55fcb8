"""Policies as the code writes them: broken, huge, full of wildcards. From the file to what the graph says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from scan_samples import AGENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from agentreach.graph import AgentGraph

BROKEN = """
resource "aws_iam_role_policy" "ops" {
  role   = aws_iam_role.ops.id
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:*" "Resource": "*"}
      ]
    }
  POLICY
}
"""


def graph_of(tmp_path: Path, policy: str) -> AgentGraph:
    (tmp_path / "main.tf").write_text(AGENT + policy, encoding="utf-8")
    graph = scan(tmp_path).graph
    assert graph is not None
    return graph


def written(statements: Sequence[Mapping[str, object]]) -> str:
    document = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)
    return (
        f'\nresource "aws_iam_role_policy" "ops" {{\n  role = aws_iam_role.ops.id\n  policy = <<P\n{document}\nP\n}}\n'
    )


def test_a_mistake_inside_a_heredoc_is_shown_where_it_is(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, BROKEN)
    (unknown,) = [one for one in graph.unknowns if one.attribute == "policy"]
    place = unknown.at.location
    line = AGENT.count("\n") + BROKEN[: BROKEN.index('"Resource"')].count("\n") + 1
    assert (place.line, place.column) == (line, BROKEN.splitlines()[7].index('"Resource"') + 1)
    assert unknown.reason == 'not valid JSON: expected "," or "}"'


def test_a_policy_of_six_megabytes_is_read_to_its_end(tmp_path: Path) -> None:
    long = "x" * 1000
    filler = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [f"arn:aws:s3:::b{n}/{long}*" for n in range(50)],
    }
    last = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    policy = written([*[filler] * 120, last])
    assert len(policy) > 6_000_000
    reach = list(graph_of(tmp_path, policy).reach())
    assert {one.service for one in reach} == {"s3", "secretsmanager"}
    assert reach[-1].evidence[0].at.location.line > 6_000


@pytest.mark.parametrize("wild", ["*a" * 2000 + "*b", "?*" * 2000, "*" * 4000 + "b", "*?a" * 1500])
def test_a_pathological_wildcard_costs_no_backtracking(tmp_path: Path, wild: str) -> None:
    name = "a" * 200
    statement = {"Effect": "Allow", "Action": f"s3:{wild}", "Resource": f"arn:aws:s3:::{wild}"}
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::*:role/{wild}"}
    role = f"""
resource "aws_iam_role" "other" {{
  name               = "{name[:64]}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ AWS = "arn:aws:iam::111122223333:root" }}
    }}]
  }})
}}
"""
    graph = graph_of(tmp_path, written([statement, assume]) + role)
    assert graph.agents[0].identities[0].name == "ops"
