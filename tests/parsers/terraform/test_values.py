"""The value domain: types, unification, conversion, equality, sets, and the way out to the shared model."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach import model
from agentreach.parsers.terraform.boundary import to_model
from agentreach.parsers.terraform.comparison import equal, set_of
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.extents import is_too_large, size
from agentreach.parsers.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from agentreach.parsers.terraform.unify import convertible, unify
from agentreach.parsers.terraform.values import (
    Bool,
    Encoded,
    Failure,
    List,
    Map,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
    is_known,
    one_of,
    type_of,
)
from agentreach.parsers.terraform.widening import widened

SOURCE = model.Source("main.tf", "x" * 100)
AT = model.Span(SOURCE, 3, 7)
HOLE = Unknown(STRING, "variable 'x' has no value", AT, nullable=False)
TRUE = Bool(value=True, at=AT)
ANY = Unknown(DYNAMIC, "anything", AT)

PRIMITIVES = st.sampled_from([STRING, NUMBER, BOOL])
TYPES: st.SearchStrategy[Type] = st.recursive(
    PRIMITIVES,
    lambda inner: st.one_of(
        inner.map(ListType),
        inner.map(SetType),
        inner.map(MapType),
        st.lists(inner, max_size=3).map(lambda parts: TupleType(tuple(parts))),
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(ObjectType),
    ),
    max_leaves=5,
)


def string(text: str) -> String:
    return String(text, AT)


def number(value: int | Fraction) -> Number:
    return Number(value, AT)


@given(st.lists(TYPES, min_size=1, max_size=4))
def test_all_types_convert_to_what_they_unify_to(types: list[Type]) -> None:
    result = unify(types)
    assert result is None or all(type_ == result or convertible(type_, result) for type_ in types)


@given(TYPES, TYPES)
def test_two_types_unify_alike_in_both_orders(one: Type, other: Type) -> None:
    assert (unify([one, other]) is None) == (unify([other, one]) is None)


@given(TYPES)
def test_a_type_unifies_with_itself(type_: Type) -> None:
    assert unify([type_, type_]) == type_


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([NUMBER, STRING], STRING),
        ([NUMBER, BOOL], None),
        ([DYNAMIC, NUMBER], NUMBER),
        ([UNDETERMINED, STRING], STRING),
        ([UNDETERMINED, NUMBER], UNDETERMINED),
        ([TupleType((STRING,)), TupleType(())], ListType(STRING)),
        ([TupleType((STRING,)), TupleType((NUMBER,))], TupleType((STRING,))),
        ([ObjectType({"a": NUMBER}), ObjectType({})], MapType(NUMBER)),
        ([ObjectType({"a": NUMBER}), ObjectType({"a": STRING})], ObjectType({"a": STRING})),
        ([ObjectType({}), TupleType(())], None),
        ([SetType(STRING), TupleType((STRING,))], SetType(STRING)),
        ([SetType(STRING), ListType(STRING)], ListType(STRING)),
        ([MapType(NUMBER), ObjectType({"a": STRING})], MapType(STRING)),
        ([MapType(NUMBER), DYNAMIC], DYNAMIC),
        ([STRING, ListType(STRING)], None),
    ],
)
def test_types_unify_as_in_terraform(types: list[Type], expected: Type | None) -> None:
    assert unify(types) == expected


def test_safe_unification_loses_nothing() -> None:
    assert unify([ListType(STRING), SetType(STRING)], unsafe=False) == ListType(STRING)
    assert unify([MapType(STRING), ObjectType({"a": STRING})], unsafe=False) == MapType(STRING)
    assert not convertible(STRING, NUMBER, unsafe=False)


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        (number(5), STRING, "5"),
        (number(Fraction(5, 2)), STRING, "2.5"),
        (TRUE, STRING, "true"),
        (string("12"), NUMBER, 12),
        (string("true"), BOOL, True),
        (string("1"), BOOL, True),
        (string("0"), BOOL, False),
    ],
)
def test_primitives_convert(value: Value, target: Type, text: object) -> None:
    converted = convert(value, target)
    assert isinstance(converted, String | Number | Bool)
    assert (converted.text if isinstance(converted, String) else converted.value) == text
    assert converted.at is AT


@pytest.mark.parametrize(
    ("value", "target"),
    [
        (string("x"), NUMBER),
        (string("yes"), BOOL),
        (number(1), BOOL),
        (TRUE, NUMBER),
        (Tuple((), AT), STRING),
        (string("x"), ListType(STRING)),
        (List((), AT, STRING), ListType(ObjectType({}))),
        (Object({}, AT), ObjectType({"a": STRING})),
        (Map({}, AT, STRING), ObjectType({"a": STRING})),
        (Tuple((string("a"),), AT), TupleType(())),
        (Tuple((number(1), TRUE), AT), ListType(DYNAMIC)),
        (Object({"a": number(1), "b": Tuple((), AT)}, AT), MapType(DYNAMIC)),
        (Unknown(ListType(STRING), "?", AT), NUMBER),
        (Null(AT, ListType(STRING)), STRING),
    ],
)
def test_what_cannot_convert_fails(value: Value, target: Type) -> None:
    assert isinstance(convert(value, target), Failure)


def test_messages_of_failed_conversions_hold_no_value() -> None:
    failure = convert(string("hunter2"), NUMBER)
    assert isinstance(failure, Failure)
    assert "hunter2" not in failure.message


def test_object_conversion_drops_and_fills_attributes() -> None:
    target = ObjectType({"a": STRING, "b": NUMBER}, frozenset(("b",)))
    converted = convert(Object({"a": number(1), "z": string("dropped")}, AT), target)
    assert isinstance(converted, Object)
    assert converted.entries["a"] == string("1")
    assert converted.entries["b"] == Null(AT, NUMBER)
    assert list(converted.entries) == ["a", "b"]


def test_unknown_parts_stay_parts_when_a_structure_converts() -> None:
    converted = convert(Tuple((number(1), HOLE, Perhaps(number(2))), AT), SetType(STRING))
    assert isinstance(converted, Set)
    assert converted.items == (string("1"), HOLE, Perhaps(string("2")))


def test_an_element_that_cannot_be_there_is_left_out() -> None:
    assert convert(Tuple((Perhaps(string("x")),), AT), ListType(NUMBER)) == List((), AT, NUMBER)


def test_alternatives_convert_one_by_one() -> None:
    assert convert(OneOf((number(1), string("a")), AT, "why"), STRING) == OneOf((string("1"), string("a")), AT, "why")


def test_an_unknown_neighbour_leaves_numbers_what_they_are() -> None:
    converted = convert(Tuple((number(1), ANY), AT), ListType(DYNAMIC))
    assert isinstance(converted, List)
    assert converted.element is UNDETERMINED
    assert converted.items == (number(1), ANY)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (string("1"), number(1), False),
        (number(1), number(Fraction(1)), True),
        (Tuple((string("a"),), AT), List((string("a"),), AT, STRING), False),
        (Object({}, AT), Map({}, AT, STRING), False),
        (Null(AT), Null(AT, STRING), True),
        (Null(AT), string(""), False),
        (Null(AT), HOLE, False),
        (Null(AT), ANY, None),
        (HOLE, string("a"), None),
        (HOLE, number(1), False),
        (Partial(("a-", HOLE), AT), string("b-1"), False),
        (Partial(("a-", HOLE), AT), string("a-1"), None),
        (Partial(("a-", HOLE), AT), Partial(("b-", HOLE), AT), False),
        (Partial((HOLE, "-x"), AT), Partial((HOLE, "-y"), AT), False),
        (Tuple((HOLE, string("a")), AT), Tuple((HOLE, string("b")), AT), False),
        (Tuple((HOLE,), AT), Tuple((HOLE, HOLE), AT), False),
        (Tuple((Perhaps(HOLE),), AT), Tuple((), AT), None),
        (OneOf((string("a"), string("b")), AT), string("c"), False),
        (OneOf((string("a"), string("b")), AT), string("a"), None),
        (Encoded(Tuple((), AT), AT), string("[]"), True),
        (List((number(1),), AT, NUMBER), List((number(1),), AT, STRING), False),
        (set_of([number(2), number(1)], NUMBER, AT), set_of([number(1), number(2)], NUMBER, AT), True),
        (Object({"a": HOLE}, AT), Object({"b": HOLE}, AT), False),
    ],
)
def test_equality_has_three_answers(one: Value, other: Value, expected: object) -> None:
    assert equal(one, other) is expected
    assert equal(other, one) is expected


def test_sets_keep_known_elements_once_and_in_order() -> None:
    made = set_of([string("b"), HOLE, string("é"), string("B"), string("b"), string("_")], STRING, AT)
    assert [item.text for item in made.items if isinstance(item, String)] == ["B", "_", "b", "é"]
    assert made.items[-1] is HOLE


def test_sets_of_tuples_sort_by_their_hash_text() -> None:
    made = set_of([Tuple((number(value),), AT) for value in (10, 9, 2, -1)], TupleType((NUMBER,)), AT)
    values = [
        item.items[0].value for item in made.items if isinstance(item, Tuple) and isinstance(item.items[0], Number)
    ]
    assert values == [-1, 10, 2, 9]


def test_shared_structures_count_each_time_they_occur() -> None:
    value: Value = Tuple((string("x"),) * 10, AT)
    for _ in range(5):
        value = Tuple((value,) * 10, AT)
    assert is_too_large(value)
    assert size(Tuple((Tuple((string("x"),) * 10, AT),) * 2, AT)) == 23
    assert not is_too_large(Tuple((string("x"),) * 1000, AT))


def test_structures_nested_beyond_200_are_too_large() -> None:
    value: Value = Tuple((), AT)
    for _ in range(199):
        value = Tuple((value,), AT)
    assert not is_too_large(value)
    assert is_too_large(Tuple((Tuple((value,), AT),), AT))


def test_nested_alternatives_are_flat_and_bounded() -> None:
    inner = OneOf((string("a"), string("b")), AT)
    assert one_of([inner, string("c")], AT, "why") == OneOf((string("a"), string("b"), string("c")), AT, "why")
    many = one_of([string(str(index)) for index in range(65)], AT, "why")
    assert isinstance(many, Unknown)
    assert many.reason == "too many alternatives: why"


def test_many_lists_become_one_whose_elements_may_be_missing() -> None:
    first = string("base")
    lists = [Tuple((first, string(str(index))), AT) for index in range(65)]
    wide = one_of(lists, AT, "why")
    assert isinstance(wide, Tuple)
    assert wide.items[0] is first
    assert wide.items[1:] == tuple(Perhaps(string(str(index))) for index in range(65))


def test_maps_widen_to_keys_that_may_be_missing() -> None:
    wide = widened(OneOf((Object({"a": number(1), "b": number(2)}, AT), Object({"a": number(3)}, AT), Null(AT)), AT))
    assert isinstance(wide, Object)
    assert wide.maybe == {"a", "b"}
    assert wide.entries["a"] == OneOf((number(1), number(3)), AT, "")
    assert widened(OneOf((string("a"), Tuple((), AT)), AT)) is None


def test_types_of_open_structures_are_undetermined() -> None:
    assert type_of(Tuple((Perhaps(string("a")),), AT)) is UNDETERMINED
    assert type_of(Object({}, AT, {}, HOLE)) is UNDETERMINED
    assert type_of(OneOf((string("a"), number(1)), AT)) is UNDETERMINED
    assert type_of(OneOf((string("a"), string("b")), AT)) is STRING
    assert type_of(Tuple((number(1), Null(AT)), AT)) == TupleType((NUMBER, DYNAMIC))
    assert not is_known(Object({"a": Tuple((HOLE,), AT)}, AT))


def test_values_keep_places_and_references_on_the_way_out() -> None:
    reference = model.Reference(model.Key(".", "aws_iam_role.ops"), "arn", AT)
    role = Unknown(STRING, "known after apply", AT, reference=reference)
    key = model.Span(SOURCE, 1, 2)
    value = Object({"a": Partial(("x-", role, "/*"), AT), "b": Encoded(Tuple((role,), AT), AT)}, AT, {"a": key})
    assert to_model(value) == model.MapValue(
        {
            "a": model.Text(("x-", reference, "/*"), AT),
            "b": model.Encoded(model.ListValue((reference,), AT), AT),
        },
        AT,
        {"a": key},
    )
    assert to_model(String("n", AT, (), reference)) == model.Scalar("n", AT, reference)


def test_failures_are_unknown_on_the_way_out_and_fractions_are_floats() -> None:
    assert to_model(Failure("it failed", AT)) == model.Unknown("it failed", AT)
    assert to_model(number(Fraction(5, 2))) == model.Scalar(2.5, AT)
    assert to_model(number(10**30)) == model.Scalar(10**30, AT)
    assert to_model(Null(AT)) == model.Scalar(None, AT)


def test_elements_that_may_be_missing_become_alternatives() -> None:
    one, two = model.Scalar("1", AT), model.Scalar("2", AT)
    converted = to_model(Tuple((string("1"), Perhaps(string("2"))), AT))
    assert converted == model.OneOf(
        (model.ListValue((one,), AT), model.ListValue((one, two), AT)), AT, "elements that may be missing"
    )


def test_of_many_elements_that_may_be_missing_each_is_there_alone_once() -> None:
    converted = to_model(Tuple(tuple(Perhaps(string(str(index))) for index in range(10)), AT))
    assert isinstance(converted, model.OneOf)
    lists = [one for one in converted.alternatives if isinstance(one, model.ListValue)]
    assert [len(one.items) for one in lists] == [0, *[1] * 10, 10]


def test_unknown_further_elements_leave_a_list_open() -> None:
    converted = to_model(Tuple((string("1"), Perhaps(ANY, many=True)), AT))
    assert converted == model.ListValue((model.Scalar("1", AT),), AT, open=True)


def test_a_key_that_may_be_missing_may_be_null() -> None:
    converted = to_model(Object({"a": string("1")}, AT, {}, None, frozenset("a")))
    assert isinstance(converted, model.MapValue)
    assert converted.entries["a"] == model.OneOf(
        (model.Scalar("1", AT), model.Scalar(None, AT)), AT, "a key that may be missing"
    )
    assert to_model(Object({}, AT, {}, ANY)) == model.MapValue({}, AT, {}, open=True)
