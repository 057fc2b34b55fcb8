from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering import openapi, yaml_text
from agentreach.model import Broken, Encoded, Key, MapValue, Reference, Scalar, Source, Span, Text, Unknown

if TYPE_CHECKING:
    from agentreach.identity import Operation

YAML = """openapi: 3.0.0
paths:
  /orders/{id}:
    parameters: []
    get: {operationId: getOrder}
    delete:
      operationId: dropOrder
      x-requireConfirmation: ENABLED
  /search:
    post: {}
  /odd: null
"""


def written(text: str) -> Scalar:
    return Scalar(text, Span(Source("api.yaml", text), 0, len(text)))


def found(text: str, *, confirmable: bool = True) -> list[tuple[str, bool | None, bool | None, int]]:
    api = openapi.document(written(text))
    assert not isinstance(api, Unknown)
    operations: list[Operation] = list(openapi.operations(api, confirmable=confirmable))
    return [(one.name, one.mutating, one.confirmation, one.at.location.line) for one in operations]


def test_every_method_of_every_path_is_an_operation() -> None:
    assert found(YAML) == [
        ("getOrder", False, False, 5),
        ("dropOrder", True, True, 8),
        ("POST /search", True, False, 10),
    ]


def test_where_the_extension_does_not_count_nothing_is_confirmed() -> None:
    assert [confirmation for _, _, confirmation, _ in found(YAML, confirmable=False)] == [False, False, False]


def test_json_is_read_as_json() -> None:
    assert found('{"paths": {"/x": {"put": {"operationId": "setX", "x-requireConfirmation": "DISABLED"}}}}') == [
        ("setX", True, False, 1)
    ]


def test_a_document_without_paths_has_no_operations() -> None:
    assert found("openapi: 3.0.0\n") == []


def test_an_unknown_confirmation_is_carried() -> None:
    at = written("x").at
    hole = Unknown("variable 'c' has no value", at)
    body = MapValue({openapi.CONFIRMATION: hole}, at)
    api = MapValue({"paths": MapValue({"/x": MapValue({"post": body}, at)}, at)}, at)
    assert [one.confirmation for one in openapi.operations(api, confirmable=True)] == [None]


def test_what_is_not_a_document_says_why() -> None:
    at = written("x").at
    broken = openapi.document(written("a: [1"))
    assert isinstance(broken, Unknown)
    reference = openapi.document(Reference(Key(".", "aws_s3_object.api"), "content", at))
    assert isinstance(reference, Unknown)
    assert reference.reason == "aws_s3_object.api.content is only known after deployment"
    assert openapi.document(Encoded(MapValue({}, at), at)) == MapValue({}, at)


def test_a_text_with_holes_is_read_around_them() -> None:
    at = written("x").at
    api = openapi.document(Text(("paths:\n  /x:\n    get: {operationId: a", Unknown("u", at), "}\n"), at))
    assert [one.name for one in openapi.operations(api, confirmable=True)] == ["a"]


def test_an_empty_text_is_broken() -> None:
    assert isinstance(yaml_text.decode(written("")), Broken)
