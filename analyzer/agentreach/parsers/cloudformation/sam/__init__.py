"""What SAM's transform makes of `AWS::Serverless::*`, as far as identities and permissions go.

Functions, state machines, APIs, tables and connectors become the resources that are deployed, under the
logical ids SAM gives them. Types whose transform grants nothing (`LayerVersion`, …) stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.cloudformation.sam import apis, connectors, functions, graphql, other_types, state_machines
from agentreach.parsers.cloudformation.sam.globals import PREFIX, merged
from agentreach.parsers.cloudformation.sam.writing import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Span, Value
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_GENERATORS: dict[str, Callable[[Scope, Entry], Iterator[Entry]]] = {
    "AWS::Serverless::Function": functions.resources,
    "AWS::Serverless::StateMachine": state_machines.resources,
    "AWS::Serverless::GraphQLApi": graphql.resources,
    "AWS::Serverless::Api": apis.rest,
    "AWS::Serverless::HttpApi": apis.http,
    "AWS::Serverless::SimpleTable": other_types.table,
    "AWS::Serverless::WebFunction": other_types.web_function,
    "AWS::Serverless::CapacityProvider": other_types.capacity_provider,
}
_IMPLICIT = ("ServerlessRestApi", "ServerlessHttpApi", "ServerlessDeploymentApplication", "CodeDeployServiceRole")


def transformed(scope: Scope, resources: dict[str, Entry]) -> dict[str, Entry]:
    """The resources with SAM's own replaced by what they become. A declared resource keeps its logical id."""
    if not scope.template.is_sam and not any(entry.type.startswith(PREFIX) for entry in resources.values()):
        return resources
    found: dict[str, Entry] = {}
    for name, entry in resources.items():
        generator = _GENERATORS.get(entry.type, _unchanged)
        for made in generator(scope, merged(scope, entry)):
            if made.name == name or made.name not in resources:
                found.setdefault(made.name, made)
    return _connected(scope, found)


def _unchanged(_scope: Scope, entry: Entry) -> Iterator[Entry]:
    yield entry


def _connected(scope: Scope, resources: dict[str, Entry]) -> dict[str, Entry]:
    """Connectors, once the roles they add to are known."""
    found = {name: entry for name, entry in resources.items() if entry.type != connectors.TYPE}
    for entry in resources.values():
        own = (entry,) if entry.type == connectors.TYPE else ()
        for connector in (*own, *connectors.embedded(entry)):
            for made in connectors.resources(scope, connector, resources):
                found.setdefault(made.name, made)
    return found


def negation(condition: str, at: Span) -> Value:
    """The raw opposite of a named condition."""
    return written({"Fn::Not": [{"Condition": condition}]}, at)


def generated_reference(scope: Scope, logical_id: str, attribute: str) -> tuple[str, str] | None:
    """Where a name that only SAM knows leads: logical id and attribute. None for any other name.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
    """
    if logical_id.startswith(_IMPLICIT) and scope.template.is_sam:
        return logical_id, attribute
    owner, dot, what = logical_id.partition(".")
    if not dot or owner not in scope.resources:
        return None
    if what == "Alias":
        alias = next((name for name in scope.resources if name.startswith(f"{owner}Alias")), None)
        return (alias, attribute) if alias is not None else (owner, what)
    return owner, what
