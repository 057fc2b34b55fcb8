from __future__ import annotations

import pytest

from access.written import AT, Json, allow, ask, identity, one_of, text, unknown
from agentreach.access.request import Alternatives, Layers
from agentreach.access.verdict import Verdict
from agentreach.model import ListValue, MapValue, Scalar

ALLOWED, POSSIBLE, DENIED = Verdict.ALLOWED, Verdict.POSSIBLE, Verdict.DENIED


def holds(operator: str, wanted: Json, actual: Json = None, key: str = "k:x", **more: Json) -> Verdict:
    """The verdict of an Allow under one condition; `actual` None means the key is absent."""
    layers = identity(allow(Condition={operator: {key: wanted}}))
    context = {} if actual is None else {key: actual}
    return ask("s3:GetObject", "arn:aws:s3:::b/k", layers, context=context, complete=True, **more).verdict


MATCHING = [
    ("StringEquals", "a", "a"),
    ("StringEquals", ["b", "a"], "a"),
    ("StringNotEquals", "a", "b"),
    ("StringNotEquals", ["a", "b"], "c"),
    ("StringEqualsIgnoreCase", "A", "a"),
    ("StringNotEqualsIgnoreCase", "A", "b"),
    ("StringLike", "a*", "abc"),
    ("StringLike", "a?c", "abc"),
    ("StringNotLike", "a*", "b"),
    ("NumericEquals", "5", "5.0"),
    ("NumericNotEquals", "5", "6"),
    ("NumericLessThan", "5", "4"),
    ("NumericLessThanEquals", "5", "5"),
    ("NumericGreaterThan", "5", "6"),
    ("NumericGreaterThanEquals", "5", "5"),
    ("NumericLessThan", 3600, "900"),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01"),
    ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02"),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
    ("DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z"),
    ("DateGreaterThan", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00Z"),
    ("DateGreaterThanEquals", "2026-01-01", "2026-01-01"),
    ("Bool", "true", "true"),
    ("Bool", True, "TRUE"),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5"),
    ("IpAddress", "203.0.113.0/24", "203.0.113.9"),
    ("IpAddress", "203.0.113.9", "203.0.113.9"),
    ("IpAddress", "2001:db8::/32", "2001:db8::1"),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.1"),
    ("ArnEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::111111111111:role/x"),
    ("ArnLike", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b"),
    ("ArnLike", "*", "arn:aws:s3:::b"),
    ("ArnNotEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::111111111111:role/y"),
    ("ArnNotLike", "arn:aws:iam::*:role/x", "arn:aws:sqs:::x"),
]


@pytest.mark.parametrize(("operator", "wanted", "actual"), MATCHING)
def test_every_operator_accepts_what_it_asks_for(operator: str, wanted: Json, actual: str) -> None:
    assert holds(operator, wanted, actual) is ALLOWED


FAILING = [
    ("StringEquals", "a*", "abc"),
    ("StringEquals", "a", "A"),
    ("StringNotEquals", ["a", "b"], "b"),
    ("StringLike", "a*", "Abc"),
    ("NumericEquals", "5", "six"),
    ("NumericLessThan", "five", "4"),
    ("DateLessThan", "2026-01-01", "soon"),
    ("Bool", "true", "false"),
    ("IpAddress", "203.0.113.0/24", "nowhere"),
    ("IpAddress", "2001:db8::/32", "203.0.113.9"),
    ("ArnLike", "arn:aws:iam::*", "arn:aws:iam::111111111111:role/x"),
    ("ArnLike", "arn:aws:*:role/x", "arn:aws:iam::111111111111:role/x"),
]


@pytest.mark.parametrize(("operator", "wanted", "actual"), FAILING)
def test_every_operator_refuses_what_it_does_not_ask_for(operator: str, wanted: Json, actual: str) -> None:
    assert holds(operator, wanted, actual) is DENIED


@pytest.mark.parametrize(
    ("operator", "verdict"),
    [
        ("StringEquals", DENIED),
        ("NumericLessThan", DENIED),
        ("Bool", DENIED),
        ("IpAddress", DENIED),
        ("StringNotEquals", ALLOWED),
        ("ArnNotLike", ALLOWED),
        ("NotIpAddress", ALLOWED),
        ("StringEqualsIfExists", ALLOWED),
        ("BoolIfExists", ALLOWED),
        ("ForAllValues:StringEquals", ALLOWED),
        ("ForAllValues:StringNotEquals", ALLOWED),
        ("ForAnyValue:StringEquals", DENIED),
        ("ForAnyValue:StringNotEquals", DENIED),
        ("ForAnyValue:StringEqualsIfExists", ALLOWED),
    ],
)
def test_an_absent_key(operator: str, verdict: Verdict) -> None:
    assert holds(operator, "true") is verdict


@pytest.mark.parametrize(
    ("operator", "wanted", "actual", "verdict"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], ALLOWED),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], DENIED),
        ("ForAllValues:StringNotLike", ["a*"], ["b", "c"], ALLOWED),
        ("ForAllValues:StringNotLike", ["a*"], ["b", "ax"], DENIED),
        ("ForAnyValue:StringEquals", ["a"], ["x", "a"], ALLOWED),
        ("ForAnyValue:StringEquals", ["a"], ["x", "y"], DENIED),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], ALLOWED),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], DENIED),
        ("StringEquals", ["a"], ["x", "a"], ALLOWED),
        ("StringNotEquals", ["a"], ["x", "a"], DENIED),
    ],
)
def test_keys_with_several_values(operator: str, wanted: Json, actual: list[str], verdict: Verdict) -> None:
    assert holds(operator, wanted, actual) is verdict


