from __future__ import annotations

import pytest

from access.written import allow, ask, deny, identity, role, text, unknown
from agentreach.access.request import PrincipalFacts, PrincipalKind
from agentreach.access.verdict import Verdict

ALLOWED, POSSIBLE, DENIED = Verdict.ALLOWED, Verdict.POSSIBLE, Verdict.DENIED
HOME = "arn:aws:s3:::home/${aws:username}/*"


def verdict(resource: str, pattern: str, context: dict[str, str], version: str = "2012-10-17") -> Verdict:
    layers = identity(allow("s3:GetObject", pattern), version=version)
    return ask("s3:GetObject", resource, layers, context=context, complete=True).verdict


def test_a_variable_stands_for_the_value_of_its_key() -> None:
    assert verdict("arn:aws:s3:::home/ana/x", HOME, {"aws:username": "ana"}) is ALLOWED
    assert verdict("arn:aws:s3:::home/ana/x", HOME, {"aws:username": "bob"}) is DENIED


def test_wildcards_in_the_value_of_a_variable_are_literal() -> None:
    assert verdict("arn:aws:s3:::home/ana/x", HOME, {"aws:username": "*"}) is DENIED
    assert verdict("arn:aws:s3:::home/*/x", HOME, {"aws:username": "*"}) is ALLOWED


def test_a_variable_without_value_matches_nothing_unless_it_has_a_default() -> None:
    assert verdict("arn:aws:s3:::home//x", HOME, {}) is DENIED
    default = "arn:aws:s3:::home/${aws:PrincipalTag/team, 'shared'}/*"
    assert verdict("arn:aws:s3:::home/shared/x", default, {}) is ALLOWED
    assert verdict("arn:aws:s3:::home/red/x", default, {"aws:PrincipalTag/team": "red"}) is ALLOWED
    assert verdict("arn:aws:s3:::home/shared/x", default, {"aws:PrincipalTag/team": "red"}) is DENIED
    assert verdict("arn:aws:s3:::home//x", "arn:aws:s3:::home/${aws:username, ''}/x", {}) is ALLOWED


@pytest.mark.parametrize("letter", ["*", "?", "$"])
def test_escaped_wildcards_are_themselves(letter: str) -> None:
    pattern = "arn:aws:s3:::b/${" + letter + "}"
    assert verdict(f"arn:aws:s3:::b/{letter}", pattern, {}) is ALLOWED
    assert verdict("arn:aws:s3:::b/x", pattern, {}) is DENIED


def test_the_old_policy_version_has_no_variables() -> None:
    assert verdict("arn:aws:s3:::home/ana/x", HOME, {"aws:username": "ana"}, "2008-10-17") is DENIED
    assert verdict("arn:aws:s3:::home/${aws:username}/x", HOME, {}, "2008-10-17") is ALLOWED


def test_an_unknown_variable_is_a_hole() -> None:
    layers = identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"))
    assert ask("s3:GetObject", "arn:aws:s3:::home/ana/x", layers).verdict is POSSIBLE
    assert ask("s3:GetObject", "arn:aws:s3:::other/ana/x", layers).verdict is DENIED


def test_a_role_has_no_user_name_and_a_user_has() -> None:
    layers = identity(allow("s3:GetObject", HOME))
    assert ask("s3:GetObject", "arn:aws:s3:::home/agent/x", layers, principal=role()).verdict is DENIED
    user = PrincipalFacts(arn=("arn:aws:iam::111111111111:user/team/ana",), kind=PrincipalKind.USER)
    assert ask("s3:GetObject", "arn:aws:s3:::home/ana/x", layers, principal=user).verdict is ALLOWED
    someone = PrincipalFacts(arn=("arn:aws:iam::111111111111:user/", unknown()), kind=PrincipalKind.USER)
    assert ask("s3:GetObject", "arn:aws:s3:::home/ana/x", layers, principal=someone).verdict is POSSIBLE


def test_a_variable_in_a_condition() -> None:
    layers = identity(allow(Condition={"StringEquals": {"s3:prefix": "${aws:PrincipalTag/team}"}}))
    same = {"s3:prefix": "red", "aws:PrincipalTag/team": "red"}
    assert ask("s3:ListBucket", "arn:aws:s3:::b", layers, context=same, complete=True).verdict is ALLOWED
    other = same | {"s3:prefix": "blue"}
    assert ask("s3:ListBucket", "arn:aws:s3:::b", layers, context=other, complete=True).verdict is DENIED
    tagged = role(tags={"team": ("red",)})
    asked = ask("s3:ListBucket", "arn:aws:s3:::b", layers, context={"s3:prefix": "red"}, principal=tagged)
    assert asked.verdict is ALLOWED


def test_a_variable_in_a_deny_that_has_no_value_denies_nothing() -> None:
    layers = identity(allow("s3:*"), deny("s3:*", HOME))
    assert ask("s3:GetObject", "arn:aws:s3:::home/ana/x", layers, context={}, complete=True).verdict is ALLOWED


def test_a_variable_beside_an_unknown_part() -> None:
    pattern = text("arn:aws:s3:::", unknown(), "/${aws:username}/*")
    layers = identity(allow("s3:GetObject", pattern))
    asked = {"aws:username": "ana"}
    assert ask("s3:GetObject", "arn:aws:s3:::b/ana/x", layers, context=asked, complete=True).verdict is POSSIBLE
    assert ask("s3:GetObject", "arn:aws:s3:::b/bob/x", layers, context=asked, complete=True).verdict is DENIED


def test_a_hostile_variable_is_read_in_one_pass() -> None:
    for content in (" " * 100_000, "${" * 50_000, "a, '" + " " * 100_000):
        assert verdict("arn:aws:s3:::b/x", "arn:aws:s3:::b/${" + content + "}", {}) is DENIED


def test_braces_that_are_no_variable_are_text() -> None:
    assert verdict("arn:aws:s3:::b/${x", "arn:aws:s3:::b/${x", {}) is ALLOWED
