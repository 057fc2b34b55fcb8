"""`AWS::Serverless::Api` and `HttpApi`: the API itself, with its definition where that is in the template or local.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Unknown, Value, child, string
from agentreach.parsers.cloudformation import include
from agentreach.parsers.cloudformation.sam.writing import key_span, properties_of, replaced, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_Property = tuple[str, "Span", Value]


def rest(scope: Scope, entry: Entry) -> Iterator[Entry]:
    """The REST API under its own name; stages and deployments grant nothing."""
    yield _api(scope, entry, "AWS::ApiGateway::RestApi")


def http(scope: Scope, entry: Entry) -> Iterator[Entry]:
    """The HTTP API under its own name."""
    yield _api(scope, entry, "AWS::ApiGatewayV2::Api")


def _api(scope: Scope, entry: Entry, type_: str) -> Entry:
    properties = properties_of(entry)
    found = {name: (span, value) for name, span, value in _kept(scope, properties)}
    entries = {name: value for name, (_, value) in found.items()}
    keys = {name: span for name, (span, _) in found.items()}
    return replaced(entry, type_, MapValue(entries, properties.at, keys, open=properties.open))


def _kept(scope: Scope, properties: MapValue) -> Iterator[_Property]:
    for name in ("Name", "Description", "Tags"):
        if name in properties.entries:
            yield name, key_span(properties, name), properties.entries[name]
    yield from _definition(scope, properties)
    statements = child(child(properties.entries.get("Auth"), "ResourcePolicy"), "CustomStatements")
    if statements is not None:
        policy = written({"Version": "2012-10-17", "Statement": statements}, statements.at)
        yield "Policy", key_span(properties, "Auth"), policy


def _definition(scope: Scope, properties: MapValue) -> Iterator[_Property]:
    inline, uri = properties.entries.get("DefinitionBody"), properties.entries.get("DefinitionUri")
    if inline is not None:
        yield "Body", key_span(properties, "DefinitionBody"), inline
        return
    path = string(uri)
    if uri is None:
        return
    span = key_span(properties, "DefinitionUri")
    if path is not None and include.is_local(path):
        content = include.local_file(scope.project, scope.directory, path, uri.at)
        yield "BodyS3Location" if isinstance(content, Unknown) else "Body", span, content
    else:
        yield "BodyS3Location", span, uri
