"""Templates in Terraform's own text: what they declare is found where it is written, under the stack's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, IdentityUse, Tool
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

ROLE = """resource "aws_iam_role" "agent" {
  name               = "ops"
  assume_role_policy = "{}"
}
"""


def test_a_template_in_a_heredoc_declares_what_it_holds_at_its_own_lines(tmp_path: Path) -> None:
    text = (
        ROLE
        + """
resource "aws_cloudformation_stack" "agent" {
  name       = "ops-agent"
  parameters = { Name = "ops" }

  template_body = <<-YAML
    Parameters:
      Name: { Type: String }
    Resources:
      Ops:
        Type: AWS::Bedrock::Agent
        Properties:
          AgentName: !Ref Name
          FoundationModel: m
          AgentResourceRoleArn: ${aws_iam_role.agent.arn}
          ActionGroups:
            - ActionGroupName: fix
              ActionGroupExecutor: { CustomControl: RETURN_CONTROL }
  YAML
}
"""
    )
    facts = from_terraform(tmp_path, text)
    assert [(one.key.address, one.name, line(one.at)) for one in only(facts, Agent)] == [
        ("aws_cloudformation_stack.agent/Ops", "ops", 14)
    ]
    assert [(plain(one.identity), line(one.at)) for one in only(facts, IdentityUse)] == [("<agent>", 19)]
    assert [(one.name, one.executor, line(one.at)) for one in only(facts, Tool)] == [("fix", "return-control", 21)]


def test_an_encoded_template_declares_what_it_holds(tmp_path: Path) -> None:
    text = (
        ROLE
        + """
resource "aws_cloudformation_stack_set" "agent" {
  name = "ops-agent"
  template_body = jsonencode({
    Resources = {
      Ops = {
        Type       = "AWS::Bedrock::Agent"
        Properties = { AgentName = "ops", FoundationModel = "m", AgentResourceRoleArn = aws_iam_role.agent.arn }
      }
    }
  })
}
"""
    )
    facts = from_terraform(tmp_path, text)
    assert [(one.key.address, line(one.at)) for one in only(facts, Agent)] == [
        ("aws_cloudformation_stack_set.agent/Ops", 10)
    ]
    assert [plain(one.identity) for one in only(facts, IdentityUse)] == ["<agent>"]


def test_a_template_read_from_a_file_is_left_to_that_file(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text("Resources:\n  Ops: {Type: AWS::Bedrock::Agent}\n", encoding="utf-8")
    text = """
resource "aws_cloudformation_stack" "agent" {
  name          = "a"
  template_body = file("${path.module}/stack.yaml")
}
"""
    assert only(from_terraform(tmp_path, text), Agent) == []


def test_what_is_no_template_declares_nothing(tmp_path: Path) -> None:
    for body in ('"{{{"', '"- a"', "var.body", '"Resources: 3"', "null", '"Resources: {A: 3, B: {Type: [x]}}"'):
        text = f'resource "aws_cloudformation_stack" "agent" {{\n  name = "a"\n  template_body = {body}\n}}\n'
        assert only(from_terraform(tmp_path, text), Agent) == []
