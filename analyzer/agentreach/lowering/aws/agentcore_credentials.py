"""AgentCore workload identities and the credentials its token vault keeps for agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, SecretUse, Setting
from agentreach.lowering import secrets
from agentreach.lowering.aws.pieces import principal
from agentreach.lowering.aws.secret_stores import rotation
from agentreach.lowering.declaration import fold
from agentreach.model import Format, Key, ListValue, MapValue, OneOf, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Span, Value

_DEPTH = 8
_IN_STATE = frozenset({"clientsecret", "apikey", "apikeysecret", "walletsecret", "authorizationprivatekey"})


def workload_identity(scope: Scope, context: Context) -> Iterator[Fact]:
    """An identity in AgentCore's own directory."""
    yield principal(scope, context, "workload-identity")


def api_key_provider(scope: Scope, context: Context) -> Iterator[Fact]:
    """An API key in the token vault; no attribute lets it expire."""
    yield from _provider(scope, context, "api-key", "ApiKeySecretConfig.SecretId")


def oauth_provider(scope: Scope, context: Context) -> Iterator[Fact]:
    """A client of an OAuth server, with its secret in the token vault."""
    path = "Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.ClientSecretConfig.SecretId"
    yield from _provider(scope, context, "oauth", path)


def payment_provider(scope: Scope, context: Context) -> Iterator[Fact]:
    """Keys that pay."""
    yield from _provider(scope, context, "api-key", "SecretId")
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.SPENDS_MONEY,
        state=True,
        at=scope.resource.at,
        note="payments cannot be taken back",
    )


def _provider(scope: Scope, context: Context, kind: str, reference: str) -> Iterator[Fact]:
    key = scope.resource.key
    kept = scope.get(reference)
    rotated = kept is not None and _rotates(kept, context)
    written = tuple(_secrets(scope.body, _DEPTH))
    terraform = scope.resource.format is Format.TERRAFORM
    yield Credential(
        key=key,
        kind=kind,
        owner=key,
        at=scope.resource.at,
        never_expires=True,
        rotated=rotated,
        stored_in="token vault and state" if terraform and written else "token vault",
        thresholds="static-secret",
        attribute="expiry",
    )
    if kept is not None:
        yield SecretUse(
            subject=key,
            secret=kept,
            variable="value of the credential provider",
            at=scope.at(reference),
            via="credential-provider",
        )
    for name, value, at in written:
        yield from _literal(scope, name, value, at)


def _rotates(secret: Value, context: Context) -> bool:
    resource = context.lookup(secret)
    return resource is not None and rotation(resource, context) is not None


def _secrets(value: Value, depth: int) -> Iterator[tuple[str, Value, Span]]:
    """Every attribute that holds a secret value, in whichever vendor's block; write-only ones stay out of state."""
    if isinstance(value, MapValue):
        for name, entry in value.entries.items():
            if fold(name) in _IN_STATE and not isinstance(entry, MapValue | ListValue):
                yield name, entry, value.keys.get(name, entry.at)
            elif depth:
                yield from _secrets(entry, depth - 1)
    elif isinstance(value, ListValue | OneOf):
        for item in value.items if isinstance(value, ListValue) else value.alternatives:
            yield from _secrets(item, depth - 1) if depth else ()


def _literal(scope: Scope, name: str, value: Value, at: Span) -> Iterator[Fact]:
    text = string(value)
    found = None if text is None else secrets.detect("secret", text)
    if found is not None:
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{name}"),
            kind="secret",
            owner=scope.resource.key,
            at=at,
            never_expires=True,
            rotated=False,
            stored_in="file",
            thresholds="static-secret",
            literal=True,
            placeholder=found.placeholder,
            note=found.kind,
            attribute=name,
        )


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """The key of the token vault encrypts, and is nobody's."""
    return iter(())


LOWERINGS = {
    "AWS::BedrockAgentCore::WorkloadIdentity": workload_identity,
    "AWS::BedrockAgentCore::ApiKeyCredentialProvider": api_key_provider,
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": oauth_provider,
    "AWS::BedrockAgentCore::PaymentCredentialProvider": payment_provider,
    "aws_bedrockagentcore_token_vault_cmk": nothing,
}
