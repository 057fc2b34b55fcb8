"""What a finding says to write instead, in the syntax of the statement that it is about."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from agentreach import scan
from agentreach.findings import Move, Severity
from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression, parse_file
from agentreach.remedies import edited, proposed, suggested

if TYPE_CHECKING:
    from pathlib import Path

AGENT = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = aws_iam_role.ops.arn
}

resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

resource "aws_iam_role_policy" "ops" {
  role   = aws_iam_role.ops.id
  policy = POLICY
}
"""
ENCODED = 'jsonencode({\n  Version   = "2012-10-17"\n  Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }]\n})'
HEREDOC = (
    '<<EOT\n{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}\nEOT'
)
DOCUMENT = """\
data "aws_iam_policy_document" "ops" {
  statement {
    actions   = ["dynamodb:PutItem", "dynamodb:GetItem"]
    resources = ["*"]
  }
}
"""
RULE = """\
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {name: ops, namespace: agents}
spec:
  type: Declarative
  declarative:
    deployment: {serviceAccountName: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ops, namespace: agents}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ops}
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ops}
subjects:
  - {kind: ServiceAccount, name: ops, namespace: agents}
"""
WANTED = {
    "Effect": "Allow",
    "Action": ["dynamodb:<action>"],
    "Resource": ["arn:aws:dynamodb:<region>:<account>:table/<table>"],
}


def _lines(folder: Path, name: str, text: str, check: str) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    with contextlib.chdir(folder):
        result = scan(".")
    (finding,) = [one for one in result.open_findings if one.check_id == check]
    (suggestion,) = suggested(finding, result.sources)
    assert suggestion.remedy.move is Move.REPLACE
    assert not suggestion.fixed
    return list(suggestion.lines)


def test_an_object_of_terraform(tmp_path: Path) -> None:
    lines = _lines(tmp_path, "main.tf", AGENT.replace("POLICY", ENCODED), "AR102")
    assert lines == [
        "{",
        '  Effect   = "Allow"',
        '  Action   = ["dynamodb:<action>"]',
        '  Resource = ["arn:aws:dynamodb:<region>:<account>:table/<table>"]',
        "}",
    ]
    assert not hasattr(parse_expression(Source("x.tf", "\n".join(lines))), "message")


def test_json_in_a_heredoc(tmp_path: Path) -> None:
    lines = _lines(tmp_path, "main.tf", AGENT.replace("POLICY", HEREDOC), "AR102")
    assert json.loads("\n".join(lines)) == WANTED


def test_a_statement_block_keeps_the_actions_that_it_names(tmp_path: Path) -> None:
    text = AGENT.replace("POLICY", "data.aws_iam_policy_document.ops.json") + DOCUMENT
    lines = _lines(tmp_path, "main.tf", text, "AR301")
    assert lines == [
        "statement {",
        '  actions   = ["dynamodb:PutItem", "dynamodb:GetItem"]',
        '  resources = ["arn:aws:dynamodb:<region>:<account>:table/<table>"]',
        "}",
    ]
    assert parse_file(Source("x.tf", "\n".join(lines) + "\n")).problems == ()


def test_a_rule_of_a_cluster_names_the_objects(tmp_path: Path) -> None:
    lines = _lines(tmp_path, "rbac.yaml", RULE, "AR303")
    assert yaml.safe_load("\n".join(lines)) == [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["<name>"]}
    ]


@pytest.mark.parametrize(
    "more",
    [
        'Condition = { StringEquals = { "aws:PrincipalTag/team" = "ops" } }',
        'NotResource = ["arn:aws:s3:::x"]',
    ],
)
def test_a_statement_that_says_more_is_not_said_again_without_it(tmp_path: Path, more: str) -> None:
    policy = ENCODED.replace('Resource = "*"', more if more.startswith("Not") else f'Resource = "*", {more}')
    (tmp_path / "main.tf").write_text(AGENT.replace("POLICY", policy), encoding="utf-8")
    with contextlib.chdir(tmp_path):
        result = scan(".")
    wide = [one for one in result.open_findings if one.check_id in {"AR102", "AR301"}]
    assert wide
    assert [one for finding in wide for one in suggested(finding, result.sources)] == []


def test_lines_that_fix_writes_are_marked(tmp_path: Path) -> None:
    text = AGENT.replace("POLICY", ENCODED).replace(
        '  name = "ops"\n', '  name = "ops"\n  max_session_duration = 43200\n'
    )
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        result = scan(".")
    (finding,) = [one for one in result.open_findings if one.check_id == "AR202"]
    (suggestion,) = suggested(finding, result.sources)
    assert suggestion.fixed
    assert suggestion.lines == ("-  max_session_duration = 43200", "+  max_session_duration = 3600")


WRITES = '"dynamodb:PutItem", Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-prod"'
HELD = {
    "object": f'jsonencode({{\n  Version   = "2012-10-17"\n  Statement = [{{ Effect = "Allow", Action = {WRITES} }}]\n}})',
    "heredoc": '<<EOT\n{"Statement": [{"Effect": "Allow", "Action": "dynamodb:PutItem", '
    '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-prod"}]}\nEOT',
    "block": "data.aws_iam_policy_document.ops.json",
}
NAMED = DOCUMENT.replace('"dynamodb:PutItem", "dynamodb:GetItem"', '"dynamodb:PutItem"').replace(
    '"*"', '"arn:aws:dynamodb:eu-west-1:111122223333:table/orders-prod"'
)
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: bedrock.amazonaws.com}
            Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
      Policies:
        - PolicyName: tools
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:PutItem
                Resource: !Sub arn:aws:dynamodb:eu-west-1:${AWS::AccountId}:table/orders-prod
  Ops:
    Type: AWS::Bedrock::Agent
    Properties: {AgentName: ops, FoundationModel: m, AgentResourceRoleArn: !GetAtt Role.Arn}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("main.tf", AGENT.replace("POLICY", policy) + NAMED) for policy in HELD.values()),
        ("template.yaml", TEMPLATE),
    ],
    ids=[*HELD, "cloudformation"],
)
def test_a_statement_that_names_everything_lacks_who_decides_about_each_use(
    tmp_path: Path, name: str, text: str
) -> None:
    """With the condition, the write is no longer the agent's for good: what is left is a step lower."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        before = scan(".")
        (finding,) = [one for one in before.open_findings if one.check_id == "AR306"]
        (proposal,) = proposed(finding, before.sources)
        assert (proposal.remedy.move, proposal.has_blanks) == (Move.ADD_CONDITION, True)
        path.write_text(edited(proposal.edits[0].source.text, proposal.edits), encoding="utf-8")
        after = scan(".")
    assert [one.message for one in after.broken] == []
    (left,) = [one for one in after.open_findings if one.check_id == "AR306"]
    assert (finding.severity, left.severity) == (Severity.HIGH, Severity.LOW)
