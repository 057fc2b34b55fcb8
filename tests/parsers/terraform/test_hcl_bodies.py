"""Native syntax: bodies, blocks, and how parsing goes on after a problem."""

from __future__ import annotations

import pytest

from agentreach.model import Source, Span
from agentreach.parsers.terraform.hcl import parse_body, parse_file
from agentreach.parsers.terraform.syntax import Block, Body, Name, Template


def body(text: str) -> Body:
    found = parse_file(Source("main.tf", text))
    assert found.problems == ()
    return found


def problems(text: str) -> list[tuple[int, int, str]]:
    """Line, column and message of every problem."""
    source = Source("main.tf", text)
    return [(*source.position(problem.start), problem.message) for problem in parse_file(source).problems]


def names(found: Body) -> list[str]:
    return list(found.attributes)


def test_a_file_is_arguments_and_blocks() -> None:
    text = 'a = 1\nb "c" d {\n  e = 2\n  f {}\n  g "h" {\n  }\n}\n'
    found = body(text)
    (block,) = found.blocks
    assert names(found) == ["a"]
    assert (block.type, block.labels, text[block.start : block.end]) == ("b", ("c", "d"), text[6:-1])
    assert text[block.open_end - 1] == "{"
    assert names(block.body) == ["e"]
    assert [(inner.type, inner.labels) for inner in block.body.blocks] == [("f", ()), ("g", ("h",))]


def test_an_argument_covers_its_name() -> None:
    source = Source("main.tf", "b {\n  größe = x\n}\n")
    (block,) = parse_file(source).blocks
    assignment = block.body.attributes["größe"]
    assert Span(source, assignment.start, assignment.end).text == "größe"
    assert source.position(assignment.expression.start) == (2, 11)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeffa = 1",
        "\n\n# c\n/* d\n e */\n",
        "a = 1 # c\n",
        "a = 1 // c",
        "a = /* b */ 1\n",
        "/* b */ a = 1\n",
        "a=1\r\nb=2\r\n",
        "b {}\n",
        "b {\n}\n",
        "b { # c\n}\n",
        "b { a = 1 }\n",
        "b { a = [\n1\n] }\n",
        "b /* c */ { /* d */ a = 1 /* e */ }",
        'b "" {\n}\n',
        'b "x\\"y" {\n}\n',
        "b {\n  a = <<EOT\n}\nEOT\n}\n",
        "a = (\n1\n+ 2)\n",
        "a = x ? {\n b = 1\n} : {}\n",
        "a = f(\n\n1)\n",
        'a = "${\nb\n}"\n',
    ],
)
def test_what_terraform_accepts_is_accepted(text: str) -> None:
    body(text)


def test_labels_with_escapes_are_decoded() -> None:
    assert body('b "x\\"y" "\\u00e9" {\n}\n').blocks[0].labels == ('x"y', "é")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = \n", (1, 5, "expected an expression, found the end of the line")),
        ("a = 1 b = 2\n", (1, 7, "expected a line end after an argument, found a name")),
        ("a = 1, b = 2\n", (1, 6, "expected a line end after an argument, found ','")),
        ("a = 1 +\n2\n", (1, 8, "expected an expression, found the end of the line")),
        ("a\n", (1, 2, "expected '=', a label or '{' after the name, found the end of the line")),
        ("a.b = 1\n", (1, 1, "expected an argument or a block, found a name")),
        ('"a" = 1\n', (1, 1, "expected an argument or a block, found a string")),
        ("1 = 1\n", (1, 1, "expected an argument or a block, found a number")),
        ("b\n{\n}\n", (1, 2, "expected '=', a label or '{' after the name, found the end of the line")),
        ("b c\n{\n}\n", (1, 4, "expected a label or '{', found the end of the line")),
        ("b c.d {\n}\n", (1, 3, "expected a label without dots")),
        ('b "${c}" {\n}\n', (1, 3, "a label cannot hold a template sequence")),
        ("b = {\n}}\n", (2, 2, "expected a line end after an argument, found '}'")),
        ("b {\n} c = 1\n", (2, 2, "expected a line end after a block")),
        ("b { a = 1\n}\n", (1, 10, "expected '}' after the only argument of a block on one line, found the end of…")),
        ("b { a = 1, c = 2 }\n", (1, 10, "expected '}' after the only argument of a block on one line, found ','")),
        ("b { c {} }\n", (1, 7, "expected '=': on one line, a block holds a single argument, found '{'")),
        ("b {\n a = 1 }\n", (2, 8, "expected a line end after an argument, found the end")),
        ("b {\n c {\n a = 1 }\n}\n", (3, 8, "expected a line end after an argument, found '}'")),
        ("b {\n c {} d = 1\n}\n", (2, 7, "expected a line end after a block, found a name")),
        ("b {\n a = 1\n a = 2\n}\n", (3, 2, "the same argument is set twice")),
        ("a = 1\na = 2\n", (2, 1, "the same argument is set twice")),
        ("b {\n", (1, 3, "the brace is never closed")),
        ("b {\n a = [\n}\n", (3, 1, "expected ']' for the bracket of line 2, found '}'")),
        ('b {\n a = "x\n}\n', (2, 6, "the string is never closed: a quoted string ends on its line")),
        ("b {\n a = <<EOT\n}\n", (2, 6, "the heredoc is never closed: no line is its marker alone")),
        ("b {\n /* a\n}\n", (2, 2, "the comment is never closed")),
        ("}\n", (1, 1, "expected an argument or a block, found '}'")),
        ("ab😀 = 1\n", (1, 1, "expected an argument or a block, found a name")),
        ("\0\n", (1, 1, "a character that has no meaning here")),
    ],
)
def test_a_problem_has_its_position_and_what_was_expected(text: str, found: tuple[int, int, str]) -> None:
    (line, column, message), *_ = problems(text)
    assert (line, column) == found[:2]
    assert message.startswith(found[2].removesuffix("…"))


