"""Policies that a macro, an include or a list with unknown parts may add: never counted as none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Attachment, Hidden, Policy
from agentreach.model import Unknown, string
from lowering.loading import from_template, line, only

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

ROLE = """\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
"""


def unknown_policies(facts: tuple[Fact, ...]) -> list[tuple[str, int]]:
    return [(one.unknown.reason, line(one.unknown.at)) for one in only(facts, Policy) if one.unknown]


@pytest.mark.parametrize(
    ("properties", "reason", "at"),
    [
        ("      Policies: {'Fn::Transform': {Name: Standard}}\n", "macro Standard only runs at deployment", 5),
        ("      Policies: [{'Fn::Transform': {Name: Standard}}]\n", "macro Standard only runs at deployment", 5),
        ("      Policies: !Split [',', !Ref Later]\n", "Later is not declared in the template", 5),
        ("      Fn::Transform: {Name: Standard}\n", "macro Standard only runs at deployment", 5),
        ("      Policies: !If [Open, !Ref Later, []]\n", "Later is not declared in the template", 5),
    ],
)
def test_a_role_may_hold_more_than_its_inline_policies_say(
    properties: str, reason: str, at: int, tmp_path: Path
) -> None:
    assert unknown_policies(from_template(tmp_path, ROLE + properties)) == [(reason, at)]


def test_a_document_that_an_include_may_add_to_has_no_statements_only_as_far_as_is_known(tmp_path: Path) -> None:
    text = ROLE + "      Policies:\n        - PolicyName: p\n          PolicyDocument:\n"
    text += "            Version: '2012-10-17'\n            Fn::Transform: {Name: Statements}\n"
    assert unknown_policies(from_template(tmp_path, text)) == [("the document may hold more than the code says", 8)]


def test_a_macro_over_the_whole_template_may_add_policies_to_a_role(tmp_path: Path) -> None:
    facts = from_template(tmp_path, "Transform: Company\n" + ROLE + "      Path: /x/\n")
    assert unknown_policies(facts) == [("macro Company may rewrite it at deployment", 1)]
    assert only(facts, Hidden) == []


def test_what_calls_a_macro_itself_has_a_hidden_part(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      AgentName: ops\n"
    text += "      Fn::Transform: {Name: Defaults}\n"
    (hidden,) = only(from_template(tmp_path, text), Hidden)
    assert (hidden.subject.address, hidden.attribute, line(hidden.at)) == ("A", "Fn::Transform", 6)


def test_a_list_of_attached_policies_that_may_go_on_attaches_something_unknown(tmp_path: Path) -> None:
    text = "Parameters: {More: {Type: String}}\n" + ROLE
    text += "      ManagedPolicyArns: !Split [',', !Sub 'arn:aws:iam::aws:policy/A,${More}']\n"
    known, unknown = only(from_template(tmp_path, text), Attachment)
    assert string(known.policy) == "arn:aws:iam::aws:policy/A"
    assert isinstance(unknown.policy, Unknown)
