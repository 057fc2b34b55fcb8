"""Native syntax: expressions. Trees are compared in a short notation of their own."""

from __future__ import annotations

from fractions import Fraction

import pytest

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression
from agentreach.parsers.terraform.numerals import Huge
from agentreach.parsers.terraform.syntax import (
    Attribute,
    Binary,
    Conditional,
    Expression,
    ForDirective,
    ForExpression,
    FunctionCall,
    IfDirective,
    Index,
    Literal,
    Name,
    ObjectExpression,
    Parenthesized,
    Problem,
    Splat,
    Template,
    TupleExpression,
    Unary,
)


def notation(node: Expression | IfDirective | ForDirective | str) -> str:
    match node:
        case str():
            return repr(node)
        case Literal():
            return "null" if node.value is None else str(node.value).lower()
        case Template():
            return f"<{' '.join(map(notation, node.parts))}>"
        case Name():
            return node.name
        case Attribute():
            return f"{notation(node.target)}.{node.name}"
        case Index():
            return f"{notation(node.target)}[{notation(node.key)}]"
        case Splat():
            return f"{notation(node.target)}{'[*]' if node.full else '.*'}{{{notation(node.each)}}}"
        case FunctionCall():
            return f"{node.name}({', '.join(map(notation, node.arguments))}{'...' if node.expand else ''})"
        case TupleExpression():
            return f"[{', '.join(map(notation, node.items))}]"
        case ObjectExpression():
            return f"{{{', '.join(f'{notation(item.key)}: {notation(item.value)}' for item in node.items)}}}"
        case ForExpression():
            key = f"{notation(node.key)} => " if node.key else ""
            condition = f" if {notation(node.condition)}" if node.condition else ""
            return (
                f"(for {node.key_name or ''},{node.value_name} in {notation(node.collection)}:"
                f" {key}{notation(node.value)}{'...' if node.group else ''}{condition})"
            )
        case Conditional():
            return f"({notation(node.condition)} ? {notation(node.then)} : {notation(node.otherwise)})"
        case Binary():
            return f"({notation(node.left)} {node.operator} {notation(node.right)})"
        case Unary():
            return f"({node.operator}{notation(node.operand)})"
        case Parenthesized():
            return f"(({notation(node.inner)}))"
        case IfDirective():
            otherwise = f" else {notation(node.otherwise)}" if node.otherwise else ""
            return f"if {notation(node.condition)} then {notation(node.then)}{otherwise}"
        case ForDirective():
            return f"for {node.key or ''},{node.value} in {notation(node.collection)} {notation(node.body)}"


def parsed(text: str) -> Expression:
    node = parse_expression(Source("x", text))
    assert not isinstance(node, Problem), node
    return node


def problem(text: str) -> tuple[str, str]:
    """The message, and the characters it points at."""
    node = parse_expression(Source("x", text))
    assert isinstance(node, Problem), node
    return node.message, text[node.start : node.end]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 * 2 + 3", "((1 * 2) + 3)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("8 / 4 % 3", "((8 / 4) % 3)"),
        ("a || b && c", "(a || (b && c))"),
        ("a && b == c", "(a && (b == c))"),
        ("a == b < c", "(a == (b < c))"),
        ("a < b + 1", "(a < (b + 1))"),
        ("a >= 1 != b <= 2", "((a >= 1) != (b <= 2))"),
        ("a || b || c && d || e", "(((a || b) || (c && d)) || e)"),
        ("!a == b", "((!a) == b)"),
        ("-1 + 2", "((-1) + 2)"),
        ("- - 1", "(-(-1))"),
        ("!!a.b[0]", "(!(!a.b[0]))"),
        ("-a.b.c", "(-a.b.c)"),
        ("(1 + 2) * 3", "((((1 + 2))) * 3)"),
    ],
)
def test_operators_bind_by_precedence_and_from_the_left(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a ? b : c", "(a ? b : c)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a == 1 ? b + 1 : c * 2", "((a == 1) ? (b + 1) : (c * 2))"),
        ("a\n  ? b\n  : c", "(a ? b : c)"),
    ],
)
def test_conditionals_group_to_the_right(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("9007199254740993", 9007199254740993),
        ("1.0", 1),
        ("2.50", Fraction(5, 2)),
        ("0.1", Fraction(1, 10)),
        ("1e3", 1000),
        ("1E-2", Fraction(1, 100)),
        ("1.5e+2", 150),
        ("true", True),
        ("false", False),
        ("null", None),
    ],
)
def test_literals_are_exact(text: str, value: object) -> None:
    node = parsed(text)
    assert isinstance(node, Literal)
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize("text", ["1.2.3", "1e5e5"])
def test_a_number_that_is_none_is_a_problem(text: str) -> None:
    assert problem(text) == ("not a number", text)


