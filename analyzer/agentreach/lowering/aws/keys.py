"""Keys, tokens and sessions that exist as declarations of their own, with how long they live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential
from agentreach.lowering import durations
from agentreach.lowering.arns import outside
from agentreach.lowering.aws.pieces import seconds_at, subject_of
from agentreach.lowering.aws.systems import literal
from agentreach.lowering.durations import DAY, Unit
from agentreach.model import Format, Key, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Unknown, Value

_USER = "AWS::IAM::User"


def access_key(scope: Scope, context: Context) -> Iterator[Fact]:
    """A user's access key: it never expires, and Terraform keeps its secret in the state."""
    if scope.text("Status") == "Inactive":
        return
    in_state = scope.resource.format is Format.TERRAFORM and not scope.has("pgp_key")
    for user in scope.values("UserName"):
        yield Credential(
            key=scope.resource.key,
            kind="access-key",
            owner=subject_of(scope, user, context, _USER),
            at=scope.resource.at,
            never_expires=True,
            rotated=False,
            renewable_without_human=False,
            stored_in="state" if in_state else "",
            thresholds="static-secret",
            attribute="expiry",
        )


def service_specific(scope: Scope, context: Context) -> Iterator[Fact]:
    """A password or key for one service. Those for Bedrock are API keys that may be given an age."""
    bedrock = (scope.text("ServiceName") or "").startswith("bedrock")
    lifetime = durations.seconds(scope.get("CredentialAgeDays"), Unit.DAYS)
    for user in scope.values("UserName"):
        yield Credential(
            key=scope.resource.key,
            kind="bedrock-api-key" if bedrock else "password",
            owner=subject_of(scope, user, context, _USER),
            at=scope.at("CredentialAgeDays"),
            ttl=lifetime,
            never_expires=lifetime is None,
            defaulted=lifetime is None,
            rotated=False,
            stored_in="state" if scope.resource.format is Format.TERRAFORM else "",
            thresholds="bedrock-api-key" if bedrock else "static-secret",
            attribute=scope.written("CredentialAgeDays"),
        )


def roles_anywhere(scope: Scope, context: Context) -> Iterator[Fact]:
    """Sessions of the roles that a certificate may be exchanged for."""
    lifetime = seconds_at(scope, "DurationSeconds", Unit.SECONDS, 3_600.0)
    for index, role in enumerate(scope.values("RoleArns")):
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{index}"),
            kind="role-session",
            owner=outside(role, context),
            at=scope.at("DurationSeconds"),
            ttl=lifetime.ttl,
            defaulted=lifetime.defaulted,
            renewable_without_human=True,
            thresholds="role-session",
            note="session by certificate (Roles Anywhere)",
            attribute=scope.written("DurationSeconds"),
        )


_UNITS = {"seconds": Unit.SECONDS, "minutes": Unit.MINUTES, "hours": Unit.HOURS, "days": Unit.DAYS}


def user_pool_client(scope: Scope, _context: Context) -> Iterator[Fact]:
    """A Cognito client: access tokens count in hours and refresh tokens in days unless units say otherwise."""
    yield _token(scope, "AccessToken", Unit.HOURS, 3_600.0)
    if _refreshes(scope):
        yield _token(scope, "RefreshToken", Unit.DAYS, 30 * DAY)
    if scope.flag("GenerateSecret"):
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#client_secret"),
            kind="client-secret",
            owner=scope.resource.key,
            at=scope.at("GenerateSecret"),
            never_expires=True,
            rotated=False,
            stored_in="state" if scope.resource.format is Format.TERRAFORM else "",
            thresholds="static-secret",
            attribute=scope.written("GenerateSecret"),
        )


def _refreshes(scope: Scope) -> bool:
    """A client that only has the client credentials flow never gets a refresh token."""
    flows = [string(flow) for flow in scope.values("AllowedOAuthFlows")]
    return flows != ["client_credentials"]


def _token(scope: Scope, name: str, unit: Unit, default: float) -> Credential:
    path = f"{name}Validity"
    lifetime = durations.seconds(scope.get(path), _unit(scope, name, unit))
    absent = lifetime is None or lifetime == 0
    refresh = name == "RefreshToken"
    return Credential(
        key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{scope.written(path)}"),
        kind="refresh-token" if refresh else "access-token",
        owner=scope.resource.key,
        at=scope.at(path),
        ttl=default if absent else lifetime,
        defaulted=absent,
        rotated=_rotates(scope) if refresh else None,
        renewable_without_human=True if refresh else None,
        thresholds="refresh-token" if refresh else "access-token",
        attribute=scope.written(path),
    )


def _unit(scope: Scope, name: str, default: Unit) -> Unit:
    written = scope.text(f"TokenValidityUnits.{name}")
    return _UNITS.get(written or "", default)


def _rotates(scope: Scope) -> bool:
    return scope.text("RefreshTokenRotation.Feature") == "ENABLED"


def appsync_key(scope: Scope, _context: Context) -> Iterator[Fact]:
    """A GraphQL API key: seven days unless a date is written."""
    unit = Unit.EPOCH if scope.resource.format is Format.CLOUDFORMATION else Unit.DATE
    lifetime: Unknown | float | None = durations.seconds(scope.get("Expires"), unit)
    yield Credential(
        key=scope.resource.key,
        kind="api-key",
        owner=scope.get("ApiId") or scope.resource.key,
        at=scope.at("Expires"),
        ttl=7 * DAY if lifetime is None else lifetime,
        defaulted=lifetime is None,
        thresholds="static-secret",
        attribute=scope.written("Expires"),
    )


_CONNECTION_SECRETS = (
    "AuthParameters.ApiKeyAuthParameters.ApiKeyValue",
    "AuthParameters.BasicAuthParameters.Password",
    "AuthParameters.OAuthParameters.ClientParameters.ClientSecret",
)


def event_connection(scope: Scope, _context: Context) -> Iterator[Fact]:
    """What EventBridge authenticates with at an API destination."""
    for path in _CONNECTION_SECRETS:
        value: Value | None = scope.get(path)
        if value is None:
            continue
        yield Credential(
            key=scope.resource.key,
            kind="secret",
            owner=scope.resource.key,
            at=scope.at(path),
            rotated=False,
            stored_in="Secrets Manager",
            thresholds="static-secret",
            attribute=scope.written(path),
        )
        yield from literal(scope, path)


LOWERINGS = {
    "AWS::IAM::AccessKey": access_key,
    "AWS::IAM::ServiceSpecificCredential": service_specific,
    "AWS::RolesAnywhere::Profile": roles_anywhere,
    "AWS::Cognito::UserPoolClient": user_pool_client,
    "AWS::AppSync::ApiKey": appsync_key,
    "AWS::Events::Connection": event_connection,
}
