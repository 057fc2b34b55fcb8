"""When a step is standing: held all the time, with nothing that must say yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.graph import build
from agentreach.identity import Step
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.identity import Condition

OPS = "aws_bedrockagent_agent.ops"


def standing(stack: Stack, *conditions: Condition, tags: dict[str, str] | None = None) -> bool | None:
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops", tags=tags)
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(role, stack.statement("s3:GetObject", conditions=conditions))
    (reach,) = build(stack.facts).reach(step=Step.READ_DATA)
    return reach.standing


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"),
        ("Bool", "aws:MultiFactorAuthPresent", "true"),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
        ("StringEquals", "aws:SourceIdentity", "alice"),
        ("StringEquals", "aws:PrincipalTag/ticket", "OPS-1"),
        ("StringEquals", "cognito-identity.amazonaws.com:sub", "user"),
        ("Null", "aws:MultiFactorAuthAge", "false"),
    ],
)
def test_a_condition_that_ends_or_differs_per_request_gates(operator: str, key: str, value: str) -> None:
    stack = Stack()
    assert standing(stack, stack.condition(operator, key, value)) is False


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("Bool", "aws:SecureTransport", "true"),
        ("StringEquals", "aws:SourceAccount", "111111111111"),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1"),
        ("StringEquals", "aws:SourceVpc", "vpc-1"),
        ("StringEquals", "aws:PrincipalOrgID", "o-1"),
        ("StringEquals", "aws:RequestTag/ticket", "OPS-1"),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
        ("StringNotEquals", "aws:SourceIdentity", "mallory"),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"),
        ("ForAllValues:StringEquals", "aws:SourceIdentity", "alice"),
    ],
)
def test_a_condition_that_every_normal_call_meets_gates_nothing(operator: str, key: str, value: str) -> None:
    stack = Stack()
    assert standing(stack, stack.condition(operator, key, value)) is True


def test_a_tag_that_the_role_carries_itself_gates_nothing() -> None:
    stack = Stack()
    condition = stack.condition("StringEquals", "aws:PrincipalTag/team", "ops")
    assert standing(stack, condition, tags={"Team": "ops"}) is True


def test_the_gate_is_shown() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    condition = stack.condition("Bool", "aws:MultiFactorAuthPresent", "true")
    stack.inline(role, stack.statement("s3:GetObject", conditions=(condition,)))
    (reach,) = build(stack.facts).reach(step=Step.READ_DATA)
    assert [(gate.kind, gate.note, gate.at) for gate in reach.gates] == [
        ("condition", "Bool aws:MultiFactorAuthPresent true", condition.at)
    ]


def test_asking_for_standing_reach_includes_what_is_unknown() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    gated = (stack.condition("Bool", "aws:MultiFactorAuthPresent", "true"),)
    stack.inline(
        role,
        stack.statement("s3:GetObject"),
        stack.statement("s3:PutObject", spot="#1", conditions=gated),
        stack.statement("s3:ListBucket", spot="#2", conditions=gated, certain=False),
    )
    graph = build(stack.facts)
    assert {one.names for one in graph.reach(standing=True)} == {("s3:GetObject",), ("s3:ListBucket",)}
    assert {one.names for one in graph.reach(standing=False)} == {("s3:PutObject",)}
