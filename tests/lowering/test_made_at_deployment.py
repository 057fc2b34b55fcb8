"""Custom resources, and functions that answer as one, that create agents by API calls: with the proof of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Agent, Hidden, Role
from lowering.loading import from_template, from_terraform, line, only

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

FUNCTION = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {%s}
  F:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn}
  Made: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt F.Arn}}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'bedrock:CreateAgent', Resource: '*'}]}
"""
CODE = """\
Resources:
  Role: {Type: 'AWS::IAM::Role'}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import %s
          client.%s(agentName='ops')
"""


def found(facts: tuple[Fact, ...]) -> list[tuple[str, list[tuple[int, str]]]]:
    agents = [one for one in only(facts, Agent) if one.kind == "possible-undeclared-agent"]
    assert {one.role for one in agents} <= {Role.UNDECLARED}
    assert len(only(facts, Hidden)) == len(agents)
    return [(one.key.address, [(line(said.at), said.note) for said in one.because]) for one in agents]


@pytest.mark.parametrize(
    ("role", "proof"),
    [
        ("ManagedPolicyArns: [!Ref Policy]", (12, "its role Role may do bedrock:CreateAgent")),
        (
            "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonBedrockFullAccess']",
            (4, "its role Role has AmazonBedrockFullAccess"),
        ),
        (
            "ManagedPolicyArns: ['arn:aws:iam::aws:policy/BedrockAgentCoreFullAccess']",
            (4, "its role Role has BedrockAgentCoreFullAccess"),
        ),
    ],
)
def test_a_policy_attached_to_the_functions_role_is_proof(role: str, proof: tuple[int, str], tmp_path: Path) -> None:
    assert found(from_template(tmp_path, FUNCTION % role)) == [("Made", [(8, "runs a function at deployment"), proof])]


@pytest.mark.parametrize("role", ["", "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']"])
def test_a_role_that_names_no_such_action_is_no_proof(role: str, tmp_path: Path) -> None:
    assert found(from_template(tmp_path, FUNCTION % role)) == []


def test_an_attachment_of_terraform_is_proof(tmp_path: Path) -> None:
    text = """\
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}

resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "bedrock:CreateAgent", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
}

resource "aws_lambda_invocation" "made" {
  function_name = aws_lambda_function.f.function_name
  input         = "{}"
}
"""
    ((address, because),) = found(from_terraform(tmp_path, text))
    assert (address, because[1]) == (
        "aws_lambda_invocation.made",
        (7, "its role aws_iam_role.r may do bedrock:CreateAgent"),
    )


def test_a_call_that_the_resource_spells_out_is_proof_whatever_the_role_may_do(tmp_path: Path) -> None:
    text = FUNCTION % ""
    text += "  Call:\n    Type: Custom::AWS\n    Properties:\n      ServiceToken: !GetAtt F.Arn\n"
    text += (
        """      Create: !Sub '{"service":"BedrockAgent","action":"createAgent","parameters":{"x":"${Role.Arn}"}}'\n"""
    )
    assert found(from_template(tmp_path, text)) == [
        ("Call", [(13, "runs a function at deployment"), (17, "calls createAgent"), (7, "its role is Role")])
    ]


@pytest.mark.parametrize("action", ["createAgentAlias", "createAgentActionGroup", "getAgent", "recreateAgent"])
def test_other_operations_are_none(action: str, tmp_path: Path) -> None:
    text = f"Resources:\n  Call: {{Type: 'Custom::AWS', Properties: {{Create: '{{\"action\":\"{action}\"}}'}}}}\n"
    assert found(from_template(tmp_path, text)) == []


@pytest.mark.parametrize("operation", ["create_agent", "create_agent_runtime", "create_harness"])
def test_a_function_that_answers_cloudformation_and_creates_agents_is_proof_alone(
    operation: str, tmp_path: Path
) -> None:
    said = [(3, "answers as a custom resource"), (8, f"its code calls {operation}"), (6, "its role is Role")]
    assert found(from_template(tmp_path, CODE % ("cfnresponse", operation))) == [("F", said)]


@pytest.mark.parametrize(("module", "operation"), [("json", "create_agent"), ("cfnresponse", "create_agent_alias")])
def test_a_function_that_does_not_answer_or_creates_something_else_is_none(
    module: str, operation: str, tmp_path: Path
) -> None:
    assert found(from_template(tmp_path, CODE % (module, operation))) == []


def test_a_function_with_its_custom_resource_is_said_once_at_the_resource(tmp_path: Path) -> None:
    text = CODE % ("cfnresponse", "create_agent")
    text += "  Made: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt F.Arn}}\n"
    said = [(11, "runs a function at deployment"), (8, "its code calls create_agent"), (6, "its role is Role")]
    assert found(from_template(tmp_path, text)) == [("Made", said)]
