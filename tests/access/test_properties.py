"""Laws of the evaluation, over small random policies."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from access.written import Json, ask, statements, text, unknown
from agentreach.access.context import ALWAYS_PRESENT
from agentreach.access.request import Layers
from agentreach.access.verdict import Verdict

ACTIONS = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "sqs:SendMessage", "s3:?utObject"])
RESOURCES = st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:s3:::?/k", "arn:aws:sqs:*:*:q"])
KEYS = ["aws:PrincipalTag/team", "s3:prefix", "aws:SourceVpc"]
OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringLike",
    "ArnLike",
    "NumericLessThan",
    "Null",
]
VALUES = st.sampled_from(["a", "b*", "*", "true", "5", "arn:aws:iam::1:role/x", "${aws:PrincipalTag/team}"])


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    row: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    row[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(st.lists(ACTIONS, min_size=1, max_size=2))
    row[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        st.lists(RESOURCES, min_size=1, max_size=2)
    )
    if draw(st.booleans()):
        row["Condition"] = {
            draw(st.sampled_from(OPERATORS)): {
                draw(st.sampled_from(KEYS)): draw(st.lists(VALUES, min_size=1, max_size=2))
            }
        }
    return row


POLICIES = st.lists(rows(), min_size=1, max_size=4)
CONTEXTS = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(["a", "b", "bx", "4", "arn:aws:iam::1:role/x", ["a", "b"]]), max_size=3
)
ASKED = st.sampled_from([("s3:GetObject", "arn:aws:s3:::b/k"), ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:1:q")])


def layers(identity: list[dict[str, Any]], boundary: list[dict[str, Any]] | None) -> Layers:
    return Layers(identity=statements(*identity), boundary=None if boundary is None else statements(*boundary))


def widens(before: Verdict, after: Verdict) -> bool:
    return after in (before, Verdict.POSSIBLE)


@given(POLICIES, st.none() | POLICIES, CONTEXTS, ASKED, st.sets(st.sampled_from(KEYS)))
@settings(max_examples=300)
def test_hiding_context_keys_never_turns_a_decided_verdict_into_its_opposite(
    identity: list[dict[str, Any]],
    boundary: list[dict[str, Any]] | None,
    context: dict[str, Any],
    asked: tuple[str, str],
    hidden: set[str],
) -> None:
    context |= dict.fromkeys(sorted(ALWAYS_PRESENT), "x")
    complete = ask(*asked, layers(identity, boundary), context=context, complete=True)
    shown = {key: value for key, value in context.items() if key not in hidden}
    partial = ask(*asked, layers(identity, boundary), context=shown)
    assert widens(complete.verdict, partial.verdict)
    assert complete.explicit or not partial.explicit


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(st.integers(0, 30))
    return start, start + draw(st.integers(0, 12))


def holed(whole: str, cut: tuple[int, int]) -> Json:
    start, end = cut
    return text(*(part for part in (whole[:start], unknown(), whole[end:]) if part != ""))


@given(POLICIES, CONTEXTS, ASKED, st.data())
@settings(max_examples=400)
def test_replacing_any_string_by_a_partly_unknown_one_only_widens(
    identity: list[dict[str, Any]], context: dict[str, Any], asked: tuple[str, str], data: st.DataObject
) -> None:
    known = ask(*asked, layers(identity, None), context=context, complete=True)
    row = data.draw(st.sampled_from(identity))
    places: list[list[Any]] = [row[key] for key in ("Action", "NotAction", "Resource", "NotResource") if key in row]
    places += [listed for keys in row.get("Condition", {}).values() for listed in keys.values()]
    place = data.draw(st.sampled_from(places))
    index = data.draw(st.integers(0, len(place) - 1))
    place[index] = holed(place[index], data.draw(cuts()))
    assert widens(known.verdict, ask(*asked, layers(identity, None), context=context, complete=True).verdict)


@given(POLICIES, CONTEXTS, ASKED, cuts())
@settings(max_examples=200)
def test_asking_about_a_partly_unknown_resource_only_widens(
    identity: list[dict[str, Any]], context: dict[str, Any], asked: tuple[str, str], cut: tuple[int, int]
) -> None:
    action, resource = asked
    known = ask(action, resource, layers(identity, None), context=context, complete=True)
    parts = holed(resource, cut).parts
    assert widens(known.verdict, ask(action, parts, layers(identity, None), context=context, complete=True).verdict)


@given(POLICIES, POLICIES, CONTEXTS, ASKED)
def test_more_layers_and_statements_that_may_be_absent_only_widen_or_limit(
    identity: list[dict[str, Any]], extra: list[dict[str, Any]], context: dict[str, Any], asked: tuple[str, str]
) -> None:
    def verdict(one: Layers) -> Verdict:
        return ask(*asked, one, context=context, complete=True).verdict

    alone = verdict(layers(identity, None))
    assert verdict(layers(identity, extra)) <= alone
    assert widens(alone, verdict(layers([*identity, *({**row, "certain": False} for row in extra)], None)))
