"""Key Vault: secrets with their end, access policies as roles, values in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, RoleAssignment, RoleDefinition
from agentreach.lowering import durations, secrets
from agentreach.lowering.azure.names import expanded, label, principal, scope_of
from agentreach.lowering.azure.pieces import PLATFORM, system
from agentreach.lowering.context import reference_of
from agentreach.lowering.durations import Unit
from agentreach.lowering.joined_text import joined
from agentreach.lowering.key_rotation import rotation
from agentreach.model import Key, Reference, Scalar, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_VAULTS = "Microsoft.KeyVault/vaults"
_OPERATIONS = {
    "secret_permissions": (
        "secrets",
        {"get": "getSecret/action", "set": "setSecret/action", "list": "readMetadata/action"},
    ),
    "key_permissions": ("keys", {"decrypt": "decrypt/action", "sign": "sign/action", "unwrapkey": "unwrap/action"}),
    "certificate_permissions": ("certificates", {"get": "read", "list": "read"}),
}
_EVERY = frozenset({"all", "*"})


def vault(resource: Resource, context: Context) -> Iterator[Fact]:
    """A vault, with the access policies written in it."""
    scope = scope_of(resource)
    yield system(scope, context)
    for number, block in enumerate(scope.each("access_policy")):
        yield from _policy(
            block, Key(resource.key.root, f"{resource.key.address}.access_policy[{number}]"), resource.key, context
        )


def key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key, and whether a policy replaces it."""
    scope = scope_of(resource)
    yield system(scope, context)
    yield rotation(scope, "rotation_policy.automatic", rotates=True)


def access_policy(resource: Resource, context: Context) -> Iterator[Fact]:
    """What one principal may do with everything in a vault."""
    scope = scope_of(resource)
    for value in scope.values("key_vault_id"):
        declared = context.lookup(value)
        yield from _policy(scope, resource.key, value if declared is None else declared.key, context)


def _policy(block: Scope, key: Key, of: Key | Value, context: Context) -> Iterator[Fact]:
    """An access policy is a role of its own on the vault."""
    actions = tuple(_allowed(block))
    place = Reference(key, "access_policy", block.place)
    for who in block.values("object_id"):
        yield RoleDefinition(
            key=key,
            provider=PLATFORM,
            names=(joined(block.place, "an access policy"), place),
            actions=(),
            data_actions=actions,
            at=block.at(*_OPERATIONS),
        )
        yield RoleAssignment(
            key=key,
            provider=PLATFORM,
            member=principal(who, context),
            role=place,
            scope=Reference(of, "id", block.place) if isinstance(of, Key) else expanded(of, context),
            at=block.at("object_id"),
            certain=block.resource.certain,
        )


def _allowed(block: Scope) -> Iterator[Value]:
    for path, (collection, known) in _OPERATIONS.items():
        for value in block.values(path):
            name = (string(value) or "").lower()
            operation = "*" if name in _EVERY else known.get(name, f"{name}/action")
            if name:
                yield Scalar(f"{_VAULTS}/{collection}/{operation}", value.at)


def secret(resource: Resource, context: Context) -> Iterator[Fact]:
    """A secret: it never expires unless a date is written, and Terraform keeps its value in the state."""
    scope = scope_of(resource)
    yield system(scope, context)
    lifetime = durations.seconds(scope.get("expiration_date"), Unit.DATE)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=scope.at("expiration_date"),
        ttl=lifetime,
        never_expires=lifetime is None,
        defaulted=lifetime is None,
        rotated=False,
        stored_in="Key Vault",
        thresholds="static-secret",
        attribute="expiration_date",
    )
    yield from literal(scope, "value", owner=resource.key)


def literal(scope: Scope, path: str, *, owner: Key) -> Iterator[Credential]:
    """A secret value that stands in the code; the value itself goes nowhere."""
    value = scope.get(path)
    text = string(value)
    if value is None or text is None or reference_of(value) is not None:
        return
    found = secrets.detect("secret", text)
    if found is not None:
        yield Credential(
            key=Key(owner.root, f"{owner.address}#{path.rpartition('.')[2]}"),
            kind="secret",
            owner=owner,
            at=scope.at(path),
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            literal=True,
            placeholder=found.placeholder,
            note=found.kind,
            attribute=path,
        )


def registry_token(resource: Resource, context: Context) -> Iterator[Fact]:
    """Passwords of a registry token: without an expiry they stay valid."""
    scope = scope_of(resource)
    for path in ("password1", "password2"):
        block = scope.within(path)
        if block is None:
            continue
        lifetime = durations.seconds(block.get("expiry"), Unit.DATE)
        owner = context.lookup(scope.get("container_registry_token_id"))
        yield Credential(
            key=resource.key if path == "password1" else Key(resource.key.root, f"{resource.key.address}#{path}"),
            kind="password",
            owner=resource.key if owner is None else owner.key,
            at=block.at("expiry"),
            ttl=lifetime,
            never_expires=lifetime is None,
            defaulted=lifetime is None,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            attribute=f"{path}.expiry",
        )


def storage(resource: Resource, context: Context) -> Iterator[Fact]:
    """A storage account: its keys open everything in it; a policy bounds the links signed with them."""
    scope = scope_of(resource)
    yield system(scope, context)
    path = "shared_access_key_enabled"
    if not scope.has(path) or scope.flag(path) is not False:
        yield Credential(
            key=resource.key,
            kind="account-key",
            owner=resource.key,
            at=scope.at(path),
            never_expires=True,
            defaulted=not scope.has(path),
            rotated=False,
            renewable_without_human=False,
            stored_in="state",
            thresholds="static-secret",
            note=f"keys of {label(scope)}",
            attribute=path,
        )
    period = "sas_policy.expiration_period"
    lifetime = durations.seconds(scope.get(period), Unit.DAYS_AND_CLOCK)
    if lifetime is not None:
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#sas"),
            kind="signed-link",
            owner=resource.key,
            at=scope.at(period),
            ttl=lifetime,
            stored_in="",
            thresholds="access-token",
            attribute=period,
        )
