"""Okta, Auth0 and Keycloak: how long the tokens of a client live, and whether refreshing one replaces it.

The same word counts differently: minutes at Okta, seconds at Auth0, seconds as text for a Keycloak client, a duration
for its realm. Sources: the providers' documentation of token lifetimes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Principal
from agentreach.lowering import durations
from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import DAY, HOUR, MINUTE, Unit
from agentreach.lowering.joined_text import known
from agentreach.lowering.written_lifetimes import NEVER, Written, credential, shortened, within
from agentreach.model import Key, Unknown, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

_ACCESS, _REFRESH = "access-token", "refresh-token"


def client(resource: Resource, context: Context) -> Iterator[Fact]:
    """An application with a secret of its own; whoever holds the secret acts as it."""
    scope = Scope(resource, resource.attributes)
    provider = resource.type.partition("_")[0]
    names = tuple(value for path in ("label", "name", "client_id") if (value := scope.get(path)) is not None)
    yield Principal(key=resource.key, kind="application", provider=provider, at=resource.at, names=names[:2])
    if _is_confidential(scope):
        yield Credential(
            key=resource.key,
            kind="client-secret",
            owner=resource.key,
            at=resource.at,
            never_expires=True,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            attribute="client_secret",
        )
    yield from _TOKENS[resource.type](scope, context)


def _is_confidential(scope: Scope) -> bool:
    """Browser and native applications keep no secret; neither does a public client or one that signs with a key."""
    kind = (scope.text("type") or scope.text("app_type") or scope.text("access_type") or "").lower()
    method = scope.text("token_endpoint_auth_method") or ""
    return kind not in {"browser", "native", "spa", "public", "bearer-only"} and method not in {
        "none",
        "private_key_jwt",
    }


def _okta(scope: Scope, _context: Context) -> Iterator[Credential]:
    """`STATIC` lets one refresh token be used again and again."""
    grants = [string(value) for value in scope.values("grant_types")]
    if scope.has("refresh_token_rotation") or "refresh_token" in grants:
        rotates = scope.text("refresh_token_rotation")
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#refresh"),
            kind=_REFRESH,
            owner=scope.resource.key,
            at=scope.at("refresh_token_rotation"),
            rotated=rotates == "ROTATE" if rotates or not scope.has("refresh_token_rotation") else None,
            renewable_without_human=True,
            thresholds=_REFRESH,
            attribute="refresh_token_rotation",
        )


def _auth0(scope: Scope, _context: Context) -> Iterator[Credential]:
    """A refresh token with an infinite lifetime has no end, whatever lifetime is written beside it."""
    block = scope.within("refresh_token")
    if block is None:
        return
    infinite = block.flag("infinite_token_lifetime")
    lifetime = durations.seconds(block.get("token_lifetime"), Unit.SECONDS)
    path = "infinite_token_lifetime" if infinite else "token_lifetime"
    longest = Credential(
        key=Key(scope.resource.key.root, f"{scope.resource.key.address}#refresh"),
        kind=_REFRESH,
        owner=scope.resource.key,
        at=block.at(path),
        ttl=None if infinite else lifetime,
        never_expires=bool(infinite),
        defaulted=not infinite and lifetime is None,
        rotated=(block.text("rotation_type") or "non-rotating") == "rotating",
        renewable_without_human=True,
        thresholds=_REFRESH,
        attribute=f"refresh_token.{path}",
    )
    yield longest
    idle = durations.seconds(block.get("idle_token_lifetime"), Unit.SECONDS)
    if idle is not None and block.flag("infinite_idle_token_lifetime") is not True:
        unused = Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#idle"),
            kind=_REFRESH,
            owner=scope.resource.key,
            at=block.at("idle_token_lifetime"),
            ttl=idle,
            thresholds=_REFRESH,
            note="unless it is used before",
            attribute="refresh_token.idle_token_lifetime",
        )
        yield within(unused, longest)


_KEYCLOAK = (
    Written(path="access_token_lifespan", kind=_ACCESS, thresholds=_ACCESS, suffix="access"),
    Written(
        path="client_session_max_lifespan",
        kind=_REFRESH,
        thresholds=_REFRESH,
        suffix="session",
        zero=None,
        renewable=True,
    ),
    Written(
        path="client_offline_session_max_lifespan",
        kind=_REFRESH,
        thresholds=_REFRESH,
        suffix="offline",
        zero=None,
        renewable=True,
    ),
)


def _keycloak(scope: Scope, context: Context) -> Iterator[Credential]:
    """Its own lifespans, else those of its realm; none outlives the session that the realm ends."""
    declared = context.lookup(scope.get("realm_id"))
    realm_scope = None if declared is None else Scope(declared, declared.attributes)
    owner = scope.resource.key
    session = None if realm_scope is None else credential(realm_scope, _SESSION, owner)
    access = credential(scope, _KEYCLOAK[0], owner)
    if access is None and realm_scope is not None:
        access = credential(realm_scope, _REALM[0], owner)
    for found in (access, credential(scope, _KEYCLOAK[1], owner)):
        if found is not None:
            yield shortened(found, session)
    offline = credential(scope, _KEYCLOAK[2], owner)
    if offline is not None:
        longest = None if realm_scope is None else _offline(realm_scope)
        yield offline if longest is None else _as_long(offline, longest)


def _as_long(own: Credential, realms: Credential) -> Credential:
    """A client's limit of offline sessions counts only where its realm limits them too."""
    if realms.never_expires and not realms.defaulted:
        return replace(own, ttl=None, never_expires=True, note=realms.note)
    return shortened(own, realms)


