"""What a workload is given in its environment: secrets by value or reference, signs of a model, things of agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, SecretUse
from agentreach.lowering import secrets
from agentreach.lowering.aws.agent_signs import of_environment
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import fold
from agentreach.model import Format, MapValue, Reference, Scalar, Text, Unknown, alternatives, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Span, Value

LINKS = {
    "AWS::BedrockAgentCore::Memory": "uses-memory",
    "AWS::BedrockAgentCore::Gateway": "uses-gateway",
    "AWS::BedrockAgentCore::BrowserCustom": "uses-tool",
    "AWS::BedrockAgentCore::CodeInterpreterCustom": "uses-tool",
    "AWS::BedrockAgentCore::Runtime": "invokes",
    "AWS::BedrockAgentCore::ApiKeyCredentialProvider": "uses-credential-provider",
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": "uses-credential-provider",
    "AWS::Cognito::UserPoolClient": "uses-credential-provider",
    "AWS::Bedrock::Agent": "invokes",
    "AWS::Bedrock::AgentAlias": "invokes",
    "AWS::Bedrock::KnowledgeBase": "uses-knowledge-base",
    "AWS::Bedrock::Guardrail": "uses-guardrail",
}
"""What it means when the environment of a workload names one of these."""

_SECRET_ATTRIBUTES = frozenset(
    {
        "apikey",
        "clientsecret",
        "key",
        "masterpassword",
        "password",
        "plaintext",
        "privatekey",
        "privatekeypem",
        "result",
        "secret",
        "secretaccesskey",
        "secretbinary",
        "secretstring",
        "servicepassword",
        "sessmtppasswordv4",
        "token",
        "value",
    }
)
"""Attributes of resources and data sources that hold a secret value; `result` is a random password's."""


class Variable(NamedTuple):
    """One environment variable."""

    name: str
    value: Value
    at: Span


def of_map(scope: Scope, path: str) -> Iterator[Variable]:
    """Variables written as a map."""
    value = scope.get(path)
    for branch in alternatives(value) if value is not None else ():
        if isinstance(branch, MapValue):
            for name, entry in branch.entries.items():
                yield Variable(name, entry, _beside(branch, name))


def of_pairs(scope: Scope, path: str) -> Iterator[Variable]:
    """Variables written as a list of `Name` and `Value`."""
    for pair in scope.each(path):
        name, value = pair.text("Name"), pair.get("Value")
        if name is not None and value is not None:
            yield Variable(name, value, pair.at("Value"))


def _beside(body: MapValue, name: str) -> Span:
    key, value = body.keys.get(name), body.entries[name].at
    if key is None:
        return value
    return key._replace(end=max(key.end, value.end)) if value.source is key.source else key


def facts(subject: Key, variables: Iterator[Variable], scope: Scope, context: Context) -> Iterator[Fact]:
    """What the variables of a workload say and hold."""
    for variable in variables:
        yield from of_environment(subject, variable.name, variable.at)
        for value in alternatives(variable.value):
            yield from _secret(subject, variable, value, scope)
            yield from _link(subject, variable, value, context)


def _secret(subject: Key, variable: Variable, value: Value, scope: Scope) -> Iterator[Fact]:
    text = string(value)
    if text is not None and "{{resolve:" not in text:
        found = secrets.detect(variable.name, text)
        if found is not None:
            yield SecretUse(
                subject=subject,
                secret=Scalar(found.kind, value.at),
                variable=variable.name,
                at=variable.at,
                literal=True,
                placeholder=found.placeholder,
            )
        return
    named = _named_secret(variable.name, value, scope)
    if named is not None:
        yield SecretUse(subject=subject, secret=named, variable=variable.name, at=variable.at)


def _named_secret(name: str, value: Value, scope: Scope) -> Value | None:
    """The secret whose value a variable will hold; None when it holds a name, an ARN or nothing secret."""
    if scope.resource.format is Format.CLOUDFORMATION:
        dynamic = _dynamic(value)
        if dynamic is not None:
            return dynamic
    reference = reference_of(value)
    if reference is not None:
        return reference if _holds_a_value(name, reference) else None
    hidden = isinstance(value, Unknown | Text) and not _is_arn(value)
    return value if hidden and secrets.is_secret_name(name) else None


def _dynamic(value: Value) -> Value | None:
    from agentreach.parsers.cloudformation.dynamic_references import dynamic_reference  # noqa: PLC0415 - CloudFormation

    found = dynamic_reference(value)
    if found is None or found.service == "ssm":
        return None
    return Scalar(found.name, found.at) if found.name else (_first_reference(value) or value)


def _first_reference(value: Value) -> Reference | None:
    return next((part for part in text_parts(value) if isinstance(part, Reference)), None)


def _holds_a_value(name: str, reference: Reference) -> bool:
    attribute = fold(reference.attribute.rpartition(".")[2])
    if attribute not in _SECRET_ATTRIBUTES:
        return False
    ambiguous = attribute in {"value", "key", "result", "plaintext"}
    return not ambiguous or secrets.is_secret_name(name) or reference.key.address.startswith("random_password")


def _is_arn(value: Value) -> bool:
    first = next(iter(text_parts(value)), None)
    return isinstance(first, str) and first.startswith(("arn:", "https://", "http://", "/"))


def _link(subject: Key, variable: Variable, value: Value, context: Context) -> Iterator[Fact]:
    resource = context.lookup(value) or context.lookup(_first_reference(value))
    relation = None if resource is None else LINKS.get(canonical(resource.type))
    if resource is not None and relation is not None and resource.key != subject:
        reference = reference_of(value) or _first_reference(value)
        yield AgentLink(agent=subject, other=reference or value, relation=relation, at=variable.at)
