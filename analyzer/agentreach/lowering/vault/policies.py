"""Policies of Vault: paths and what may be done there, as the actions of a role; and secrets kept by Terraform.

Source: "Policies", Vault documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Hidden, RoleDefinition, System
from agentreach.late_regex import late_regex
from agentreach.lowering import secrets
from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import Scope
from agentreach.lowering.joined_text import joined
from agentreach.lowering.offsets import Offsets
from agentreach.lowering.policy_document import structure
from agentreach.model import Key, MapValue, Reference, Scalar, Unknown, elements, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

_PATH = late_regex(r'path\s+"([^"\n]{0,500})"\s*\{([^{}]{0,4000})\}')
_CAPABILITIES = late_regex(r"capabilities\s*=\s*\[([^\]]{0,1000})\]")
_WORD = late_regex(r'"([a-z]{1,20})"')
_COMMENT = late_regex(r"(?m)^[ \t]*+(?:#|//).*$")
_HOLE = "…"
_MOST = 1_000_000


def policy(resource: Resource, context: Context) -> Iterator[Fact]:
    """A policy as a role: `read secret/data/app` is one of its actions."""
    scope = Scope(resource, resource.attributes)
    own = scope.get("name")
    value = scope.get("policy")
    actions = tuple(_actions(value, context)) if value is not None else ()
    yield RoleDefinition(
        key=resource.key,
        provider="vault",
        names=() if own is None else (own,),
        actions=actions,
        at=scope.at("policy"),
    )
    if isinstance(value, Unknown | Reference) and not actions:
        yield Hidden(
            subject=resource.key, attribute="policy", reason="it is only known at deploy time", at=scope.at("policy")
        )


def _actions(value: Value, context: Context) -> Iterator[Value]:
    declared = context.lookup(value)
    if declared is not None and declared.type == "data.vault_policy_document":
        for rule in Scope(declared, declared.attributes).each("rule"):
            path = string(rule.get("path")) or _HOLE
            for capability in elements(rule.get("capabilities")):
                yield from _allowed(string(capability) or "", path, rule.at("path"))
        return
    yield from _of_text(value)


def _of_text(value: Value) -> Iterator[Value]:
    """The stanzas of a policy text; a part only known at deploy time is a gap in a path."""
    text = "".join(part if isinstance(part, str) else _HOLE for part in text_parts(value))
    if not text or len(text) > _MOST:
        return
    offsets = Offsets(text, value.at)
    bare = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    for stanza in _PATH.finditer(bare):
        listed = _CAPABILITIES.search(stanza[2])
        at = offsets.span(stanza.start(), stanza.end())
        for capability in _WORD.findall(listed[1] if listed else ""):
            yield from _allowed(capability, stanza[1], at)


def _allowed(capability: str, path: str, at: Span) -> Iterator[Value]:
    if capability and capability != "deny":
        yield Scalar(f"{capability} {path}", at)


def secret(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A secret that Terraform writes into Vault: its values lie in the state."""
    scope = Scope(resource, resource.attributes)
    at = scope.at("name", "path")
    path = scope.get("path") or joined(at, scope.get("mount"), "/data/", scope.get("name"))
    yield System(key=resource.key, service="vault", kind="secret", names=(path,), at=resource.at, provider="vault")
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=resource.at,
        rotated=False,
        stored_in="Vault",
        thresholds="static-secret",
        attribute="data_json",
    )
    for attribute in ("data_json", "data_json_wo"):
        value = scope.get(attribute)
        document = None if value is None else structure(value)
        if isinstance(document, MapValue):
            yield from _literals(resource.key, document)


def _literals(key: Key, document: MapValue) -> Iterator[Credential]:
    for name, value in document.entries.items():
        text = string(value)
        found = None if text is None or reference_of(value) is not None else secrets.detect("secret", text)
        if found is not None:
            yield Credential(
                key=Key(key.root, f"{key.address}#{name}"),
                kind="secret",
                owner=key,
                at=value.at,
                rotated=False,
                stored_in="state",
                thresholds="static-secret",
                literal=True,
                placeholder=found.placeholder,
                note=found.kind,
                attribute=name,
            )


def nothing(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """Read where it is used."""
    return iter(())
