"""Hostile text: a megabyte of whatever costs most. Nothing raises, nothing recurses, and each takes a moment.

There are no time limits here: an input on which scanning were not linear would take minutes.
"""

from __future__ import annotations

import sys

import pytest

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression, parse_file, parse_template_text, skim
from agentreach.parsers.terraform.json_syntax import parse_json_file
from agentreach.parsers.terraform.syntax import Problem, Template

MEGABYTE = 1_000_000
LARGE = 200_000
TOO_DEEP = "nested deeper than the limit of 200"
UNCLOSED_STRING = "the string is never closed: a quoted string ends on its line"
UNCLOSED_HEREDOC = "the heredoc is never closed: no line is its marker alone"


def filled(piece: str, size: int = MEGABYTE) -> str:
    return piece * (size // len(piece))


def large(piece: str) -> str:
    """Enough that anything but linear scanning would show; reading it all takes Python a while."""
    return filled(piece, LARGE)


def shortened(value: object) -> str:
    return str(value)[:24]


def first_message(text: str) -> str | None:
    problems = parse_file(Source("main.tf", text)).problems
    return problems[0].message if problems else None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a = {filled('[')}", TOO_DEEP),
        (f"a = {filled('(')}", TOO_DEEP),
        (f"a = {filled('{')}", TOO_DEEP),
        (f"a = {filled('f(')}", TOO_DEEP),
        (f"a = {filled('[for x in ')}", TOO_DEEP),
        (filled('"${'), "expected an argument or a block, found a string"),
        (f"a = {filled(chr(34) + '${')}", TOO_DEEP),
        (f"b {{\n a = {filled(chr(34) + '${')}\n}}\n", TOO_DEEP),
        (f"a = {filled('x ? y : ')}", TOO_DEEP),
        (f"a = {filled('-')}1\n", TOO_DEEP),
        (f"a = {filled('!')}", TOO_DEEP),
        (f"a = x{filled('[*]')}\n", TOO_DEEP),
        (filled("b {\n"), TOO_DEEP),
        (f'a = "{filled("%{if x}")}"\n', TOO_DEEP),
        (f"b {{\n a = {filled('<<A' + chr(10) + '${')}", TOO_DEEP),
        (f"a = x{filled('.y')}\n", "more than 200 steps in a row"),
        (f"a = x{filled('[0]')}\n", "more than 200 steps in a row"),
        (f"a = 1{filled(' + 1')}\n", "more than 200 operators in a row"),
    ],
    ids=shortened,
)
def test_nesting_is_bounded(text: str, message: str) -> None:
    assert first_message(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"b {{\n{large('/*')}", "the comment is never closed"),
        (f"a = /*{large('*')}", "the comment is never closed"),
        (f'a = "{large("x")}', UNCLOSED_STRING),
        (f'a = "{large(chr(92))}', UNCLOSED_STRING),
        (f"b {{\n{large('a = ' + chr(34) + 'x' + chr(10))}}}\n", UNCLOSED_STRING),
        (f"b {{\na = {large('<<A' + chr(10))}", UNCLOSED_HEREDOC),
        (f"b {{\na = <<A\n{large('A A ')}", UNCLOSED_HEREDOC),
        (f"b {{\na = <<A\n{large('${x} ')}", UNCLOSED_HEREDOC),
        (f"a = [{large('1, ')}", "expected an expression, found the end"),
        (large("}"), "expected an argument or a block, found '}'"),
        (large("a = ]\n"), "expected an expression, found ']'"),
        (large("<<"), "expected an argument or a block, found '<'"),
        (large("\0"), "a character that has no meaning here"),
        (large("\r"), "a carriage return without a line feed"),
        (large("\ud800"), "expected an argument or a block, found a name"),
        (f"a = {large('9')}.9.9\n", "not a number"),
        (large("a"), "expected '=', a label or '{' after the name, found the end"),
    ],
    ids=shortened,
)
def test_what_is_broken_is_refused(text: str, message: str) -> None:
    assert first_message(text) == message
    assert len(skim(Source("main.tf", text)).problems) <= 21


