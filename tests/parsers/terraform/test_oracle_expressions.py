"""Evaluation is held to OpenTofu's answers: every function, the syntax, and what stays known next to unknown values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agentreach.parsers.terraform.comparison import may_be_equal
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.texts import parts_of
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import Encoded, OneOf, Partial, String, Unknown, Value, is_known
from agentreach.parsers.terraform.written import as_text, written_json
from parsers.terraform.oracle import cases, evaluated, type_json

if TYPE_CHECKING:
    from collections.abc import Iterator


def _identified(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases(*kinds)]


@pytest.mark.parametrize("case", _identified("a", "b"))
def test_value_and_type_are_those_of_opentofu(case: dict[str, Any]) -> None:
    value = evaluated(case["expression"], case["files"])
    if isinstance(value, Encoded):
        value = as_text(value)
    assert is_known(value), value
    assert "".join(map(str, written_json(value))) == case["json"]
    assert type_json(value) == case["type"]


@pytest.mark.parametrize("case", _identified("e"))
def test_what_is_known_next_to_unknown_values_is_known(case: dict[str, Any]) -> None:
    value = evaluated(case["expression"], case["files"])
    assert is_known(value) is not case["unknown"], value
    for query in case["string_queries"]:
        possible = any(_may_be(one, query["value"]) for one in _texts(value))
        assert possible is (query["expect"] != "denied"), (value, query)


def _texts(value: Value) -> Iterator[Value]:
    value = convert(value, STRING)
    if isinstance(value, OneOf):
        for one in value.alternatives:
            yield from _texts(one)
    else:
        yield as_text(value) if isinstance(value, Encoded) else value


def _may_be(value: Value, text: str) -> bool:
    if isinstance(value, Unknown):
        return True
    assert isinstance(value, String | Partial)
    return may_be_equal(parts_of(value), (text,))
