from __future__ import annotations

from agentreach.lowering import tags
from agentreach.model import ListValue, MapValue, OneOf, Scalar, Source, Span, Unknown

AT = Span(Source("a", ""), 0, 0)


def text(value: str) -> Scalar:
    return Scalar(value, AT)


def test_a_map_and_a_list_of_pairs_say_the_same() -> None:
    pair = MapValue({"Key": text("team"), "Value": text("payments")}, AT)
    lower_case = MapValue({"key": text("team"), "value": text("payments")}, AT)
    expected = {"team": "payments"}
    assert tags.read(MapValue({"team": text("payments")}, AT)) == expected
    assert tags.read(ListValue((pair,), AT)) == expected
    assert tags.read(ListValue((lower_case,), AT)) == expected


def test_the_resource_wins_over_what_it_inherits() -> None:
    inherited = MapValue({"team": text("platform"), "stage": text("prod")}, AT)
    assert tags.read(inherited, MapValue({"team": text("payments")}, AT)) == {"team": "payments", "stage": "prod"}


def test_an_unknown_value_still_tags() -> None:
    assert tags.read(MapValue({"team": Unknown("variable", AT)}, AT)) == {"team": tags.LATER}


def test_undecided_tags_are_all_possible() -> None:
    either = OneOf((MapValue({"a": text("1")}, AT), MapValue({"b": text("2")}, AT)), AT)
    assert tags.read(either) == {"a": "1", "b": "2"}


def test_nothing_is_no_tags() -> None:
    assert tags.read(None, Scalar(None, AT), Unknown("x", AT)) == {}
