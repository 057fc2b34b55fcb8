from __future__ import annotations

import builtins
import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from agentreach import records

if TYPE_CHECKING:
    from collections.abc import Callable


def _declared(dataclass: Callable[..., Any]) -> dict[str, Any]:
    """The forms of data classes that the project has, made by one decorator or the other."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """Positional, with a default."""

        x: int
        y: int = 2
        count: ClassVar[int] = 7

        def total(self) -> int:
            return self.x + self.y

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        one: int
        several: dict[str, int] = field(default_factory=dict)
        silent: int = field(default=0, repr=False, compare=False)

    @dataclass(slots=True)
    class Made:
        x: int
        extent: int = field(default=4, init=False, repr=False, compare=False)
        seen: list[int] = field(default_factory=list, init=False)

    @dataclass(eq=False)
    class Reading:
        x: int
        found: list[int] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.twice = 2 * self.x

    @dataclass(slots=True, eq=False, repr=False)
    class Node:
        x: int

        def __repr__(self) -> str:
            return "a node"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Node)

        def __hash__(self) -> int:
            return 5

    @dataclass(frozen=True, slots=True)
    class Solid(Point):
        z: int = 3

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    kinds = (Point, Named, Made, Reading, Node, Solid, Empty)
    return {kind.__name__: kind for kind in kinds}


OURS, THEIRS = _declared(records.dataclass), _declared(dataclasses.dataclass)
ARGUMENTS: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [
    ("Point", (1,), {}),
    ("Point", (1, 5), {}),
    ("Point", (), {"x": 1, "y": 3}),
    ("Named", (), {"one": 1}),
    ("Named", (), {"one": 1, "several": {"a": 1}, "silent": 9}),
    ("Made", (1,), {}),
    ("Reading", (1,), {}),
    ("Node", (1,), {}),
    ("Solid", (1, 2, 4), {}),
    ("Empty", (), {}),
]


def _shown(made: Any) -> str:  # noqa: ANN401 - any of the classes
    return repr(made).replace(" object at ", "")[:60] if "0x" not in repr(made) else "by identity"


@pytest.mark.parametrize(("name", "given", "named"), ARGUMENTS)
def test_objects_look_as_those_of_the_standard_decorator(
    name: str, given: tuple[int, ...], named: dict[str, Any]
) -> None:
    ours, theirs = OURS[name](*given, **named), THEIRS[name](*given, **named)
    assert _shown(ours) == _shown(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert type(ours).__match_args__ == type(theirs).__match_args__
    assert getattr(type(ours), "__slots__", None) == getattr(type(theirs), "__slots__", None)


@pytest.mark.parametrize(("name", "given", "named"), ARGUMENTS)
@pytest.mark.parametrize(("other", "given_other", "named_other"), ARGUMENTS)
def test_objects_are_equal_where_those_of_the_standard_decorator_are(
    name: str,
    given: tuple[int, ...],
    named: dict[str, Any],
    other: str,
    given_other: tuple[int, ...],
    named_other: dict[str, Any],
) -> None:
    ours = OURS[name](*given, **named) == OURS[other](*given_other, **named_other)
    assert ours == (THEIRS[name](*given, **named) == THEIRS[other](*given_other, **named_other))


def test_equal_frozen_objects_have_equal_hashes_and_mutable_ones_none() -> None:
    assert hash(OURS["Point"](1)) == hash(OURS["Point"](1, 2))
    assert hash(OURS["Node"](1)) == 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(OURS["Made"](1))


def test_what_does_not_compare_is_not_part_of_the_key() -> None:
    assert OURS["Named"](one=1, silent=1) == OURS["Named"](one=1, silent=2)


def test_a_frozen_object_refuses_every_change() -> None:
    point = OURS["Point"](1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.other = 2
    assert point.x == 1


@pytest.mark.parametrize("classes", [OURS, THEIRS])
def test_wrong_arguments_are_named(classes: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"Point\.__init__\(\) missing 1 required positional argument: 'x'"):
        classes["Point"]()
    with pytest.raises(TypeError, match=r"Named\.__init__\(\) takes 1 positional argument but 2 were given"):
        classes["Named"](1)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'extent'"):
        classes["Made"](1, extent=3)


def test_the_tools_of_the_standard_library_take_the_objects() -> None:
    named = OURS["Named"](one=1, several={"a": 1})
    assert all(map(dataclasses.is_dataclass, OURS.values()))
    assert [one.name for one in dataclasses.fields(OURS["Solid"])] == ["x", "y", "z"]
    assert dataclasses.replace(named, one=2) == OURS["Named"](one=2, several={"a": 1})
    assert copy.deepcopy(named) == named
    assert copy.copy(OURS["Solid"](1)) == OURS["Solid"](1)


def test_objects_match_by_position() -> None:
    match Kept(4, ("a",)):
        case Kept(number, texts):
            assert (number, texts) == (4, ("a",))


def test_an_object_survives_being_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, ("a",)))) == Kept(1, ("a",))


@records.dataclass(frozen=True, slots=True)
class Kept:
    number: int
    texts: tuple[str, ...] = ()


def test_factories_make_a_new_value_for_each_object() -> None:
    first, second = OURS["Made"](1), OURS["Made"](1)
    first.seen.append(1)
    assert second.seen == []
    assert OURS["Reading"](3).twice == 6


def test_a_class_may_be_frozen_only_with_slots() -> None:
    with pytest.raises(TypeError, match="is frozen and has no slots"):

        @records.dataclass(frozen=True)
        class Loose:
            x: int


def test_the_first_objects_compile_nothing_and_many_one_method(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    run = exec

    def counting(text: str, space: dict[str, Any]) -> None:
        compiled.append(text)
        run(text, space)

    monkeypatch.setattr(builtins, "exec", counting)
    classes = _declared(records.dataclass)
    assert classes["Point"](1) == classes["Point"](1, 2)
    assert compiled == []
    for _ in range(20):
        classes["Point"](1)
    assert len(compiled) == 1


@pytest.mark.parametrize(("name", "given", "named"), ARGUMENTS)
def test_the_first_objects_of_a_class_are_as_the_later_ones(
    name: str, given: tuple[int, ...], named: dict[str, Any]
) -> None:
    kind = _declared(records.dataclass)[name]
    made = [kind(*given, **named) for _ in range(20)]
    assert len({_shown(one) for one in made}) == 1
    assert kind is not _declared(records.dataclass)[name]


def test_replace_makes_the_record_again_and_refuses_what_is_not_given() -> None:
    assert records.replace(OURS["Point"](1), y=9) == OURS["Point"](1, 9)
    assert records.replace(OURS["Reading"](1), x=4).twice == 8
    with pytest.raises(TypeError, match="unexpected keyword argument 'w'"):
        records.replace(OURS["Point"](1), w=9)
    with pytest.raises(ValueError, match="field extent is declared with init=False"):
        records.replace(OURS["Made"](1), extent=9)


@records.made_often
class Often:
    x: int
    y: int = 2


def test_what_is_made_often_is_like_a_frozen_record_but_for_refusing() -> None:
    one = Often(1)
    assert one == Often(1, 2) != Often(2)
    assert {one, Often(1)} == {Often(1, y=2)}
    assert repr(one) == "Often(x=1, y=2)"
    assert records.replace(one, y=3) == dataclasses.replace(one, y=3) == Often(1, 3)
    assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == one
    assert not hasattr(one, "__dict__")