def test_messages_never_quote_literals() -> None:
    text = 'a = "hunter2" "hunter2"\nb "hunter2" 1 {\n}\n"hunter2" = 1\nc = hunter2 hunter2\nhunter2\n'
    assert len(problems(text)) == 5
    assert not any("hunter2" in message for _, _, message in problems(text))


def test_one_broken_argument_does_not_hide_the_others() -> None:
    found = parse_file(
        Source("main.tf", "b {\n  a = ]\n  c = 1\n  d {\n    e = %\n    f = [2,\n 3]\n  }\n  g = 3\n}\n")
    )
    assert found.blocks == ()
    found = parse_file(
        Source("main.tf", "b {\n  a = %\n  c = 1\n  d {\n    e = %\n    f = [2,\n 3]\n  }\n  g = 3\n}\n")
    )
    (block,) = found.blocks
    assert names(block.body) == ["c", "g"]
    assert names(block.body.blocks[0].body) == ["f"]
    assert [problem.message for problem in found.problems] == ["expected an expression, found '%'"] * 2
    assert block.body.problems == found.problems


def test_a_broken_block_does_not_hide_the_file() -> None:
    text = 'resource "a" "b" {\n  x = [\n}\n\nvariable "c" {\n  default = 1\n}\nlocals {\n  d = "\n}\noutput "e" {}\n'
    found = parse_file(Source("main.tf", text))
    assert [(block.type, block.labels) for block in found.blocks] == [("variable", ("c",)), ("output", ("e",))]
    assert [line for line, _, _ in problems(text)] == [3, 9]


def test_problems_are_limited() -> None:
    found = problems("a = %\n" * 1000)
    assert len(found) == 21
    assert found[-1] == (21, 1, "too many syntax errors: the rest of the file was not read")
    assert len(problems("b {\n" + "a = %\n" * 1000 + "}\n")) == 20
    assert len(problems("b {\n" + 'a = "' + "\\q" * 1000 + '"\n}\n')) == 20


def test_a_part_of_a_file_can_be_parsed_on_its_own() -> None:
    text = "x {\n  a = 1\n  b {\n  }\n}\n"
    found = parse_body(Source("main.tf", text), 4, text.rindex("}"))
    assert names(found) == ["a"]
    assert [block.type for block in found.blocks] == ["b"]


def test_legacy_forms_are_read() -> None:
    (block,) = body('variable "a" {\n  type = "string"\n  default = "${var.b}"\n}\n').blocks
    kind, default = (block.body.attributes[name].expression for name in ("type", "default"))
    assert isinstance(kind, Template)
    assert kind.parts == ("string",)
    assert isinstance(default, Template)
    assert len(default.parts) == 1


def test_a_body_is_parsed_when_asked_for_and_once() -> None:
    (block,) = parse_body(Source("main.tf", "b {\n a = x\n}\n")).blocks
    assert isinstance(block, Block)
    assert block.body is block.body
    assert block.body.attributes["a"].expression == Name("x", 9, 10)
