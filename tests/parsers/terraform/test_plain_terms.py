"""Shapes read with one pattern give the tree that the parser gives token by token."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers.terraform import bodies
from agentreach.parsers.terraform.cursor import Cursor
from agentreach.parsers.terraform.hcl import parse_file
from agentreach.parsers.terraform.syntax import Assignment, Template
from agentreach.sources import Limits
from agentreach.sources.limits import applied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.syntax import Block, Body

FIXTURES = Path(__file__).parents[3] / "fixtures"

names = st.sampled_from(["a", "Name", "for", "true", "null", "if", "é", "a-b", "_", "in"])
paths = st.lists(names, min_size=1, max_size=3).map(".".join)
blanks = st.sampled_from(["", " ", "\t", "\n", " # note\n", " /* note */ ", "\r\n", "\n\n  "])
literals = st.sampled_from(["", "x", "$", "%", "$$", "{", "}", "é", "\\n", "$${", "%{", "${", "'", "#", "//"])
references = st.builds("${{{}}}".format, paths)
strings = st.lists(st.one_of(literals, references), max_size=3).map(lambda parts: f'"{"".join(parts)}"')
numbers = st.sampled_from(["0", "7", "007", "1.5", "1e3", "123456789012345678", "-1", "1x"])
terms = st.one_of(strings, paths, numbers)
lists = st.builds(
    lambda items, between, after: f"[{between}{f',{between}'.join(items)}{after}]",
    st.lists(terms, max_size=3),
    blanks,
    st.sampled_from(["", ",", "\n", ",\n", ",,"]),
)
separators = st.sampled_from([",", "\n", ", ", ",\n", " # note\n", "", "\r\n"])
entries = st.builds("{} {} {}{}".format, st.one_of(names, strings), st.sampled_from("=:"), terms, separators)
objects = st.builds("{{{}{}}}".format, blanks, st.lists(entries, max_size=3).map("".join))
arguments = st.builds(
    "{} {} {}{}".format, names, st.sampled_from(["=", "=="]), st.one_of(terms, lists, objects), blanks
)
blocks = st.builds("{} {{{}{}}}{}".format, names, blanks, st.lists(arguments, max_size=3).map("\n".join), blanks)
texts = st.lists(st.one_of(arguments, blocks), max_size=4).map(lambda items: "b {\n" + "\n".join(items) + "\n}\n")


def blocks_of(body: Body) -> Iterator[Block]:
    for block in body.blocks:
        yield block
        yield from blocks_of(block.body)


def tree(text: str) -> object:
    body = parse_file(Source("a.tf", text))
    found = [(one.type, one.labels, one.start, one.end, one.open_end, one.body.attributes) for one in blocks_of(body)]
    return found, body.problems, [template.moves for template in templates(body)]


def templates(body: Body) -> Iterator[Template]:
    for block in blocks_of(body):
        for assignment in block.body.attributes.values():
            if isinstance(assignment.expression, Template):
                yield assignment.expression


def token_by_token(text: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cursor, "has_room", lambda _: False)
        patch.setattr(bodies, "plain_opening", lambda *_: None)
        return tree(text)


@given(texts)
def test_a_shape_is_read_as_the_parser_reads_it(text: str) -> None:
    assert tree(text) == token_by_token(text)


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tf")), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_every_fixture_is_read_as_the_parser_reads_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tree(text) == token_by_token(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = [for]\n",
        "a = [for.x]\n",
        "a = { for = 1 }\n",
        'a = "${for}"\n',
        "a = b\na = c\n",
        "a = 1 b = 2\n",
        'a = "x" "y"\n',
        "a = b.\n",
        "a = { b = c d = e }\n",
        "a { b = 1 }\n",
        "a {\n  b = 1\n",
        "a {\n  b = 1 }\n",
        'a = ["b" "c"]\n',
        "a = [b\n.c]\n",
    ],
)
def test_what_only_looks_like_a_shape_is_read_as_the_parser_reads_it(text: str) -> None:
    assert tree(f"b {{\n{text}}}\n") == token_by_token(f"b {{\n{text}}}\n")


@pytest.mark.parametrize("nesting", range(1, 9))
def test_shapes_nest_no_deeper_than_the_limit(nesting: int) -> None:
    text = 'a {\n  b {\n    c = { d = ["${e}"] }\n    f = "${g.h}"\n  }\n}\n'
    with applied(Limits(nesting=nesting)):
        assert tree(text) == token_by_token(text)


def test_an_argument_of_a_plain_shape_knows_where_it_stands() -> None:
    body = parse_file(Source("a.tf", 'b {\n  name = "${local.x}-y" # note\n}\n'))
    argument = body.blocks[0].body.attributes["name"]
    assert isinstance(argument, Assignment)
    assert (argument.start, argument.end) == (6, 10)
    assert isinstance(argument.expression, Template)
    assert argument.expression.offsets == (16, 24)
    assert argument.expression.parts[1] == "-y"
