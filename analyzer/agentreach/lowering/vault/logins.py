"""Roles by which something logs in to Vault: who that is, how long its token lives, what its policies allow.

A token lives as long as it is renewed, up to the longest that the role or the system allows (768 h). With a period it
is renewed without an end, whatever the longest is; only an explicit longest bounds it. Zero means no limit, for secret
ids no end. Source: "Tokens", "AppRole auth method", Vault documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Principal, RoleAssignment
from agentreach.lowering import durations
from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import HOUR, Unit
from agentreach.lowering.joined_text import joined
from agentreach.lowering.written_lifetimes import NEVER, Written, credential, within
from agentreach.model import Key, Reference, Unknown, elements, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

SYSTEM_LONGEST = 768 * HOUR
_KIND, _CLASS = "vault-token", "vault-token"
_EXPLICIT = ("token_explicit_max_ttl", "explicit_max_ttl")
_PERIOD = ("token_period", "period")
_LONGEST = "token_max_ttl"
_TTL = ("token_ttl", "ttl")
_POLICIES = ("token_policies", "policies", "allowed_policies")
_UNTOLD = frozenset({"default"})
"""The policy that every token has: it lets a token look at itself."""


def kubernetes(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Service accounts of a cluster log in; `*` is any of them."""
    scope = Scope(resource, resource.attributes)
    owners = tuple(_accounts(scope))
    for owner in owners:
        yield from _granted(scope, owner)
    yield from _each_tokens(scope, owners)


def _each_tokens(scope: Scope, owners: tuple[Value, ...]) -> Iterator[Credential]:
    """The tokens of each of those who may log in."""
    for number, owner in enumerate(owners or (scope.resource.key,)):
        for found in _tokens(scope, owner):
            key = found.key if number == 0 else Key(found.key.root, f"{found.key.address}-{number}")
            yield replace(found, key=key)


def _accounts(scope: Scope) -> Iterator[Value]:
    for namespace in elements(scope.get("bound_service_account_namespaces")):
        for name in elements(scope.get("bound_service_account_names")):
            if string(namespace) != "*":
                pieces = Unknown("any account of the namespace", name.at) if string(name) == "*" else name
                yield joined(name.at, namespace, ":", pieces)


def aws(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Roles and users of AWS log in by a signed request."""
    scope = Scope(resource, resource.attributes)
    owners = tuple(scope.values("bound_iam_principal_arns"))
    for owner in owners:
        yield from _granted(scope, owner)
    yield from _each_tokens(scope, owners)


def approle(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Whoever has a role's secret id is that role; a secret id has no end unless one is written."""
    scope = Scope(resource, resource.attributes)
    yield _principal(scope, "role_name", "role_id")
    yield from _granted(scope, Reference(resource.key, "role_id", resource.at))
    yield from _tokens(scope, resource.key)
    single = scope.number("secret_id_num_uses") == 1
    lifetime = Written(
        path="secret_id_ttl",
        kind="secret-id",
        thresholds="static-secret",
        unset=NEVER,
        zero=NEVER,
        suffix="secret_id",
        stored_in="Vault",
        note="may be used once" if single else "",
    )
    found = credential(scope, lifetime, resource.key)
    if found is not None:
        yield found


def secret_id(resource: Resource, context: Context) -> Iterator[Fact]:
    """A secret id that Terraform makes: it lies in the state, and whoever receives it is the role."""
    scope = Scope(resource, resource.attributes)
    for value in scope.values("role_name"):
        declared = context.lookup(value)
        bound = None if declared is None else Scope(declared, declared.attributes)
        lifetime = None if bound is None else durations.seconds(bound.get("secret_id_ttl"), Unit.SECONDS)
        yield Credential(
            key=resource.key,
            kind="secret-id",
            owner=value if declared is None else declared.key,
            at=resource.at,
            ttl=lifetime or None,
            never_expires=declared is not None and not lifetime,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            attribute="secret_id",
        )


def other(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A role for tokens of another issuer, another cloud, or tokens that tokens make."""
    scope = Scope(resource, resource.attributes)
    yield _principal(scope, "role_name", "role")
    yield from _granted(scope, Reference(resource.key, "role_name", resource.at))
    yield from _tokens(scope, resource.key)


def token(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A token that Terraform makes: it lies in the state, and whoever receives it has its policies."""
    scope = Scope(resource, resource.attributes)
    yield _principal(scope, "display_name")
    yield from _granted(scope, Reference(resource.key, "client_token", resource.at))
    for found in _tokens(scope, resource.key):
        key = resource.key if found.key.address.endswith("#longest") else found.key
        yield replace(found, key=key, stored_in="state")


def _principal(scope: Scope, *names: str) -> Principal:
    known = tuple(value for path in names if (value := scope.get(path)) is not None)
    return Principal(key=scope.resource.key, kind="vault-role", provider="vault", at=scope.resource.at, names=known)


def _granted(scope: Scope, owner: Value) -> Iterator[RoleAssignment]:
    """Each policy of a token is a role of its holder."""
    for path in _POLICIES:
        for value in scope.values(path):
            if string(value) not in _UNTOLD:
                yield RoleAssignment(
                    key=scope.resource.key,
                    provider="vault",
                    member=owner,
                    role=value,
                    scope=None,
                    at=scope.at(path),
                    certain=scope.resource.certain,
                )


def _tokens(scope: Scope, owner: Key | Value) -> Iterator[Credential]:
    """The token's own lifetime where one is written, and the longest that renewing makes it."""
    longest = _longest(scope, owner)
    ttl = next((path for path in _TTL if scope.has(path)), None)
    if ttl is not None:
        found = credential(scope, _written(ttl, "ttl", renewable=None), owner)
        if found is not None and (found.ttl or found.never_expires):
            yield within(found, longest)
    yield longest


def _written(path: str, suffix: str, *, renewable: bool | None) -> Written:
    return Written(
        path=path, kind=_KIND, thresholds=_CLASS, suffix=suffix, renewable=renewable, stored_in="", zero=None
    )


def _longest(scope: Scope, owner: Key | Value) -> Credential:
    """Explicit longest, else a period (no end), else the longest of the role, else that of the system."""
    batch = scope.text("token_type") == "batch"
    explicit = next((path for path in _EXPLICIT if _counts(scope, path)), None)
    period = next((path for path in _PERIOD if _counts(scope, path)), None)
    path = explicit or period or (_LONGEST if _counts(scope, _LONGEST) else None)
    lifetime = durations.seconds(scope.get(path), Unit.SECONDS) if path else SYSTEM_LONGEST
    endless = path is not None and path == period and not isinstance(lifetime, Unknown)
    key = scope.resource.key
    return Credential(
        key=Key(key.root, f"{key.address}#longest"),
        kind=_KIND,
        owner=owner,
        at=scope.at(path or _LONGEST),
        ttl=None if endless else lifetime,
        never_expires=endless,
        defaulted=path is None,
        renewable_without_human=not batch,
        thresholds=_CLASS,
        note=_how(path, period),
        attribute=path or _LONGEST,
    )


def _counts(scope: Scope, path: str) -> bool:
    """Whether a limit is set: a written zero is none."""
    return scope.has(path) and durations.seconds(scope.get(path), Unit.SECONDS) != 0.0


def _how(path: str | None, period: str | None) -> str:
    if path is not None and path == period:
        return "renewed without an end: a period has no longest"
    return "renewed up to the system's longest" if path is None else "renewed up to its longest"