@pytest.mark.parametrize("text", ["9" * 2000, "1e9999999999", "1e-999999999", f"1.5e{'9' * 5000}"])
def test_a_number_beyond_reason_is_one_that_is_never_made(text: str) -> None:
    node = parsed(text)
    assert isinstance(node, Literal)
    assert node.value is Huge.NUMBER


def test_zero_is_zero_whatever_its_exponent() -> None:
    node = parsed("0.0e999999999")
    assert isinstance(node, Literal)
    assert node.value == 0


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("var.a-b.c_d", "var.a-b.c_d"),
        ("größe.naïve", "größe.naïve"),
        ("a . b", "a.b"),
        ("a\n.b", "a.b"),
        ("a[0].b['x']".replace("'", '"'), "a[0].b[<'x'>]"),
        ("a.0.b", "a[0].b"),
        ("a[b ? 1 : 2]", "a[(b ? 1 : 2)]"),
        ("a[ # why\n0\n]", "a[0]"),
        ("null.a", "null.a"),
        ('"x".a', "<'x'>.a"),
        ("f(x)[0].y", "f(x)[0].y"),
    ],
)
def test_references(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x.*.l[0]", "x.*{*.l}[0]"),
        ("x[*].l[0]", "x[*]{*.l[0]}"),
        ("x.*", "x.*{*}"),
        ("x[*]", "x[*]{*}"),
        ("x.*.a.0.b", "x.*{*.a[0].b}"),
        ("x[*].a[*].b", "x[*]{*.a[*]{*.b}}"),
        ("x.*.a.b[*].c", "x.*{*.a.b}[*]{*.c}"),
        ("f(x[*].a...)", "f(x[*]{*.a}...)"),
    ],
)
def test_splats_take_the_steps_that_follow(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f()", "f()"),
        ("f(1, 2)", "f(1, 2)"),
        ("f(\n  1,\n  2,\n)", "f(1, 2)"),
        ("f(a...)", "f(a...)"),
        ("f(a, b ...)", "f(a, b...)"),
        ("core::upper(a)", "upper(a)"),
        ("provider::aws::arn_parse(a)", "provider::aws::arn_parse(a)"),
        ("f (1)", "f(1)"),
    ],
)
def test_calls(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[]", "[]"),
        ("[1, [2], ]", "[1, [2]]"),
        ("[\n 1, # one\n 2 // two\n]", "[1, 2]"),
        ("{}", "{}"),
        ("{ a = 1, b : 2 }", "{<'a'>: 1, <'b'>: 2}"),
        ("{\n  a = 1\n\n  # c\n  b = 2,\n  c = 3 }", "{<'a'>: 1, <'b'>: 2, <'c'>: 3}"),
        ('{ "a" = 1, "${b}" = 2, (c) = 3 }', "{<'a'>: 1, <b>: 2, ((c)): 3}"),
        ("{ null = 1, true = 2, 1 = 3 }", "{<'null'>: 1, <'true'>: 2, 1: 3}"),
        ("{ a.b = 1 }", "{a.b: 1}"),
        ("{ a = (\n1\n) }", "{<'a'>: ((1))}"),
        ("[{\n a = 1 }]", "[{<'a'>: 1}]"),
    ],
)
def test_collections(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[for x in y : x]", "(for ,x in y: x)"),
        ("[for k, v in y : v if k != 1]", "(for k,v in y: v if (k != 1))"),
        ("{for k, v in y : k => v...}", "(for k,v in y: k => v...)"),
        ("{\n for x in y :\n x => 1 if a\n}", "(for ,x in y: x => 1 if a)"),
        ("[for a in [for b in c : b] : a]", "(for ,a in (for ,b in c: b): a)"),
        ("[for x in y : { a = x }]", "(for ,x in y: {<'a'>: x})"),
    ],
)
def test_for_expressions(text: str, tree: str) -> None:
    assert notation(parsed(text)) == tree


