"""What is looked at more closely holds everything that comparing with every text would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.graph.affixes import Affixes
from agentreach.graph.spelling import HOLE, overlap

_TEXTS = st.text(alphabet=f"ab/{HOLE}", max_size=6)


@given(_TEXTS, st.lists(_TEXTS, max_size=12))
def test_whatever_may_be_the_same_text_is_near(asked: str, texts: list[str]) -> None:
    near = Affixes(texts).near(asked)
    assert near == sorted(set(near))
    assert {number for number, text in enumerate(texts) if overlap(text, asked)} <= set(near)


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("role/ops", [0, 2]),
        (f"role/{HOLE}", [0, 1, 2]),
        (f"{HOLE}/index", [2, 3]),
        (f"table/{HOLE}", [3]),
    ],
)
def test_the_more_telling_side_decides(asked: str, near: list[int]) -> None:
    texts = ["role/ops", "role/lambda", f"role/{HOLE}", "table/orders/index"]
    assert Affixes(texts).near(asked) == near
