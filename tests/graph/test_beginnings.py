"""Finding by how names begin finds what holding every pattern against every place would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.access.globs import ONE, STAR, Hole, Token, Tokens, merged
from agentreach.graph.beginnings import Beginnings, Split, holds, includes, split_of

_TEXTS = st.sampled_from(["a", "b", "ab", "abc", "a/", "a/b", "/", ":", "ab/c:d"])
_HOLES = st.sampled_from([Hole(), Hole(symbol=1), Hole(symbol=2), Hole(digits=2), Hole(symbol=3, family="name")])
_WILD = st.sampled_from([STAR, ONE])


def _resources(*tokens: st.SearchStrategy[Token]) -> st.SearchStrategy[Tokens]:
    return st.lists(st.one_of(*tokens), max_size=4).map(tuple).map(merged)


def _placed(resource: Tokens) -> Split:
    return Split(("s3",), (), (), resource)


@given(_resources(_TEXTS, _HOLES, _WILD), st.lists(_resources(_TEXTS, _HOLES), max_size=8))
def test_what_a_pattern_includes_is_near_it(pattern: Tokens, resources: list[Tokens]) -> None:
    places = [_placed(resource) for resource in resources]
    near = set(Beginnings(enumerate(places)).near(pattern))
    assert {number for number, place in enumerate(places) if includes(_placed(pattern), place)} <= near


@given(_resources(_TEXTS), st.lists(_resources(_TEXTS, _HOLES), max_size=8))
def test_what_holds_a_known_name_is_near_it(asked: Tokens, resources: list[Tokens]) -> None:
    places = [_placed(resource) for resource in resources]
    near = set(Beginnings(enumerate(places)).near(asked))
    assert {number for number, place in enumerate(places) if holds(place, _placed(asked))} <= near


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        (("orders",), [0]),
        (("orders-2",), [1]),
        (("orders/2",), [0]),
        (("orders-1/", Hole(symbol=4)), [3]),
        (("orders-1/", Hole(symbol=5)), []),
        (("ord", STAR), [0, 1, 3]),
        (("x",), []),
        ((Hole(symbol=1), "/", STAR), [2]),
        ((Hole(),), []),
        ((STAR, "-2"), [0, 1, 2, 3]),
    ],
)
def test_only_what_begins_alike_is_near(pattern: Tokens, near: list[int]) -> None:
    resources: list[Tokens] = [("orders",), ("orders-2",), (Hole(symbol=1),), ("orders-1/", Hole(symbol=4))]
    found = Beginnings((number, _placed(resource)) for number, resource in enumerate(resources)).near(pattern)
    assert sorted(found) == near


def test_an_arn_is_split_into_where_it_is_and_what_it_names() -> None:
    assert split_of(("arn:aws:s3:::bucket/key:1",)) == Split(("s3",), (), (), ("bucket/key:1",))
    assert split_of(("bucket",)) is None
