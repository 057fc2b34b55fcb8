"""Secrets and ConfigMaps: systems that can be reached, and values that stand in the code."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from agentreach.identity import Credential, System
from agentreach.lowering import secrets
from agentreach.lowering.kubernetes.manifest import account, annotations_of, entries, namespace, tags
from agentreach.model import Key, Scalar, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105 - a type, not a token
_NOT_SECRET_KEYS = frozenset({"ca.crt", "namespace", "tls.crt", "url", "host", "port", "username", "user", "endpoint"})


def secret(resource: Resource, _: Context) -> Iterator[Fact]:
    """A Secret: a system, a token that never expires when it is one, and the values written into it."""
    yield _system(resource, "secret")
    type_ = resource.attributes.entries.get("type")
    if string(type_) == TOKEN_TYPE:
        yield _account_token(resource, type_)
    for name, value in literals(resource).items():
        found = _in_secret(name, value)
        if found is not None:
            yield _literal(resource, name, value, found)


def config_map(resource: Resource, _: Context) -> Iterator[Fact]:
    """A ConfigMap: a system, and the secrets that were written into it all the same."""
    yield _system(resource, "configuration")
    for name, value in literals(resource).items():
        found = in_config_map(name, value)
        if found is not None:
            yield _literal(resource, name, value, found)


def literals(resource: Resource) -> dict[str, Value]:
    """The entries of a Secret or ConfigMap, by key; `stringData` wins over `data` as in the API."""
    attributes = resource.attributes.entries
    return {**entries(attributes.get("data")), **entries(attributes.get("stringData"))}


def in_config_map(name: str, value: Value) -> secrets.Literal | None:
    """What secret a ConfigMap entry is; None for ordinary configuration."""
    text = string(value)
    return None if text is None else secrets.detect(name, text)


def _in_secret(name: str, value: Value) -> secrets.Literal | None:
    """Every value of a Secret is one, except for what is public by its key and what is obviously left empty."""
    text = string(value)
    if not text or name in _NOT_SECRET_KEYS:
        return None
    found = secrets.detect("secret", _decoded(text)) or secrets.detect("secret", text)
    return found or secrets.Literal("value of a Secret", placeholder=len(text) < 8)  # noqa: PLR2004 - too short to be one


def _decoded(text: str) -> str:
    """The value of a Secret's entry, which may be wrapped over lines; what is no base64 stays as it is."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def _system(resource: Resource, kind: str) -> System:
    name = f"{namespace(resource)}/{resource.name}"
    return System(
        key=resource.key,
        service=resource.type,
        kind=kind,
        names=(Scalar(name, resource.at),),
        at=resource.at,
        tags=tags(resource),
    )


def _account_token(resource: Resource, type_: Value | None) -> Credential:
    name = annotations_of(resource).get("kubernetes.io/service-account.name")
    return Credential(
        key=resource.key,
        kind="service-account-token",
        owner=resource.key if name is None else account(namespace(resource), name),
        at=resource.at if type_ is None else type_.at,
        never_expires=True,
        rotated=False,
        renewable_without_human=False,
        stored_in=f"Secret {namespace(resource)}/{resource.name}",
        thresholds="static-secret",
        attribute="type",
    )


def _literal(resource: Resource, name: str, value: Value, found: secrets.Literal) -> Credential:
    return Credential(
        key=Key(resource.key.root, f"{resource.key.address}#{name}"),
        kind="secret",
        owner=resource.key,
        at=value.at,
        never_expires=True,
        rotated=False,
        stored_in="file",
        thresholds="static-secret",
        literal=True,
        placeholder=found.placeholder,
        note=found.kind,
        attribute=name,
    )