@pytest.mark.parametrize("text", ["/* a */ 1 /* b */", "# a\n1", "1 // b", "(1 /* \n */)", "1\n\n"])
def test_comments_and_line_ends_around_an_expression_mean_nothing(text: str) -> None:
    assert notation(parsed(text)).strip("()") == "1"


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("", "expected an expression, found the end", ""),
        ("1 +", "expected an expression, found the end", ""),
        ("a b", "expected nothing after the expression, found a name", "b"),
        ("a ? b", "expected ':' and the value if the condition is false, found the end", ""),
        ("[1 2]", "expected ',' or ']' after an element, found a number", "2"),
        ("[1", "expected ',' or ']' after an element, found the end", ""),
        ("{ a 1 }", "expected '=' and a value after the key, found a number", "1"),
        ("{ a = 1 b = 2 }", "expected a line end, ',' or '}' after a value, found a name", "b"),
        ("{ a = 1", "expected a line end, ',' or '}' after a value, found the end", ""),
        ("f(1 2)", "expected ',' or ')' after an argument, found a number", "2"),
        ("f(a..., b)", "expected ')' after '...', found ','", ","),
        ("a.", "expected a name, a number or '*' after the dot, found the end", ""),
        ("a.*.*", "expected a name or a number after the dot of an attribute splat, found '*'", "*"),
        ("a.0.1", "two legacy indexes in a row need brackets: [0][1]", "0.1"),
        ("a[0", "expected ']' to end the index, found the end", ""),
        ("a::b", "expected '(' after the function's name, found the end", ""),
        ("a::1()", "expected the function's name after '::', found a number", "1"),
        ("[for x in y : x => 1]", "a tuple has no keys: use { for … } to build an object", "=>"),
        ("{for x in y : x}", "expected '=>' between the key and the value, found '}'", "}"),
        ("[for x in y : x...]", "'...' groups values under keys, which a tuple has not", "..."),
        ("[for 1 in y : x]", "expected a name after 'for', found a number", "1"),
        ("[for a.b in y : x]", "expected a name after 'for' without dots", "a.b"),
        ("[for x of y : x]", "expected 'in', found a name", "of"),
        ("[for x in y x]", "expected ':' after the collection, found a name", "x"),
        ("a & b", "the operator for «and» is &&", "&"),
        ("'a'", 'strings are written with double quotes (")', "'"),
        ("a; b", "arguments are separated by line ends, not by semicolons", ";"),
        ("“a”", "a character that cannot be part of a name", "“a”"),
        ("a /* b", "the comment is never closed", "/"),
        ("1 \0", "a character that has no meaning here", "\0"),
        ("=", "expected an expression, found '='", "="),
        ("<<EOT", "expected an expression, found '<'", "<"),
    ],
)
def test_problems_say_what_was_expected_and_where(text: str, message: str, at: str) -> None:
    assert problem(text) == (message, at)


def test_a_part_of_a_text_can_be_parsed_on_its_own() -> None:
    source = Source("x", "a = 1 + 2 # three")
    node = parse_expression(source, 4, 9)
    assert isinstance(node, Binary)
    assert (node.start, node.end, node.right.start) == (4, 9, 8)


@pytest.mark.parametrize(
    "text",
    [
        "aws_iam_role.ops[0].arn",
        "f(x, [1, 2])",
        "a ? b : c",
        '"a${b}c"',
        "[for x in y : x]",
        "{ a = 1 }",
        "-a",
        "(a)",
        "a[*].b",
        "<<EOT\nx\nEOT",
    ],
)
def test_a_node_covers_its_text(text: str) -> None:
    node = parse_expression(Source("x", f"   {text}\n  "))
    assert not isinstance(node, Problem)
    assert (node.start, node.end) == (3, 3 + len(text))
