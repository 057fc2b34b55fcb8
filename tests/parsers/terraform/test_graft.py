"""Planned values on the places of the configuration."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import (
    Encoded,
    Key,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Source,
    Span,
    Text,
    Unknown,
    Value,
    child,
    elements,
)
from agentreach.parsers.terraform.graft import Planned, graft
from parsers.terraform.loading import plain

SOURCE = Source("main.tf", "\n" * 200)
ROLE = Key(".", "aws_iam_role.r")


def at(line: int) -> Span:
    return Span(SOURCE, line - 1, line - 1)


def line(value: Value | None) -> int:
    assert value is not None
    return value.at.location.line


def test_every_part_keeps_its_own_place() -> None:
    written = MapValue({"a": ListValue((Scalar(1, at(3)), Scalar(2, at(4))), at(2))}, at(1), {"a": at(2)})
    found = graft(Planned({"a": [1, 2], "b": 3}), written, at(9))
    assert plain(found) == {"a": [1, 2], "b": 3}
    assert [line(one) for one in elements(child(found, "a"))] == [3, 4]
    assert line(child(found, "b")) == 1
    assert isinstance(found, MapValue)
    assert found.keys == {"a": at(2)}


def test_elements_of_a_set_find_their_equals() -> None:
    written = ListValue((Scalar("z", at(2)), Scalar("a", at(3))), at(1))
    assert [line(one) for one in elements(graft(Planned(["a", "z"]), written, at(9)))] == [3, 2]


def test_a_list_of_one_may_be_written_without_brackets() -> None:
    assert [line(one) for one in elements(graft(Planned(["x"]), Scalar("x", at(5)), at(9)))] == [5]


def test_a_known_value_keeps_the_reference_it_was_read_from() -> None:
    reference = Reference(ROLE, "name", at(4))
    found = graft(Planned("ops"), reference, at(9))
    assert (plain(found), line(found)) == ("ops", 4)
    assert isinstance(found, Scalar)
    assert found.reference == reference
    again = graft(Planned("ops"), Scalar("old", at(3), reference), at(9))
    assert isinstance(again, Scalar)
    assert again.reference == reference


def test_what_is_known_later_stays_what_is_written() -> None:
    reference = Reference(ROLE, "arn", at(4))
    text = Text(("x-", reference), at(5))
    assert graft(Planned(None, unknown=True), reference, at(9)) == reference
    assert graft(Planned(None, unknown=True), text, at(9)) == text
    assert plain(graft(Planned(None, unknown=True), Scalar("x", at(3)), at(9))) == "?known only after apply"
    assert plain(graft(Planned({}, unknown={"a": True}), None, at(9))) == {"a": "?known only after apply"}


def test_sensitive_parts_are_hidden_but_a_link_stays() -> None:
    reference = Reference(ROLE, "arn", at(4))
    assert graft(Planned("s", sensitive=True), reference, at(9)) == reference
    found = graft(Planned({"a": "s", "b": ["s"]}, sensitive={"a": True, "b": True}), None, at(9))
    assert plain(found) == {"a": "?marked sensitive in the plan", "b": "?marked sensitive in the plan"}


def test_a_document_takes_the_places_of_the_structure_that_made_it() -> None:
    statement = MapValue({"Action": Scalar("s3:*", at(6))}, at(5))
    written = Encoded(MapValue({"Statement": ListValue((statement,), at(4))}, at(3)), at(2))
    found = graft(Planned(json.dumps({"Statement": [{"Action": ["s3:*"]}]})), written, at(9))
    assert isinstance(found, Encoded)
    (one,) = elements(child(found, "Statement"))
    assert (line(found), line(one), line(elements(child(one, "Action"))[0])) == (2, 5, 6)


def test_a_document_written_as_text_stays_that_text() -> None:
    text = Scalar('{ "Statement": [] }\n', at(3))
    assert graft(Planned('{"Statement":[]}'), text, at(9)) is text
    other = graft(Planned('{"Statement":[1]}'), text, at(9))
    assert isinstance(other, Encoded)
    assert line(other) == 3


def test_the_planned_branch_of_an_undecided_value_is_chosen() -> None:
    branches = OneOf((Scalar("a", at(3)), Scalar("b", at(4))), at(2))
    assert plain(graft(Planned("b"), branches, at(9))) == "b"
    documents = OneOf((Scalar("", at(3)), Encoded(MapValue({"a": Scalar(1, at(5))}, at(5)), at(4))), at(2))
    assert line(graft(Planned('{"a": 1}'), documents, at(9))) == 4
    lists = OneOf((Unknown("?", at(3)), ListValue((Scalar(1, at(6)),), at(5))), at(2))
    assert [line(one) for one in elements(graft(Planned([1]), lists, at(9)))] == [6]


def test_text_that_only_looks_like_json_stays_text() -> None:
    assert plain(graft(Planned("{not json"), None, at(9))) == "{not json"
    assert plain(graft(Planned('{"a":' * 5000), None, at(9))) == '{"a":' * 5000


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8).filter(lambda text: not text.lstrip().startswith("{")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


def located(value: object) -> Value:
    match value:
        case dict():
            return MapValue({name: located(entry) for name, entry in value.items()}, at(2))
        case list():
            return ListValue(tuple(map(located, value)), at(3))
    return Scalar(value, at(4))  # type: ignore[arg-type]  # JSON holds nothing else


@given(planned=JSON, written=JSON)
def test_the_planned_value_wins_whatever_is_written(planned: object, written: object) -> None:
    assert plain(graft(Planned(planned), located(written), at(1))) == planned
