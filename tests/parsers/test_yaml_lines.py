"""What is read line by line means the same by events, places included; what is not is left to events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation.tags import long_form
from agentreach.parsers.yaml import Dialect
from agentreach.parsers.yaml_build import Bounds, Builder, Document
from agentreach.parsers.yaml_lines import usual_document

BEFORE = "# x\n"


def by_events(text: str, dialect: Dialect) -> tuple[object, ...]:
    source = Source("x.yaml", BEFORE + text)
    builder = Builder(source, len(BEFORE), dialect, long_form, Bounds())
    return tuple(map(repr, yaml._documents(source, text, builder, len(BEFORE))))


def by_lines(text: str, dialect: Dialect) -> Document | None:
    return usual_document(Source("x.yaml", BEFORE + text), text, len(BEFORE), dialect, long_form, Bounds())


ACCEPTED = (
    "a: 1\n",
    "---\na: b\n",
    "# one\n\n---  # two\n\n# three\na: b # four\n# five",
    "a: b",
    "a:\nb:   \nc: # nothing\n",
    "a:\n- 1\n- x: 2\n  y: 3\n-\n- \nb: c\n",
    "a:\n  - - 1\n    - 2\n  -\n    - 3\n",
    "- a\n- b: c\n",
    "a: 'it is'\n\"b c\": \"x\\ny \\\"z\\\" \\\\\"\n'd': ''\n",
    "a: 0644\nb: yes\nc: 1.10\nd: ~\ne: 2012-10-17\nf: -1\ng: .5\nyes: on\n",
    "a: x y  z#1 a:b http://c:80/d   # e\n",
    "a: b c\na: d\n",
    "a: |\n  one\n    two\n\n  three  \n\nb: |-\n    # four\n\nc: |\n\n  five\n# six\n",
    "a:\n  - |\n   one\n  - |-\n    two\n",
    "a: {b: c, \"d\": [1, 'x', {}, []], e: { f: [ g , h ] }}  # i\n",
    "a: !Ref b\nc: !Sub '${d}-e'\nf: !Join [ '-', [!Ref g, !If [h, {i: j}, k]]]\n",
    "a: !Sub |\n  one ${b}\nc: !If\n  - d\n  - !Equals [e, f]\ng: !Transform {Name: h}\n",
    "a: é — ü\n",
    "Fn::If: [a]\nx/y.z-1: $2\n",
    "a: --flag\nb: <c\nd: =e\nf: ~g\n",
)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_usual_means_what_events_say(text: str, dialect: Dialect) -> None:
    assert (repr(by_lines(text, dialect)),) == by_events(text, dialect)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only\n",
        "a: b\n c\n",
        "a: b\n  c: d\n",
        "a:\n    b: c\n  d: e\n",
        "a: b: c\n",
        "a: 'b''c'\n",
        'a: "\\u00e9"\n',
        'a: "b\n  c"\n',
        "a: >\n  b\n",
        "a: |+\n  b\n",
        "a: |2\n  b\n",
        "a: |\n  b",
        "a: |\n  b\n   \nc: d\n",
        "a: |\nb: c\n",
        "a: &b c\n",
        "a: *b\n",
        "<<: {a: b}\n",
        "a: !!str 1\n",
        "a: !<x> b\n",
        "a: ! b\n",
        "? a\n",
        "a: [b\n  c]\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: [b,]\n",
        "a: [b]c\n",
        "a: [b }\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: \u2028b\n",
        "a: b\n...\n",
        "a: b\n---\nc: d\n",
        "--- a\n",
        "%YAML 1.1\n---\na: b\n",
        " a: b\n",
        "word\n",
        "a: @b\n",
        "a: - b\n",
        "a:\n- b\n  - c\n",
        "a: 'b'c\n",
        "a: b\n'c\n",
        "a: !If\n- b\n",
    ],
)
def test_everything_else_is_left_to_events(text: str) -> None:
    assert by_lines(text, Dialect.KUBERNETES) is None


PIECES = st.sampled_from(
    [
        "a", "b:", "c: ", "d: e", "- ", "-", "\n", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "  ",
        "# f", " # g", "'h'", '"i"', "'", '"', '"\\n"', "{", "}", "[", "]", ", ", ",", ":", "|", "|-", ">", "!Ref ",
        "!Sub", "&x ", "*x", "---", "...", "~", "1", "0x1", "yes", "<<: ", "é", "\t", "?", "\\", "%", "@", "$", "=",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=24).map("".join), st.sampled_from(Dialect))
def test_no_text_means_something_else_line_by_line(text: str, dialect: Dialect) -> None:
    found = by_lines(text, dialect)
    assert found is None or (repr(found),) == by_events(text, dialect)


LINES = st.sampled_from(
    [
        "a: b", "a:", "c: {d: e}", "- f", "- g: h", "-", "i: |", "j: [k, 'l']", "# m", "", "n: !Ref o", "p: !If",
        "- - q", "r: 's'", "- |-", "t: u v", "- !Sub w", '"x": 1', "- [y]", "z",
    ]
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 3), LINES), max_size=12), st.sampled_from(Dialect))
def test_no_order_of_lines_means_something_else(lines: list[tuple[int, str]], dialect: Dialect) -> None:
    text = "".join(f"{'  ' * indent}{line}\n" for indent, line in lines)
    found = by_lines(text, dialect)
    assert found is None or (repr(found),) == by_events(text, dialect)


def test_hostile_depth_and_bounds_are_left_to_events() -> None:
    deep = "".join(f"{' ' * depth}a:\n" for depth in range(100))
    assert by_lines(deep, Dialect.KUBERNETES) is None
    assert by_lines("a: " + "[" * 100 + "]" * 100 + "\n", Dialect.KUBERNETES) is None
    source = Source("x", "a: b\n")
    assert usual_document(source, source.text, 0, Dialect.KUBERNETES, None, Bounds(nodes=3)) is None
    assert usual_document(source, source.text, 0, Dialect.KUBERNETES, None, Bounds(nesting=10)) is None
