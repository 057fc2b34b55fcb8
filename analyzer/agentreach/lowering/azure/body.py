"""The body of an azapi resource, and what every Azure type says alike: identity, parent, an identity of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import IdentityRelation, IdentityUse, Principal
from agentreach.lowering.azure.names import here, label
from agentreach.lowering.azure.pieces import PLATFORM, identities, tags_of, uses
from agentreach.lowering.declaration import Scope
from agentreach.lowering.joined_text import joined
from agentreach.lowering.policy_document import structure
from agentreach.model import Key, MapValue, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Value


def body_of(scope: Scope) -> Scope:
    """The body as a scope of its own: an object, or JSON text."""
    value = scope.get("body")
    document = MapValue({}, scope.place) if value is None else structure(value)
    body = document if isinstance(document, MapValue) else MapValue({}, scope.place)
    return Scope(scope.resource, body, {}, "body")


def identities_of(scope: Scope, body: Scope, context: Context) -> Iterator[Fact]:
    """The identity block of the resource, or the one in its body."""
    if scope.has("identity"):
        yield from identities(scope, context)
        return
    named = body.get("identity.userAssignedIdentities")
    if isinstance(named, MapValue):
        for name, value in named.entries.items():
            yield uses(scope, Scalar(name, value.at), context, at_path="body")


def parent_of(scope: Scope, context: Context) -> Key | Value | None:
    """What the resource lies in: the declared thing, else the id that is written."""
    for value in scope.values("parent_id"):
        found = context.lookup(value)
        return value if found is None else found.key
    return None


def own_identity(scope: Scope, body: Scope, attribute: str, path: str, kind: str) -> Iterator[Fact]:
    """An identity that belongs to the declaration alone; outputs of it lead there."""
    key = scope.resource.key
    itself = here(scope, attribute)
    yield Principal(
        key=Key(key.root, f"{key.address}.identity"),
        kind=kind,
        provider=PLATFORM,
        at=body.at(path),
        names=(joined(scope.place, f"{label(scope)} (its own identity)"), itself),
        tags=tags_of(scope),
    )
    yield IdentityUse(
        subject=key, identity=itself, relation=IdentityRelation.RUNS_AS, at=body.at(path), note="an identity of its own"
    )
