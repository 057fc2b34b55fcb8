"""JSON is what the standard library writes, faster, and with secrets of known shapes hidden."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach_reports.json_text import Shared, compact, dumped
from agentreach_reports.masking import HIDDEN, KNOWN_SHAPES, masked

TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=8)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_a_document_is_what_the_standard_library_writes(document: object) -> None:
    assert dumped(document) == json.dumps(document, indent=2, ensure_ascii=False)
    assert compact(document) == json.dumps(document, separators=(",", ":"))


def test_a_shared_record_is_indented_to_where_it_stands() -> None:
    shared = Shared(name="owner", value="desk")
    document = {"one": [shared, shared], "two": {"deeper": [shared]}}
    assert dumped(document) == json.dumps(document, indent=2)


def test_what_a_terminal_could_act_on_is_an_escape_in_both() -> None:
    for text in ("a\u202eb", "a\x7fb", "a\ud800b", "\u2028"):
        assert json.loads(dumped(text)) == json.loads(compact(text)) == text
        assert dumped(text).isprintable()


def test_secrets_of_known_shapes_are_hidden_in_values_and_keys() -> None:
    key = "AKIA" + "Q7X2M4N6P8R1T3V5"
    assert dumped({key: [f"id {key}"]}) == f'{{\n  "{HIDDEN}": [\n    "id {HIDDEN}"\n  ]\n}}'


@pytest.mark.parametrize(("needles", "shape"), KNOWN_SHAPES)
def test_every_text_of_a_shape_holds_what_it_is_searched_by(needles: tuple[str, ...], shape: str) -> None:
    """A text without any needle is not searched: a shape that could match without one would show secrets."""
    standing = re.sub(r"\(\?<?![^)]*\)", "", shape).replace("(?<=", "(?:").replace("(?=", "(?:")

    @given(st.from_regex(standing, fullmatch=True))
    def holds(text: str) -> None:
        assert any(needle in text for needle in needles)
        assert HIDDEN in masked(f" {text} ")

    holds()