@pytest.mark.parametrize(
    ("wanted", "actual", "verdict"),
    [
        ("true", None, ALLOWED),
        ("false", None, DENIED),
        ("true", "x", DENIED),
        ("false", "x", ALLOWED),
        (True, None, ALLOWED),
    ],
)
def test_null_asks_for_absence_or_presence(wanted: Json, actual: str | None, verdict: Verdict) -> None:
    assert holds("Null", wanted, actual) is verdict


def unstated(operator: str, wanted: Json, key: str = "aws:PrincipalOrgID", **more: Json) -> Verdict:
    layers = identity(allow(Condition={operator: {key: wanted}}))
    return ask("s3:GetObject", "arn:aws:s3:::b/k", layers, **more).verdict


def test_an_unknown_key_is_possible_unless_every_value_gives_the_same_answer() -> None:
    assert unstated("StringEquals", "o-1") is POSSIBLE
    assert unstated("StringLike", "*") is POSSIBLE  # the key may be absent
    assert unstated("StringLikeIfExists", "*") is ALLOWED
    assert unstated("StringNotLike", "*") is POSSIBLE
    assert unstated("Null", "true") is POSSIBLE
    assert unstated("ForAllValues:StringLike", "*") is ALLOWED
    assert unstated("Null", ["true", "false"]) is ALLOWED


def test_keys_that_every_request_carries_make_a_condition_trivially_true() -> None:
    assert unstated("StringLike", "*", key="aws:PrincipalArn") is ALLOWED
    assert unstated("ArnLike", "*", key="aws:PrincipalArn") is ALLOWED
    assert unstated("Null", "false", key="aws:RequestedRegion") is ALLOWED
    assert unstated("StringLike", "*", key="aws:RequestedRegion", complete=True) is DENIED


def test_a_date_in_the_past_is_decided_and_one_to_come_is_not() -> None:
    past, future = "2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z"
    assert unstated("DateGreaterThan", past, key="aws:CurrentTime") is ALLOWED
    assert unstated("DateLessThan", past, key="aws:CurrentTime") is DENIED
    assert unstated("DateLessThan", future, key="aws:CurrentTime") is POSSIBLE
    assert unstated("DateGreaterThan", future, key="aws:CurrentTime") is POSSIBLE
    assert unstated("DateEquals", past, key="aws:CurrentTime") is DENIED
    assert unstated("DateEquals", future, key="aws:CurrentTime") is POSSIBLE
    assert unstated("NumericLessThan", "1", key="aws:EpochTime") is DENIED
    assert unstated("DateLessThan", "whenever", key="aws:CurrentTime") is POSSIBLE
    assert unstated("DateLessThan", "2030-01-01", key="aws:CurrentTime", now=2e9) is DENIED