def test_a_flood_of_broken_blocks_is_given_up() -> None:
    for piece in ('resource "a" "b" {\n', 'resource "a" "b" {\n x = "\n', "a = <<E\n", "a = [\n"):
        problems = skim(Source("main.tf", filled(piece))).problems
        assert 5 <= len(problems) <= 21
        assert problems[-1].message == "too many syntax errors: the rest of the file was not read"


@pytest.mark.parametrize(
    "text",
    [
        large("\r\n"),
        large(" "),
        large("# \n"),
        large("/**/"),
        f"a = {' ' * LARGE}1\n",
        f'a = "{large("x")}"\n',
        f'a = "{large("${x}")}"\n',
        f'a = "{large("$${")}"\n',
        f'a = "{large("$")}"\n',
        f"a = [{large('1, ')}]\n",
        f"a = {{{large('k = 1, ')}}}\n",
        f"a = (\n{large(chr(10))}1)\n",
        f"b {{\na = <<A\n{large('xy' + chr(10))}A\n}}\n",
        f"b {{\na = <<-A\n{large('A ')}\nA\n}}\n",
        f"b {{\na = <<-A\n{large('  ${x} ')}\nA\n}}\n",
        f"b {large(chr(34) + 'l' + chr(34) + ' ')}{{\n}}\n",
        large("b {\n}\n"),
        "b {\n" * 199 + "}\n" * 199,
        "a = " + "[" * 199 + "]" * 199 + "\n",
    ],
    ids=shortened,
)
def test_what_is_only_large_is_read(text: str) -> None:
    assert first_message(text) is None


def test_the_deepest_nesting_is_read_from_any_stack() -> None:
    brackets = [("[", "]"), ("(", ")"), ("f(", ")"), ("{ a = ", " }"), ("-", ""), ("[for x in y : ", "]")]
    for opening, closing in [*brackets, ("f(1 + ", ")"), ("f(-g(", "))"), ("a[", "]")]:
        levels = 200 // max(opening.count("f(") + opening.count("-") + opening.count("g("), 1)
        deepest = Source("x", opening * levels + "1" + closing * levels)
        deeper = Source("x", opening * (levels + 1) + "1" + closing * (levels + 1))
        assert not isinstance(parse_expression(deepest), Problem), opening
        assert isinstance(parse_expression(deeper), Problem), opening


def test_a_stack_that_is_deep_already_is_given_room_and_the_limit_is_taken_back() -> None:
    source = Source("x", "[" * 200 + "]" * 200)
    limit = sys.getrecursionlimit()

    def descend(levels: int) -> object:
        return descend(levels - 1) if levels else parse_expression(source)

    used = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        used, frame = used + 1, frame.f_back
    assert not isinstance(descend(limit - used - 100), Problem)
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize(
    "text", [large("${x}"), large("$"), large("%%{"), large("\n"), large("x\r\n"), large("\r")], ids=shortened
)
def test_template_files_of_any_size_are_read(text: str) -> None:
    assert isinstance(parse_template_text(Source("x", text)), Template)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (filled("["), TOO_DEEP),
        (large('{"a":'), TOO_DEEP),
        (large('"'), "expected nothing after the value, found something else"),
        ('"' + large("\\"), "the string is never closed, or holds a line end or an unknown escape"),
        ('{"locals": {"a": "' + large("${x}") + '"}}', None),
        ('{"locals": {"a": "\\n' + large("${x} ") + '"}}', None),
        ('{"locals": {"a": "${x}' + large("\\n") + '"}}', None),
        ('{"locals": {"a": "\\n${' + "[" * 201 + '}"}}', TOO_DEEP),
        ('{"locals": {"a": "\\n${' + "[" * 150 + "]" * 150 + '}"}}', None),
        ('{"locals": {"a": [' + large("1,") + "1]}}", None),
    ],
    ids=shortened,
)
def test_json_is_bounded_too(text: str, message: str | None) -> None:
    body = parse_json_file(Source("main.tf.json", text))
    problems = [*body.problems, *(problem for block in body.blocks for problem in block.body.problems)]
    assert [problem.message for problem in problems[:1]] == ([message] if message else [])
