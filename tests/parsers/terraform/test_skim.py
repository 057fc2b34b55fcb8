"""The skim: top-level blocks without parsing their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers.terraform.bodies import BodyParser
from agentreach.parsers.terraform.hcl import parse_body, parse_file, skim

if TYPE_CHECKING:
    from agentreach.parsers.terraform.syntax import Block, Body


def blocks(body: Body) -> list[tuple[str, tuple[str, ...], int, int, int]]:
    return [(block.type, block.labels, block.start, block.end, block.open_end) for block in body.blocks]


def test_bodies_are_parsed_on_first_use_only(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    inside = BodyParser.inside

    def counted(parser: BodyParser) -> Body:
        parsed.append(parser.stop)
        return inside(parser)

    monkeypatch.setattr(BodyParser, "inside", counted)
    body = skim(Source("main.tf", 'resource "a" "b" {\n  c = 1\n}\nresource "d" "e" {\n  f = 1\n}\n'))
    assert parsed == []
    assert list(body.blocks[1].body.attributes) == ["f"]
    assert list(body.blocks[1].body.attributes) == ["f"]
    assert len(parsed) == 1


@pytest.mark.parametrize(
    "inside",
    [
        'a = "}"',
        'a = "${"}"}"',
        'a = "${b ? "}" : "{"}"',
        'a = "%{ if "}" == c }{%{ endif }"',
        'a = "$${"',
        'a = "\\"}"',
        'a = "\\\\"',
        "# }",
        "// }",
        "/* } */",
        "a = 1 # }",
        "a = 1 / 2 / 3",
        "a = b < c",
        "a = b <= c",
        "a = <<EOT\n}\n\nEOTX\n  EOT",
        "a = <<-EOT\n  }\n  ${b}\n  EOT",
        'a = <<EOT\n${"}"}}\nEOT',
        "a = <<EOT\n${<<EOT\n}\nEOT\n}}\nEOT",
        "a = <<EOT\n$${\n%%{\n$ %\nEOT",
        "a = f(<<EOT\n}\nEOT\n, 1)",
        "a = [[[[[[{ b = ((((1)))) }]]]]]]",
        'a = "${[for x in y : { z = "${x}" }]}"',
        'b { a = "}" }',
    ],
)
def test_brackets_in_text_and_comments_do_not_count(inside: str) -> None:
    text = f"one {{\n{inside}\n}}\ntwo {{\n}}\n"
    body = skim(Source("main.tf", text))
    assert body.problems == ()
    assert [block.type for block in body.blocks] == ["one", "two"]
    assert text[body.blocks[0].start : body.blocks[0].end] == f"one {{\n{inside}\n}}"
    assert body.blocks[0].body.problems == ()


def test_values_files_have_arguments_at_the_top() -> None:
    body = skim(Source("a.tfvars", 'a = 1 # c\nb = [\n  { c = "}" },\n]\n\nd = <<EOT\nx\nEOT\n'))
    assert list(body.attributes) == ["a", "b", "d"]
    assert body.problems == ()


def test_a_bracket_that_is_never_closed_hides_no_other_value() -> None:
    text = 'a = [\n  1,\n\nb = "x"\nc = {\n d = 1\nvariable "e" {\n}\n'
    body = skim(Source("a.tfvars", text))
    assert list(body.attributes) == ["b"]
    assert [block.labels for block in body.blocks] == [("e",)]
    assert [problem.message for problem in body.problems] == [
        "expected ',' or ']' after an element, found '='",
        "expected '=' and a value after the key, found a string",
    ]


def test_an_unknown_block_type_is_a_block_like_others() -> None:
    assert [block.labels for block in skim(Source("x", 'custom a "b" {\n}\n')).blocks] == [("a", "b")]


NAMES = st.sampled_from(["a", "b-c", "größe", "for", "null"])
VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "true",
            "var.a",
            '"x"',
            '"a${b}c"',
            '"}"',
            "a.*.b",
            "x[*].y",
            "<<EOT\n  {\nEOT\n",
            "<<-EOT\n ${a}\n EOT\n",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(inner, max_size=2).map(
            lambda items: "{\n" + "".join(f"k{i} = {x}\n" for i, x in enumerate(items)) + "}"
        ),
        inner.map(lambda value: f"f({value})"),
        inner.map(lambda value: f"(1 + {value})"),
        inner.map(lambda value: '"${' + value + '}"'),
    ),
    max_leaves=6,
)
ITEMS = st.recursive(
    st.one_of(
        st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}\n"),
        st.sampled_from(["# }\n", "/* { */\n", "\n", "\t \r\n"]),
    ),
    lambda inner: st.tuples(NAMES, st.sampled_from(["", '"l"', "m n"]), st.lists(inner, max_size=4)).map(
        lambda block: f"{block[0]} {block[1]} {{\n{''.join(block[2])}}}\n"
    ),
    max_leaves=12,
)
FILES = st.lists(ITEMS, max_size=6).map("".join)


def whole(block: Block) -> tuple[object, ...]:
    return (block.type, block.labels, block.start, block.end, block.open_end, inner(block.body))


def inner(body: Body) -> tuple[object, ...]:
    return (body.attributes, tuple(map(whole, body.blocks)), body.start, body.end)


@given(FILES)
def test_skim_and_full_parse_agree(text: str) -> None:
    source = Source("main.tf", text)
    lazy, eager = skim(source), parse_body(source)
    only_duplicates = all(problem.message == "the same argument is set twice" for problem in eager.problems)
    assert only_duplicates, eager.problems
    assert blocks(lazy) == blocks(eager)
    assert lazy.attributes == eager.attributes
    assert list(map(whole, lazy.blocks)) == list(map(whole, eager.blocks))


CHARACTERS = '"${}[]()%~#/\\<>=!?:.,*-+\n\r\t \0aé\ud800\u2028'
LEXEMES = ["${", "%{", "<<EOT\n", "<<-A\n", "EOT\n", "A\n", "/*", "*/", "//", "a = ", "b {\n", "}\n", '"x"', "1.5"]
WORDS = ["for x in y : ", " if ", "%{ if a }", "%{ endif }", "::", "...", "=>", 'resource "a" "b" {\n']
PIECES = st.lists(st.sampled_from([*CHARACTERS, *LEXEMES, *WORDS]), max_size=40).map("".join)


@given(PIECES)
def test_any_text_is_parsed_or_refused_but_never_raises(text: str) -> None:
    body = parse_file(Source("main.tf", text))
    for problem in body.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message
    starts = [block.start for block in body.blocks]
    assert starts == sorted(starts)


@given(FILES, st.integers(0, 400), PIECES)
def test_a_broken_place_does_not_hide_the_blocks_before_it(text: str, at: int, piece: str) -> None:
    at = min(at, len(text))
    before = [block for block in skim(Source("x", text)).blocks if block.end < at and text[block.end :][:1] == "\n"]
    after = skim(Source("x", text[:at] + piece + text[at:])).blocks
    assert [(block.type, block.start) for block in before] == [
        (block.type, block.start) for block in after[: len(before)]
    ]
