"""Service accounts: principals, and the cloud identities that their annotations name.

The other half of every such annotation is the cloud side's trust; the graph checks it there.
Sources: EKS pod identity webhook, GKE workload identity, Azure workload identity documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, IdentityRelation, IdentityUse, Principal
from agentreach.lowering.kubernetes.manifest import annotations_of, key_at, name_at, namespace, object_name, tags
from agentreach.model import Key, Scalar, Unknown, child, descend, elements, number, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

EKS_ROLE = "eks.amazonaws.com/role-arn"
AZURE_CLIENT = "azure.workload.identity/client-id"
GOOGLE_ACCOUNT = "iam.gke.io/gcp-service-account"


CLOUD_IDENTITIES = (EKS_ROLE, GOOGLE_ACCOUNT, AZURE_CLIENT)
"""Annotations by which an account also is an identity of a cloud."""


class _Federation(NamedTuple):
    annotation: str
    lifetime: str
    default: float | None
    note: str


_FEDERATIONS = (
    _Federation(EKS_ROLE, "eks.amazonaws.com/token-expiration", 86_400.0, "IAM role for service accounts"),
    _Federation(GOOGLE_ACCOUNT, "", None, "GKE workload identity"),
    _Federation(
        AZURE_CLIENT, "azure.workload.identity/service-account-token-expiration", 3_600.0, "Azure workload identity"
    ),
)


def service_account(resource: Resource, _: Context) -> Iterator[Fact]:
    """The principal, the identities it is federated to, and the Secrets it lists."""
    full = f"{namespace(resource)}:{resource.name}"
    at = name_at(resource)
    yield Principal(
        key=resource.key,
        kind="service-account",
        provider="kubernetes",
        at=resource.at,
        names=(Scalar(full, at), Scalar(f"system:serviceaccount:{full}", at)),
        namespace=namespace(resource),
        tags=tags(resource),
    )
    for federation in _FEDERATIONS:
        yield from _federated(resource, federation)
    yield from _listed_secrets(resource)


def _federated(resource: Resource, federation: _Federation) -> Iterator[Fact]:
    identity = annotations_of(resource).get(federation.annotation)
    if identity is None or string(identity) == "":
        return
    at = key_at(descend(resource.attributes, "metadata.annotations"), federation.annotation, identity.at)
    yield IdentityUse(
        subject=resource.key,
        identity=identity,
        relation=IdentityRelation.FEDERATED,
        at=at,
        note=federation.note,
    )
    if federation.default is not None:
        yield _token(resource, federation, identity)


def _token(resource: Resource, federation: _Federation, identity: Value) -> Credential:
    written = annotations_of(resource).get(federation.lifetime)
    return Credential(
        key=Key(resource.key.root, f"{resource.key.address}#web-identity-token"),
        kind="service-account-token",
        owner=resource.key,
        at=written.at if written is not None else identity.at,
        ttl=_seconds(written, federation.default),
        defaulted=written is None,
        rotated=True,
        renewable_without_human=True,
        stored_in="pod file system",
        thresholds="access-token",
        note=federation.note,
        attribute=federation.lifetime,
    )


def _seconds(written: Value | None, default: float | None) -> float | Unknown | None:
    if written is None:
        return default
    seconds = number(written)
    return Unknown("a lifetime must be a number of seconds", written.at) if seconds is None or seconds <= 0 else seconds


def _listed_secrets(resource: Resource) -> Iterator[Fact]:
    """Secrets that the account lists hold tokens made for it, which never expire."""
    for secret in elements(child(resource.attributes, "secrets")):
        name = child(secret, "name")
        if name is not None and "token" in (string(name) or ""):
            yield Credential(
                key=Key(resource.key.root, f"{resource.key.address}#secret:{string(name)}"),
                kind="service-account-token",
                owner=resource.key,
                at=name.at,
                never_expires=True,
                rotated=False,
                renewable_without_human=False,
                stored_in=f"Secret {string(object_name(namespace(resource), name))}",
                thresholds="static-secret",
                note="listed under the service account's secrets",
                attribute="secrets",
            )