_TOKENS = {"okta_app_oauth": _okta, "auth0_client": _auth0, "keycloak_openid_client": _keycloak}


def client_credentials(resource: Resource, context: Context) -> Iterator[Fact]:
    """Keys by which a client proves itself: they stay valid unless an end is written."""
    scope = Scope(resource, resource.attributes)
    declared = context.lookup(scope.get("client_id"))
    for number, block in enumerate(scope.each("private_key_jwt.credentials")):
        lifetime = durations.seconds(block.get("expires_at"), Unit.DATE)
        yield Credential(
            key=resource.key if number == 0 else Key(resource.key.root, f"{resource.key.address}#{number}"),
            kind="certificate",
            owner=resource.key if declared is None else declared.key,
            at=block.at("expires_at"),
            ttl=lifetime,
            never_expires=lifetime is None,
            defaulted=lifetime is None,
            rotated=False,
            stored_in="Auth0",
            thresholds="app-secret",
            attribute="private_key_jwt.credentials.expires_at",
        )
    secret = scope.get("client_secret")
    if secret is not None:
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#client_secret"),
            kind="client-secret",
            owner=resource.key if declared is None else declared.key,
            at=scope.at("client_secret"),
            never_expires=True,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            attribute="client_secret",
        )


def resource_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """An API: how long access tokens for it live, a day unless written. They belong to the clients granted it."""
    scope = Scope(resource, resource.attributes)
    written = Written(path="token_lifetime", kind=_ACCESS, thresholds=_ACCESS, unset=DAY, suffix="access")
    for number, owner in enumerate(_granted(scope, context) or (resource.key,)):
        found = credential(scope, written, owner, number=number)
        if found is not None:
            yield found


def _granted(scope: Scope, context: Context) -> tuple[Key, ...]:
    """Declared clients with a grant for the API, by reference or by its identifier."""
    identifier = known(scope.get("identifier"))
    found = []
    for grant in context.of_type("auth0_client_grant"):
        other = Scope(grant, grant.attributes)
        meant = context.lookup(other.get("audience")) is scope.resource or (
            identifier and known(other.get("audience")) == identifier
        )
        owner = context.lookup(other.get("client_id")) if meant else None
        if owner is not None:
            found.append(owner.key)
    return tuple(found)


_RULE = (
    Written(path="access_token_lifetime_minutes", kind=_ACCESS, thresholds=_ACCESS, unset=HOUR, suffix="access"),
    Written(
        path="refresh_token_lifetime_minutes",
        kind=_REFRESH,
        thresholds=_REFRESH,
        unset=NEVER,
        zero=NEVER,
        suffix="refresh",
        renewable=True,
    ),
    Written(
        path="refresh_token_window_minutes",
        kind=_REFRESH,
        thresholds=_REFRESH,
        unset=10_080 * MINUTE,
        suffix="window",
        note="unless it is used before",
    ),
)


def policy_rule(resource: Resource, context: Context) -> Iterator[Fact]:
    """How long the tokens live that an authorization server issues to the clients of a policy."""
    scope = Scope(resource, resource.attributes)
    grants = [string(value) for value in scope.values("grant_type_whitelist")]
    refreshes = not grants or any(one != "client_credentials" for one in grants)
    for number, owner in enumerate(_clients(scope, context) or (resource.key,)):
        longest = credential(scope, _RULE[1], owner, number=number)
        for written in _RULE if refreshes else _RULE[:1]:
            found = credential(scope, written, owner, number=number)
            if found is not None:
                yield within(found, longest) if written is _RULE[-1] else found


def _clients(scope: Scope, context: Context) -> tuple[Key, ...]:
    policy = context.lookup(scope.get("policy_id"))
    if policy is None:
        return ()
    listed = Scope(policy, policy.attributes).values("client_whitelist")
    return tuple(found.key for value in listed if (found := context.lookup(value)) is not None)


_SESSION = Written(path="sso_session_max_lifespan", kind=_REFRESH, thresholds=_REFRESH, suffix="session")
_REALM = (
    Written(path="access_token_lifespan", kind=_ACCESS, thresholds=_ACCESS, unset=5 * MINUTE, suffix="access"),
    Written(
        path="offline_session_max_lifespan",
        kind=_REFRESH,
        thresholds=_REFRESH,
        unset=NEVER,
        suffix="offline",
        renewable=True,
    ),
)


def realm(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A realm: how long its access tokens live, and its offline sessions."""
    scope = Scope(resource, resource.attributes)
    access, session = (credential(scope, one, resource.key) for one in (_REALM[0], _SESSION))
    if access is not None:
        yield shortened(access, session)
    offline = _offline(scope)
    if offline is not None:
        yield offline


_BOUNDED = "offline_session_max_lifespan_enabled"


def _offline(scope: Scope) -> Credential | None:
    """Offline sessions have no end unless their longest life is switched on; what is written beside it says nothing."""
    found = credential(scope, _REALM[1], scope.resource.key)
    if found is None or scope.flag(_BOUNDED) is True or found.defaulted:
        return found
    if scope.has(_BOUNDED) and scope.flag(_BOUNDED) is None:
        return replace(found, ttl=Unknown("whether the longest life is switched on is known at deploy time", found.at))
    at = scope.at(_BOUNDED) if scope.has(_BOUNDED) else found.at
    note = "the longest life of offline sessions is written, but not switched on"
    return replace(found, ttl=None, never_expires=True, at=at, attribute=_BOUNDED, note=note)


def nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """Read where it is used."""
    return iter(())
