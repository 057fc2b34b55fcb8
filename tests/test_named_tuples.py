from __future__ import annotations

import pickle
from typing import Any
from typing import NamedTuple as StandardNamedTuple

import pytest

from agentreach.named_tuples import NamedTuple


class Place(NamedTuple):
    """A place with a default."""

    line: int
    column: int = 1

    @property
    def shown(self) -> str:
        return f"{self.line}:{self.column}"


class StandardPlace(StandardNamedTuple):
    line: int
    column: int = 1


GOOD: list[tuple[tuple[int, ...], dict[str, int]]] = [((1,), {}), ((1, 2), {}), ((), {"column": 3, "line": 2})]
BAD: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((), {}),
    ((1, 2, 3), {}),
    ((1,), {"line": 2}),
    ((1,), {"row": 2}),
    ((1, 2), {"column": 2}),
]


def _fresh() -> Any:  # noqa: ANN401 - a class made now, which no test has used
    class Place(NamedTuple):
        line: int
        column: int = 1

    return Place


@pytest.mark.parametrize(("given", "named"), GOOD)
def test_tuples_are_those_of_the_standard_class_first_and_later(given: tuple[int, ...], named: dict[str, int]) -> None:
    kind = _fresh()
    standard: Any = StandardPlace
    for _ in range(100):
        made = kind(*given, **named)
        assert made == standard(*given, **named)
        assert type(made) is kind


@pytest.mark.parametrize(("given", "named"), BAD)
@pytest.mark.parametrize("before", [0, 100])
def test_wrong_arguments_are_refused_in_the_same_words(
    given: tuple[int, ...], named: dict[str, int], before: int
) -> None:
    kind: Any = _fresh()
    for _ in range(before):
        kind(1)
    standard: Any = StandardPlace
    with pytest.raises(TypeError) as theirs:
        standard(*given, **named)
    with pytest.raises(TypeError) as ours:
        kind(*given, **named)
    assert str(ours.value).partition("__new__")[2] == str(theirs.value).partition("__new__")[2]


def test_a_tuple_shows_replaces_and_lists_its_fields() -> None:
    place = Place(4)
    assert repr(place) == "Place(line=4, column=1)"
    assert place.shown == "4:1"
    assert place._replace(column=7) == (4, 7)
    assert place._asdict() == {"line": 4, "column": 1}
    assert Place._fields == ("line", "column")
    assert Place._make((5, 6)).line == 5
    assert Place.__doc__ == "A place with a default."
    with pytest.raises(ValueError, match="unexpected field names"):
        place._replace(row=1)  # type: ignore[call-arg]


def test_a_tuple_matches_by_position_and_survives_being_pickled() -> None:
    match pickle.loads(pickle.dumps(Place(4))):
        case Place(line, column):
            assert (line, column) == (4, 1)


def test_a_field_without_a_default_may_not_follow_one_that_has_one() -> None:
    with pytest.raises(TypeError, match="a field without a default follows"):

        class Wrong(NamedTuple):
            line: int = 1
            column: int  # type: ignore[misc]
