"""Facts that many Azure resources state alike: tags, systems, identities, the inventory entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    Confidence,
    Credential,
    Evidence,
    IdentityRelation,
    IdentityUse,
    Principal,
    Role,
    System,
)
from agentreach.lowering import tags, workload_signs
from agentreach.lowering.azure.names import KINDS, here, id_of, label, principal, scope_of
from agentreach.lowering.joined_text import joined
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

PLATFORM = "azure"


def tags_of(scope: Scope) -> dict[str, str]:
    """The tags of a declaration."""
    return tags.read(scope.get("tags"))


def system(scope: Scope, context: Context) -> System:
    """A declared thing that roles may reach, under its id and its short name."""
    kind = KINDS[scope.resource.type]
    own = scope.get("name")
    return System(
        key=scope.resource.key,
        service=kind.service,
        kind=kind.kind,
        names=(id_of(scope.resource, context) or here(scope, "id"), *(() if own is None else (own,))),
        at=scope.resource.at,
        tags=tags_of(scope),
        provider=PLATFORM,
    )


def reachable(resource: Resource, context: Context) -> Iterator[Fact]:
    """The thing itself."""
    yield system(scope_of(resource), context)


def agent(scope: Scope, kind: str, *names: str, role: Role = Role.AGENT, why: str = "") -> Agent:
    """The entry of the inventory."""
    return Agent(
        key=scope.resource.key,
        name=label(scope, *names),
        platform=PLATFORM,
        kind=kind,
        at=scope.resource.at,
        role=role,
        confidence=Confidence.HIGH,
        because=(Evidence(scope.resource.at, why or f"declares a {kind.replace('-', ' ')}"),),
        tags=tags_of(scope),
    )


def workload(scope: Scope, kind: str, *names: str) -> Iterator[Fact]:
    """A workload and the signs of its name and tags."""
    yield from workload_signs.declared(
        scope, platform=PLATFORM, kind=kind, name=label(scope, *names), tags=tags_of(scope), at=scope.at(*names, "name")
    )


def identities(scope: Scope, context: Context, path: str = "identity") -> Iterator[Fact]:
    """The identities in a block: user-assigned ones by id, and one of its own where the type says so."""
    key = scope.resource.key
    for block in scope.each(path):
        kinds = block.text("type") or ""
        for value in block.values("identity_ids"):
            yield uses(scope, value, context, at_path=path)
        if "SystemAssigned" in kinds:
            yield from own_identity(scope, f"{path}.0.principal_id", block)
    primary = "primary_user_assigned_identity"
    for value in scope.values(primary):
        yield IdentityUse(
            subject=key, identity=principal(value, context), relation=IdentityRelation.RUNS_AS, at=scope.at(primary)
        )


def uses(scope: Scope, value: Value, context: Context, *, at_path: str, note: str = "") -> IdentityUse:
    """The declaration acts as the identity that a value names."""
    return IdentityUse(
        subject=scope.resource.key,
        identity=principal(value, context),
        relation=IdentityRelation.RUNS_AS,
        at=value.at if value.at.source is scope.at(at_path).source else scope.at(at_path),
        note=note,
    )


def own_identity(scope: Scope, attribute: str, place: Scope) -> Iterator[Fact]:
    """A system-assigned identity: it lives and dies with the declaration, and nothing else can act as it."""
    key = scope.resource.key
    itself = here(scope, attribute)
    yield Principal(
        key=Key(key.root, f"{key.address}.identity"),
        kind="system-identity",
        provider=PLATFORM,
        at=place.at("type"),
        names=(joined(place.place, f"{label(scope)} (system-assigned)"), itself),
        tags=tags_of(scope),
    )
    yield IdentityUse(
        subject=key,
        identity=itself,
        relation=IdentityRelation.RUNS_AS,
        at=place.at("type"),
        note="its system-assigned identity",
    )


def account_key(scope: Scope, path: str, *, enabled_by_default: bool = True) -> Iterator[Credential]:
    """Keys of an account: they never expire, prove nobody in particular, and lie in the state."""
    written = scope.flag(path)
    enabled = enabled_by_default if not scope.has(path) else written
    if enabled is False:
        return
    yield Credential(
        key=scope.resource.key,
        kind="account-key",
        owner=scope.resource.key,
        at=scope.at(path),
        never_expires=enabled is True,
        defaulted=not scope.has(path),
        rotated=False,
        renewable_without_human=False,
        stored_in="state",
        thresholds="static-secret",
        note="key authentication is on" if enabled else "whether key authentication is on is known at deploy time",
        attribute=path,
    )
