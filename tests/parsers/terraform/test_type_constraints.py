"""Type expressions of variables, and the defaults that they hold."""

from __future__ import annotations

import pytest

from agentreach.model import Source
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.given_values import ConstantScope
from agentreach.parsers.terraform.syntax import Expression, Problem
from agentreach.parsers.terraform.type_constraints import Constraint, constraint
from agentreach.parsers.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from agentreach.parsers.terraform.values import Encoded, String, Value
from agentreach.parsers.terraform.written import as_text


class NoFiles:
    def read(self, path: str) -> bytes:
        raise AssertionError(path)

    def source(self, path: str) -> Source:
        raise AssertionError(path)

    def below(self, directory: str) -> tuple[str, ...]:
        raise AssertionError(directory)


def parse(text: str) -> tuple[Source, Expression]:
    source = Source("x", text)
    expression = hcl.parse_expression(source)
    assert not isinstance(expression, Problem)
    return source, expression


def read(text: str) -> Constraint:
    source, expression = parse(text)
    return constraint(expression, lambda inner: evaluate(inner, ConstantScope(source, NoFiles())))


def value(text: str) -> Value:
    source, expression = parse(text)
    return evaluate(expression, ConstantScope(source, NoFiles()))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("string", STRING),
        ("number", NUMBER),
        ("bool", BOOL),
        ("any", DYNAMIC),
        ("(string)", STRING),
        ('"string"', STRING),
        ('"list"', ListType(DYNAMIC)),
        ("list", ListType(DYNAMIC)),
        ("map", MapType(DYNAMIC)),
        ("list(string)", ListType(STRING)),
        ("set(number)", SetType(NUMBER)),
        ("map(list(bool))", MapType(ListType(BOOL))),
        ("tuple([string, number])", TupleType((STRING, NUMBER))),
        ("object({})", ObjectType({})),
        ("object({ a = string, b = optional(number) })", ObjectType({"a": STRING, "b": NUMBER}, frozenset({"b"}))),
        ("nonsense", DYNAMIC),
        ("list(nonsense)", ListType(DYNAMIC)),
        ("tuple(string)", DYNAMIC),
        ("object([])", DYNAMIC),
        ("1 + 1", DYNAMIC),
    ],
)
def test_a_type_expression_means_a_type(text: str, type_: Type) -> None:
    assert read(text).type == type_


@pytest.mark.parametrize(
    ("text", "literal"), [("string", True), ("bool", True), ("any", False), ("list(string)", False)]
)
def test_text_of_the_command_line_is_literal_for_primitives_only(text: str, literal: bool) -> None:  # noqa: FBT001
    assert read(text).literal is literal


def test_types_nest_only_so_deep() -> None:
    depth = 100
    found = read("list(" * depth + "string" + ")" * depth).type
    for _ in range(64):
        assert isinstance(found, ListType)
        found = found.element
    assert found == DYNAMIC


@pytest.mark.parametrize(
    ("type_", "given", "filled"),
    [
        ("object({ a = optional(string, 1) })", "{}", '{"a":"1"}'),
        ("object({ a = optional(string, 1) })", "{ a = null }", '{"a":"1"}'),
        ("object({ a = optional(string, 1) })", "null", "null"),
        ("list(object({ a = optional(bool, true) }))", "[{}, { a = false }]", '[{"a":true},{"a":false}]'),
        ("set(object({ a = optional(bool, true) }))", "[{}]", '[{"a":true}]'),
        ("map(object({ a = optional(bool, true) }))", "{ k = {} }", '{"k":{"a":true}}'),
        ("tuple([string, object({ a = optional(number, 2) })])", '["x", {}]', '["x",{"a":2}]'),
        ("object({ o = optional(object({ a = optional(number, 2) }), {}) })", "{}", '{"o":{"a":2}}'),
        ("object({ o = object({ a = optional(number, 2) }) })", "{ o = null }", '{"o":null}'),
    ],
)
def test_defaults_fill_what_is_missing_or_null(type_: str, given: str, filled: str) -> None:
    defaults = read(type_).defaults
    assert defaults is not None
    found = defaults.apply(value(given))
    text = as_text(Encoded(found, found.at))
    assert isinstance(text, String)
    assert text.text == filled