def test_conditions_are_joined_by_and() -> None:
    layers = identity(allow(Condition={"StringEquals": {"k:a": "1", "k:b": "2"}, "Bool": {"k:c": "true"}}))
    asked = {"k:a": "1", "k:b": "2", "k:c": "true"}
    for missing in asked:
        context = {key: value for key, value in asked.items() if key != missing}
        assert ask("s3:GetObject", "x", layers, context=context, complete=True).verdict is DENIED
    assert ask("s3:GetObject", "x", layers, context=asked, complete=True).verdict is ALLOWED


def test_keys_compare_in_any_letter_case() -> None:
    layers = identity(allow(Condition={"StringEquals": {"AWS:principaltag/Team": "a"}}))
    assert ask("s3:GetObject", "x", layers, context={"aws:PrincipalTag/team": "a"}, complete=True).verdict is ALLOWED


def test_a_condition_block_that_may_hold_more_is_at_most_possible() -> None:
    def verdict(block: dict[str, dict[str, str]]) -> Verdict:
        layers = identity(allow(Condition=block, conditions_open=True))
        return ask("s3:GetObject", "x", layers, complete=True).verdict

    assert verdict({}) is POSSIBLE
    assert verdict({"StringEquals": {"k:x": "a"}}) is DENIED


def test_an_operator_nobody_knows_is_possible() -> None:
    assert holds("StringResembles", "a", "a") is POSSIBLE
    assert holds("?!", "a", "a") is POSSIBLE


def test_values_that_are_only_partly_known() -> None:
    assert holds("StringEquals", text("a-", unknown()), "a-b") is POSSIBLE
    assert holds("StringEquals", text("a-", unknown()), "b") is DENIED
    assert holds("StringNotEquals", text("a-", unknown()), "b") is ALLOWED
    assert holds("NumericLessThan", unknown(), "5") is POSSIBLE
    assert holds("IpAddress", unknown(), "203.0.113.9") is POSSIBLE
    assert holds("ArnLike", text("arn:aws:iam::", unknown(), ":role/x"), "arn:aws:iam::1:role/x") is POSSIBLE
    assert holds("ArnLike", text("arn:aws:sqs::", unknown(), ":q"), "arn:aws:iam::1:role/x") is DENIED
    assert holds("Null", unknown()) is POSSIBLE


def test_values_that_are_one_of_several() -> None:
    assert holds("StringLike", one_of("a*", "*"), "abc") is ALLOWED
    assert holds("StringLike", one_of("a*", "b*"), "abc") is POSSIBLE
    assert holds("StringLike", one_of("b*", "c*"), "abc") is DENIED
    several = ListValue((Scalar("b", AT),), AT, open=True)
    assert holds("StringEquals", several, "a") is POSSIBLE
    assert holds("StringEquals", several, "b") is ALLOWED
    assert holds("StringEquals", Scalar(None, AT), "a") is DENIED
    assert holds("StringEquals", MapValue({}, AT), "a") is POSSIBLE


def test_a_context_key_that_may_have_several_values() -> None:
    regions = Alternatives(((("eu-west-1",),), (("eu-central-1",),)))
    layers = identity(allow(Condition={"StringLike": {"aws:RequestedRegion": "eu-*"}}))
    narrow = identity(allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))

    def verdict(one: Layers) -> Verdict:
        return ask("s3:GetObject", "x", one, raw_context={"aws:RequestedRegion": regions}).verdict

    assert verdict(layers) is ALLOWED
    assert verdict(narrow) is POSSIBLE
