"""Terraform's JSON syntax."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers.terraform.json_syntax import (
    block_view,
    literal_view,
    native_view,
    parse_json_file,
    parse_json_variables,
)
from agentreach.parsers.terraform.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Expression,
    FunctionCall,
    Literal,
    Name,
    ObjectExpression,
    Problem,
    Template,
    TupleExpression,
    Unary,
)
from parsers.terraform.loading import attribute, resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def body(text: str) -> Body:
    found = parse_json_file(Source("main.tf.json", text))
    assert found.problems == ()
    return found


def problems(text: str) -> list[tuple[str, str]]:
    found = parse_json_file(Source("main.tf.json", text))
    everything = [*found.problems, *(problem for block in found.blocks for problem in block.body.problems)]
    return [(problem.message, text[problem.start : problem.end]) for problem in everything]


def only(text: str, name: str) -> Expression:
    """An argument of the only block."""
    (block,) = body(text).blocks
    assert block.body.problems == ()
    return block.body.attributes[name].expression


def local(value: str) -> tuple[Source, Expression]:
    text = f'{{"locals": {{"a": {value}}}}}'
    return Source("main.tf.json", text), only(text, "a")


def labels(found: Body) -> list[tuple[str, tuple[str, ...]]]:
    return [(block.type, block.labels) for block in found.blocks]


def test_labels_are_nested_keys() -> None:
    text = '{"resource": {"aws_iam_role": {"a": {"name": "x"}, "b": {}}}, "variable": {"v": {}}, "locals": {"l": 1}}'
    found = body(text)
    assert labels(found) == [
        ("resource", ("aws_iam_role", "a")),
        ("resource", ("aws_iam_role", "b")),
        ("variable", ("v",)),
        ("locals", ()),
    ]
    assert text[found.blocks[0].start : found.blocks[0].end] == '"a": {"name": "x"}'
    assert text[found.blocks[3].start : found.blocks[3].end] == '"locals": {"l": 1}'


def test_every_level_may_be_a_list() -> None:
    text = '[{"resource": [{"t": [{"a": [{"x": 1}, {"x": 2}]}, {"b": {}}]}, {"t": {"c": {}}}]}, {"locals": [{"l": 1}]}]'
    found = body(text)
    assert labels(found) == [
        ("resource", ("t", "a")),
        ("resource", ("t", "a")),
        ("resource", ("t", "b")),
        ("resource", ("t", "c")),
        ("locals", ()),
    ]
    assert [text[block.start : block.end] for block in found.blocks[:2]] == ['{"x": 1}', '{"x": 2}']


def test_a_comment_key_is_no_argument_and_no_label() -> None:
    found = body('{"//": "c", "resource": {"//": "c", "t": {"//": {}, "a": {"//": "${", "b": {"//": 1}}}}}')
    assert labels(found) == [("resource", ("t", "a"))]
    assert list(found.blocks[0].body.attributes) == ["b"]
    inner = found.blocks[0].body.attributes["b"].expression
    assert isinstance(inner, ObjectExpression)
    assert len(inner.items) == 1


def test_strings_are_templates_and_keys_too() -> None:
    text = '{"locals": {"a": {"${var.k}": "x-${var.v}"}, "b": "$${c}"}}'
    found = only(text, "a")
    assert isinstance(found, ObjectExpression)
    (item,) = found.items
    assert isinstance(item.key, Template)
    assert item.key.parts == (Attribute(Name("var", 21, 24), "k", 21, 26),)
    assert isinstance(item.value, Template)
    assert (item.value.parts[0], item.value.offsets) == ("x-", (31, 35))
    escaped = only(text, "b")
    assert isinstance(escaped, Template)
    assert escaped.parts == ("${c}",)


def test_a_template_keeps_the_bounds_of_its_string() -> None:
    source, found = local('"${var.a}"')
    assert source.text[found.start : found.end] == '"${var.a}"'


def test_offsets_go_through_the_escapes_of_json() -> None:
    source, found = local(r'"\u00e9 ${jsonencode({ \"A\" = var.b })} \"c\\d\""')
    assert isinstance(found, Template)
    before, call, after = found.parts
    assert before == "é "
    assert isinstance(call, FunctionCall)
    assert source.text[call.start : call.end] == r"jsonencode({ \"A\" = var.b })"
    (argument,) = call.arguments
    assert isinstance(argument, ObjectExpression)
    key, value = argument.items[0].key, argument.items[0].value
    assert source.text[key.start : key.end] == r"\"A\""
    assert source.text[value.start : value.end] == "var.b"
    assert after == ' "c\\d"'
    assert [source.text[found.locate(2, index)] for index in range(len(after))] == list(" \\c\\d\\")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
        (r'"\u00e9\ud83d\ude00"', "é😀"),
        (r'"\ud800x"', "\ufffdx"),
        (r'"\udc00\ud800"', "\ufffd\ufffd"),
        ('"é😀\u007f"', "é😀\u007f"),
    ],
)
def test_escapes(text: str, value: str) -> None:
    _, found = local(text)
    assert isinstance(found, Template)
    assert found.parts == (value,)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-2", -2), ("1.0", 1), ("1e2", 100), ("true", True), ("false", False), ("null", None)],
)
def test_scalars(text: str, value: object) -> None:
    _, found = local(text)
    assert isinstance(found, Literal)
    assert found.value == value
    assert type(found.value) is type(value)


def test_negative_zero_stays_negative() -> None:
    _, found = local("-0")
    assert isinstance(found, Unary)


def test_nested_blocks_that_terraform_itself_defines_are_blocks() -> None:
    text = """{"resource": {"t": {"a": {
        "lifecycle": {"ignore_changes": ["x"], "precondition": [{"condition": true}, {"condition": false}]},
        "provisioner": [{"local-exec": {"command": "x"}}],
        "dynamic": {"ingress": {"for_each": "${var.x}", "content": {"port": 1}}},
        "ingress": [{"port": 2}]
    }}}, "terraform": {"required_providers": {"aws": {}}, "backend": {"s3": {"bucket": "b"}}}}"""
    resource, terraform = body(text).blocks
    assert labels(resource.body) == [("lifecycle", ()), ("provisioner", ("local-exec",)), ("dynamic", ("ingress",))]
    assert labels(resource.body.blocks[0].body) == [("precondition", ()), ("precondition", ())]
    assert list(resource.body.blocks[2].body.attributes) == ["for_each"]
    assert labels(resource.body.blocks[2].body) == [("content", ())]
    assert list(resource.body.attributes) == ["ingress"]
    assert labels(terraform.body) == [("required_providers", ()), ("backend", ("s3",))]


def test_a_property_can_be_seen_as_blocks() -> None:
    arguments = '{"in": [{"port": 1}, {"port": 2, "dynamic": {"x": {}}}], "one": {"b": 1}, "s": "x"}'
    text = f'{{"resource": {{"t": {{"a": {arguments}}}}}}}'
    source = Source("main.tf.json", text)
    (resource,) = parse_json_file(source).blocks
    attributes = resource.body.attributes

    def view(name: str) -> tuple[Block, ...]:
        return block_view(source, name, attributes[name].expression)

    assert next(text[block.start : block.end] for block in view("in")) == '{"port": 1}'
    assert [list(block.body.attributes) for block in view("in")] == [["port"], ["port", "dynamic"]]
    assert [block.type for block in view("one")] == ["one"]
    assert view("s") == ()


def test_defaults_and_descriptions_are_plain_text() -> None:
    text = (
        '{"variable": {"v": {"default": {"${k}": "${x"}, "description": "${"}}, "output": {"o": {"description": "%{"}}}'
    )
    found = body(text)
    assert [block.body.problems for block in found.blocks] == [(), ()]
    default = found.blocks[0].body.attributes["default"].expression
    assert isinstance(default, ObjectExpression)
    (item,) = default.items
    assert isinstance(item.key, Template)
    assert isinstance(item.value, Template)
    assert (item.key.parts, item.value.parts) == (("${k}",), ("${x",))


def test_values_files_hold_no_templates() -> None:
    found = parse_json_variables(Source("a.tfvars.json", '{"a": "${b}", "c": ["%{"], "resource": {"x": 1}}'))
    assert found.problems == ()
    assert list(found.attributes) == ["a", "c", "resource"]
    first = found.attributes["a"].expression
    assert isinstance(first, Template)
    assert first.parts == ("${b}",)


def test_any_expression_has_a_literal_view() -> None:
    source, found = local(r'["${a}", {"%%{b}": "\"$${c}"}, 1]')
    view = literal_view(source, found)
    assert isinstance(view, TupleExpression)
    first, second, third = view.items
    assert isinstance(first, Template)
    assert first.parts == ("${a}",)
    assert isinstance(second, ObjectExpression)
    value = second.items[0].value
    assert isinstance(value, Template)
    assert value.parts == ('"$${c}',)
    assert isinstance(third, Literal)


def test_a_string_can_be_seen_as_native_syntax() -> None:
    source, found = local(r'"a.b == \"c\""')
    view = native_view(source, found)
    assert isinstance(view, Binary)
    assert source.text[view.start : view.end] == r"a.b == \"c\""
    assert source.text[view.right.start : view.right.end] == r"\"c\""
    problem = native_view(*local(r'"\n a b"'))
    assert isinstance(problem, Problem)
    assert problem.message == "expected nothing after the expression, found a name"
    assert native_view(*local("[1]")) == local("[1]")[1]


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("", "expected a value, found the end", ""),
        ("{", "expected a key in double quotes, found the end", ""),
        ('{"a": 1,}', "expected a key in double quotes, found '}'", "}"),
        ('{"a" 1}', "expected ':' after a key, found something else", "1"),
        ('{"a": 1 "b": 2}', "expected ',' or '}', found something else", '"b"'),
        ('{"a": [1, 2}', "expected ',' or ']', found '}'", "}"),
        ('{"a": [1,]}', "expected a value, found ']'", "]"),
        ("{} {}", "expected nothing after the value, found '{'", "{"),
        ('{"a": 01}', "expected a value, found something else", "0"),
        ('{"a": NaN}', "expected a value, found something else", "N"),
        ('{"a": truex}', "expected a value, found something else", "t"),
        ('{"a": "b\n"}', "the string is never closed, or holds a line end or an unknown escape", '"'),
        ('{"a": "\\x"}', "the string is never closed, or holds a line end or an unknown escape", '"'),
        ('{"a": "b', "the string is never closed, or holds a line end or an unknown escape", '"'),
        ("// c\n{}", 'JSON has no comments: Terraform reads the key "//" as one', "/"),
        ("{a: 1}", "expected a key in double quotes, found something else", "a"),
        ("1", "expected an object with arguments and blocks", "1"),
        ('{"resource": "x"}', "expected an object with labels as keys", '"x"'),
        ('{"resource": {"t": [1]}}', "expected an object with labels as keys", "1"),
        ('{"resource": {"t": {"a": 1}}}', "expected an object with arguments and blocks", "1"),
        ('{"locals": {"a": 1, "a": 2}}', "the same argument is set twice", '"a"'),
        ('{"locals": {"a": "x ${b c} y"}}', "expected '}' to end the template sequence, found a name", "c"),
        (r'{"locals": {"a": "\n\n ${b c} y"}}', "expected '}' to end the template sequence, found a name", "c"),
        ("[" * 201, "nested deeper than the limit of 200", "["),
    ],
)
def test_problems(text: str, message: str, at: str) -> None:
    assert problems(text) == [(message, at)]


def test_null_blocks_are_none() -> None:
    assert body('{"locals": null, "resource": {"t": {"a": null}}, "module": null}').blocks == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["${a}", "%{ if", "$${", '"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=JSON, indent=st.sampled_from([None, 2]), escaped=st.booleans())
def test_every_json_text_is_read_as_the_standard_library_reads_it(
    *, value: object, indent: int | None, escaped: bool
) -> None:
    text = json.dumps({"a": value}, indent=indent, ensure_ascii=escaped)
    found = parse_json_variables(Source("a.tfvars.json", text))
    assert found.problems == ()
    assert plain(found.attributes["a"].expression) == value
    assert all(
        json.loads(text[node.start : node.end]) == plain(node) for node in nodes(found.attributes["a"].expression)
    )
    parse_json_file(Source("a.tf.json", text))


def plain(node: Expression) -> object:
    match node:
        case Template():
            return node.parts[0]
        case TupleExpression():
            return [plain(item) for item in node.items]
        case ObjectExpression():
            return {str(plain(item.key)): plain(item.value) for item in node.items}
        case Literal():
            return node.value
    raise AssertionError(node)


def nodes(node: Expression) -> Iterator[Expression]:
    yield node
    if isinstance(node, TupleExpression):
        for item in node.items:
            yield from nodes(item)
    if isinstance(node, ObjectExpression):
        for entry in node.items:
            yield from nodes(entry.key)
            yield from nodes(entry.value)


PIECES = st.lists(
    st.sampled_from(
        [*'{}[]:,"\\ 1-.e\n/', '"a"', '"resource"', '"locals"', '"${', '}"', "null", "true", "\\u00e9", "\\ud800", "é"]
    ),
    max_size=30,
).map("".join)


@given(PIECES)
def test_any_text_is_parsed_or_refused_but_never_raises(text: str) -> None:
    found = parse_json_file(Source("a.tf.json", text))
    parse_json_variables(Source("a.tfvars.json", text))
    for block in found.blocks:
        assert 0 <= block.start <= block.end <= len(text)
        assert block.body is not None


def test_a_number_beyond_reason_is_read_and_not_known(tmp_path: Path) -> None:
    text = '{"resource": {"aws_x": {"x": {"a": %s, "b": -1e999999999, "c": "after"}}}}' % ("9" * 2000)
    found = resources(tmp_path, {"main.tf.json": text})["aws_x.x"]
    assert str(attribute(found, "a")).startswith("?a number beyond 10**1500")
    assert str(attribute(found, "b")).startswith("?")
    assert attribute(found, "c") == "after"
