from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from access.test_properties import rows as random_rows
from access.written import Json, allow, ask, deny, one_of, role, statements, text, unknown
from agentreach.access import actions
from agentreach.access.aws import unknown_statement
from agentreach.access.effective import Grant, grants, statement_actions, total
from agentreach.access.request import Layers
from agentreach.access.verdict import Verdict


def left(*rows: dict[str, Any], **layers: Json) -> tuple[Grant, ...]:
    return grants(Layers(identity=statements(*rows), **layers), role())


def names(bits: int) -> set[str]:
    return set(actions.names(bits))


def test_an_allow_alone_is_certain() -> None:
    (grant,) = left(allow(["s3:GetObject", "x:Unlisted"]))
    assert names(grant.certain) == {"s3:GetObject"}
    assert names(grant.possible) == {"s3:GetObject", "x:Unlisted"}
    assert (grant.condition, grant.limited_by) == (Verdict.ALLOWED, ())


def test_a_deny_takes_away_what_it_covers() -> None:
    (grant,) = left(allow(["s3:GetObject", "s3:PutObject"]), deny("s3:Put*"))
    assert names(grant.possible) == {"s3:GetObject"}
    assert [one.effect for one in grant.limited_by] == ["Deny"]


def test_a_deny_on_some_of_many_things_leaves_the_others() -> None:
    (grant,) = left(allow("s3:GetObject"), deny("s3:*", "arn:aws:s3:::prod/*"))
    assert names(grant.certain) == {"s3:GetObject"}
    (one,) = left(allow("s3:GetObject", "arn:aws:s3:::b/k"), deny("s3:*", text("arn:aws:s3:::", unknown(), "/*")))
    assert (names(one.certain), names(one.possible)) == (set(), {"s3:GetObject"})
    (apart,) = left(allow("s3:GetObject", "arn:aws:s3:::b/k"), deny("s3:*", "arn:aws:s3:::prod/*"))
    assert apart.limited_by == ()


def test_a_conditional_deny_makes_possible() -> None:
    (grant,) = left(allow("s3:GetObject"), deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}))
    assert (names(grant.certain), names(grant.possible)) == (set(), {"s3:GetObject"})
    (never,) = left(allow("s3:GetObject"), deny(Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}))
    assert names(never.certain) == {"s3:GetObject"}


def test_boundaries_sessions_and_every_scp_level_limit() -> None:
    rows = [allow(["s3:GetObject", "sqs:SendMessage", "ec2:RunInstances"])]
    found = left(
        *rows,
        boundary=statements(allow(["s3:*", "sqs:*"])),
        service_control=(statements(allow("*")), statements(allow("*"), deny("sqs:*"))),
    )
    assert names(found[0].certain) == {"s3:GetObject"}
    assert left(*rows, session=statements(allow("iam:*"))) == ()


def test_a_boundary_on_other_resources_leaves_nothing_and_on_some_leaves_it_possible() -> None:
    rows = [allow("s3:GetObject", "arn:aws:s3:::app-*/*")]
    assert left(*rows, boundary=statements(allow("s3:*", "arn:aws:s3:::db-*/*"))) == ()
    (grant,) = left(*rows, boundary=statements(allow("s3:*", "arn:aws:s3:::app-1/*")))
    assert (grant.certain, names(grant.possible)) == (0, {"s3:GetObject"})
    (whole,) = left(*rows, boundary=statements(allow("s3:*", "arn:aws:s3:::*")))
    assert names(whole.certain) == {"s3:GetObject"}
    but = statements({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::db-*/*"})
    assert names(left(*rows, boundary=but)[0].certain) == {"s3:GetObject"}


def test_too_many_pairs_of_patterns_are_left_possible() -> None:
    many = [f"arn:aws:s3:::a{number}" for number in range(400)]
    (grant,) = left(allow("s3:GetObject", many), boundary=statements(allow("s3:*", many)))
    assert (grant.certain, names(grant.possible)) == (0, {"s3:GetObject"})


def test_conditions_of_the_allow_itself_are_told_apart() -> None:
    (grant,) = left(allow("s3:GetObject", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}))
    assert (grant.condition, names(grant.certain)) == (Verdict.POSSIBLE, {"s3:GetObject"})
    assert total([grant]) == (0, grant.possible)
    past = {"DateLessThan": {"aws:CurrentTime": "2020-01-01"}}
    assert left(allow("s3:GetObject", Condition=past)) == ()


def test_what_may_be_absent_or_unknown_is_possible() -> None:
    (maybe,) = left({**allow("s3:GetObject"), "certain": False})
    assert (maybe.certain, names(maybe.possible)) == (0, {"s3:GetObject"})
    hidden = Layers(identity=(unknown_statement(unknown()),))
    (anything,) = grants(hidden)
    assert (anything.certain, anything.possible) == (0, actions.all_bits())
    (either,) = left(allow([one_of("s3:GetObject", "s3:PutObject"), "s3:ListBucket"]))
    assert names(either.certain) == {"s3:ListBucket"}
    assert names(either.possible) == {"s3:ListBucket", "s3:GetObject", "s3:PutObject"}
    (prefix,) = left(allow(text("sqs:", unknown())))
    assert (prefix.certain, prefix.possible) == (0, actions.expand("sqs:*"))


def test_complements() -> None:
    (row,) = statements({"Effect": "Allow", "NotAction": ["iam:*", "x:NotThis"], "Resource": "*"})
    bits = statement_actions(row)
    assert not bits.possible & actions.expand("iam:PassRole")
    assert bits.certain & actions.expand("s3:GetObject")
    assert not bits.certain & actions.expand("x:NotThis")
    (partial,) = statements({"Effect": "Allow", "NotAction": [text("iam:", unknown())], "Resource": "*"})
    assert not statement_actions(partial).certain & actions.expand("iam:PassRole")
    assert statement_actions(partial).possible & actions.expand("iam:PassRole")
    (more,) = statements({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "open": True})
    assert (statement_actions(more).certain, bool(statement_actions(more).possible)) == (0, True)
    (empty,) = statements({"Effect": "Allow", "Resource": "*"})
    assert statement_actions(empty) == (0, 0)


ASKED = (
    ("s3:GetObject", "arn:aws:s3:::b/k"),
    ("s3:PutObject", "arn:aws:s3:::b/k"),
    ("sqs:SendMessage", "arn:aws:sqs:eu:1:q"),
)


@given(st.lists(random_rows(), min_size=1, max_size=4), st.none() | st.lists(random_rows(), min_size=1, max_size=2))
@settings(max_examples=300)
def test_in_bulk_and_one_by_one_agree(identity: list[dict[str, Any]], boundary: list[dict[str, Any]] | None) -> None:
    layers = Layers(identity=statements(*identity), boundary=None if boundary is None else statements(*boundary))
    possible = total(grants(layers, role())).possible
    for action, resource in ASKED:
        if ask(action, resource, layers, principal=role()).verdict is not Verdict.DENIED:
            assert possible & actions.expand(action)
