from __future__ import annotations

import pytest

from agentreach.access import actions
from agentreach.graph.sentences import sentence
from graph.declared import Stack


@pytest.mark.parametrize(
    ("resource", "anywhere"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::*/*", True),
        ("arn:aws:s3:::bucket/*", False),
        ("arn:aws:s3:::prefix-*", False),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam::111111111111:role/path/*", False),
        ("arn:aws:secretsmanager:*:*:secret:*", True),
        ("arn:aws:secretsmanager:*:*:secret:db-*", False),
        ("arn:aws:sqs:*:*:*", True),
        ("arn:aws:sqs:*:*:queue", False),
        ("arn:aws:dynamodb:*:*:table/*", True),
        ("arn:aws:dynamodb:*:*:table/orders", False),
        ("arn:aws:dynamodb:*:*:table/orders/index/*", False),
        ("arn:aws:bedrock:*::foundation-model/*", True),
        ("", False),
    ],
)
def test_a_pattern_that_names_nothing_in_particular_is_anywhere(resource: str, anywhere: bool) -> None:  # noqa: FBT001
    assert sentence(Stack().statement("s3:GetObject", resources=(resource,))).anywhere is anywhere


def test_what_is_excluded_leaves_the_rest() -> None:
    one = sentence(Stack().statement(not_actions=("iam:*",)))
    assert one.spans
    assert not one.bits & actions.expand("iam:CreateUser")
    assert one.bits & actions.expand("s3:GetObject")
    assert one.written(one.bits, "*") == ("NotAction iam:*",)


def test_everything_on_an_arn_is_that_service_and_its_neighbour() -> None:
    one = sentence(Stack().statement("*", resources=("arn:aws:iam::111111111111:role/x",)))
    assert one.bits & actions.expand("iam:PassRole")
    assert one.bits & actions.expand("sts:AssumeRole")
    assert not one.bits & actions.expand("s3:GetObject")


def test_an_unknown_action_names_nothing_and_may_name_anything() -> None:
    stack = Stack()
    one = sentence(stack.statement(stack.unknown()))
    assert (one.bits, one.maybe, one.unknown) == (0, 0, True)
    assert one.reach == actions.all_bits()


def test_a_policy_variable_is_a_hole_not_a_wildcard() -> None:
    one = sentence(Stack().statement("s3:GetObject", resources=("arn:aws:s3:::home/${aws:userid}/*",)))
    assert not one.anywhere
    assert one.resources[0].text == "arn:aws:s3:::home/${aws:userid}/*"
