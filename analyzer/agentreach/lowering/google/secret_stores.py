"""Secret Manager: what is kept, whether anything rotates it, and values in the code.

A rotation block only publishes a message when it is time; a secret changes when something declared listens to it.
Source: "About rotation schedules", Secret Manager documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential
from agentreach.lowering import durations, secrets
from agentreach.lowering.context import reference_of
from agentreach.lowering.durations import Unit
from agentreach.lowering.google.names import scope_of
from agentreach.lowering.google.systems import of
from agentreach.lowering.policy_document import structure
from agentreach.lowering.written_lifetimes import one_of
from agentreach.model import Key, MapValue, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Span, Unknown, Value

_LISTENERS = frozenset(
    {
        "google_cloudfunctions2_function",
        "google_cloudfunctions_function",
        "google_pubsub_subscription",
        "google_eventarc_trigger",
    }
)
_ROTATION = "rotation.rotation_period"
NOTIFIES = "its rotation only publishes a message: nothing declared changes the secret"


def secret(resource: Resource, context: Context) -> Iterator[Fact]:
    """A secret with how long it lives and whether it changes."""
    scope = scope_of(resource)
    rotated, note = _rotated(scope, context)
    lifetime, at, attribute = _lifetime(scope, rotated=rotated)
    yield of(resource, context)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=at,
        ttl=lifetime,
        never_expires=lifetime is None and rotated is False,
        rotated=rotated,
        stored_in="Secret Manager",
        thresholds="static-secret",
        note=note,
        attribute=attribute,
    )


def _rotated(scope: Scope, context: Context) -> tuple[bool | None, str]:
    if not scope.has("rotation"):
        return False, ""
    for topic in scope.each("topics"):
        declared = context.lookup(topic.get("name"))
        if declared is not None and any(one.type in _LISTENERS for one in context.mentions(declared.key)):
            return None, "something declared listens to its rotation messages"
    return False, NOTIFIES


def _lifetime(scope: Scope, *, rotated: bool | None) -> tuple[float | Unknown | None, Span, str]:
    """When the secret itself ends; else how often something changes it, if anything does."""
    found, path = one_of(scope, {"ttl": Unit.SECONDS, "expire_time": Unit.DATE})
    if found is not None:
        return found, scope.at(path), path
    every = durations.seconds(scope.get(_ROTATION), Unit.SECONDS) if rotated is not False else None
    return every, scope.at(_ROTATION, "rotation"), _ROTATION


def secret_version(resource: Resource, _context: Context) -> Iterator[Fact]:
    """The value that Terraform puts into a secret; unless it is write-only it lies in the state."""
    scope = scope_of(resource)
    if scope.flag("enabled") is False:
        return
    for path in ("secret_data", "secret_data_wo"):
        value = scope.get(path)
        document = None if value is None else structure(value)
        if isinstance(document, MapValue) and document.entries:
            for name, entry in document.entries.items():
                yield from _literal(scope, name, entry)
        elif value is not None:
            yield from _literal(scope, path, value)


def _literal(scope: Scope, name: str, value: Value) -> Iterator[Credential]:
    text = string(value)
    found = None if text is None or reference_of(value) is not None else secrets.detect("secret", text)
    if found is not None:
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{name}"),
            kind="secret",
            owner=scope.get("secret") or scope.resource.key,
            at=value.at,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            literal=True,
            placeholder=found.placeholder,
            note=found.kind,
            attribute=name,
        )
