"""Input that is meant to exhaust or confuse a reader: a message each, never an exception."""

from __future__ import annotations

import pytest
import yaml as pyyaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Value, is_known
from agentreach.parsers.yaml import Bounds, Dialect, Document, parse, split
from parsers.test_yaml import plain


def message(text: str, **bounds: int) -> str:
    last = parse(Source("x.yaml", text), bounds=Bounds(**bounds))[-1]
    assert isinstance(last, Broken), last
    return last.message


def test_a_billion_laughs_are_cut_short() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    assert message("\n".join(lines)) == "aliases stand for more than 1,000,000 nodes"


def test_laughs_through_merge_keys_are_cut_short() -> None:
    lines = ["a0: &a0 {" + ", ".join(f"k{index}: 1" for index in range(50)) + "}"]
    lines += [f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 50)}]}}" for level in range(1, 8)]
    assert message("\n".join(lines)) == "aliases stand for more than 1,000,000 nodes"


def test_a_chain_of_aliases_does_not_nest_too_deep() -> None:
    lines = ["- &a0 [x]"] + [f"- &a{level} [*a{level - 1}]" for level in range(1, 2000)]
    assert message("\n".join(lines)) == "aliases nest deeper than 200 levels"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[{a: "])
def test_deep_nesting_ends_with_a_message(opening: str) -> None:
    found = parse(Source("x.yaml", opening * 50_000))[-1]
    assert isinstance(found, Broken)


def test_deep_nesting_by_indentation_ends_with_a_message() -> None:
    text = "".join(" " * level + "a:\n" for level in range(300))
    assert message(text) == "nested deeper than 200 levels"


def test_two_hundred_levels_are_read_and_can_be_walked() -> None:
    text = "".join(" " * level + "a:\n" for level in range(200))
    (found,) = parse(Source("x.yaml", text))
    assert isinstance(found, Document)
    assert is_known(found.value)


def test_too_many_nodes_end_with_a_message() -> None:
    assert message("- x\n" * 100, nodes=50) == "more than 50 nodes in one file"


def test_a_very_long_number_is_text() -> None:
    (found,) = parse(Source("x.yaml", f"a: {'9' * 100_000}\n"))
    assert isinstance(found, Document)
    assert isinstance(found.value, MapValue)
    assert found.value.entries["a"] == Scalar("9" * 100_000, found.value.entries["a"].at)


def test_a_huge_version_directive_ends_with_a_message() -> None:
    assert message(f"%YAML 1.{'9' * 5000}\n---\na: 1\n").startswith("YAML syntax: ")


def spans(value: Value) -> list[tuple[str, str]]:
    """Each known scalar's text beside what stands at its place."""
    match value:
        case Scalar(value=known):
            return [(str(known), value.at.text)]
        case ListValue(items=items):
            return [pair for item in items for pair in spans(item)]
        case MapValue(entries=entries):
            own = [(name, value.keys[name].text) for name in entries]
            return own + [pair for entry in entries.values() for pair in spans(entry)]
    raise AssertionError(value)


WORD = st.text(alphabet="abcxzé\U0001f600", min_size=1, max_size=6)
VALUES = st.recursive(
    WORD,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(WORD, inner, min_size=1, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([True, False, None]), st.sampled_from(["\n", "\r\n"]))
def test_every_place_holds_the_text_it_claims(value: object, flow: bool | None, line_end: str) -> None:  # noqa: FBT001
    text = pyyaml.safe_dump(value, default_flow_style=flow, allow_unicode=True).replace("\n", line_end)
    (found,) = parse(Source("x.yaml", text))
    assert isinstance(found, Document)
    for known, written in spans(found.value):
        assert pyyaml.safe_load(written) == known or written == known


PIECES = st.sampled_from(
    [
        *"abc:-?{}[],&*!|>'\"%@`#\n\t \\~<=0.",
        "---\n",
        "...\n",
        "- ",
        ": ",
        "&a ",
        "*a ",
        "!Ref ",
        "<<: ",
        "\r\n",
        "\ufeff",
        "\u2028",
        "\ud800",
        "%YAML 1.1\n",
        "|\n  x\n",
        "key: ",
        '"\\u0041"',
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(list(Dialect)))
@example("? &a\n", Dialect.KUBERNETES)
@example("&a *a", Dialect.KUBERNETES)
@settings(max_examples=300)
def test_any_text_gives_documents_or_one_broken_place_inside_it(text: str, dialect: Dialect) -> None:
    source = Source("x.yaml", text)
    for found in parse(source, dialect=dialect):
        assert 0 <= found.at.start <= found.at.end <= len(text)
        if isinstance(found, Document):
            is_known(found.value)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300)
def test_parts_of_a_stream_are_the_stream(text: str) -> None:
    source = Source("x.yaml", text)
    parts = split(source)
    assert "".join(text[start:end] for start, end in parts) == text
    whole = parse(source)
    if all(isinstance(one, Document) for one in whole) and "..." not in text and "\ufeff" not in text:
        pieces = [one for start, end in parts for one in parse(source, start=start, end=end)]
        assert [plain(one.value) for one in pieces if isinstance(one, Document)] == [
            plain(one.value) for one in whole if isinstance(one, Document)
        ]
