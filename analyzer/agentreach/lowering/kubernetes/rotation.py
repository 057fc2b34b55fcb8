"""Where Secrets come from and whether they change: External Secrets, Vault, cert-manager, SPIRE, Sealed Secrets.

A refresh reads the source again; it rotates nothing there. Environment variables keep the old value
until the pod restarts. Defaults are those of the controllers' own documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, IdentityRelation, IdentityUse, System
from agentreach.lowering.kubernetes.durations import lifetime
from agentreach.lowering.kubernetes.manifest import account, first, namespace, object_name, spec, tags
from agentreach.lowering.kubernetes.tokens import lifetime as seconds
from agentreach.model import Key, Scalar, Unknown, boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

_HOUR = 3_600.0
_CERTIFICATE = 2_160 * _HOUR
_VAULT_TOKEN = 600.0


def _secret(resource: Resource, name: Value | None) -> System:
    """The Secret that a controller writes for this resource."""
    written = name or Scalar(resource.name, resource.at)
    return System(
        key=resource.key,
        service="v1/Secret",
        kind="secret",
        names=(object_name(namespace(resource), written),),
        at=resource.at,
        tags=tags(resource),
    )


def _where(resource: Resource, name: Value | None) -> str:
    return f"Secret {namespace(resource)}/{string(name) or resource.name}"


def external_secret(resource: Resource, _: Context) -> Iterator[Fact]:
    """An ExternalSecret: `refreshInterval: 0s` and the policy CreatedOnce both mean never again."""
    body = spec(resource)
    target = descend(body, "target.name")
    yield _secret(resource, target)
    interval, policy = child(body, "refreshInterval"), child(body, "refreshPolicy")
    once = string(policy) == "CreatedOnce" or lifetime(interval, _HOUR) == 0
    deciding = policy if string(policy) == "CreatedOnce" else interval
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=resource.at if deciding is None else deciding.at,
        rotated=False if once else None,
        renewable_without_human=not once,
        stored_in=_where(resource, target),
        thresholds="static-secret",
        note="read once and never refreshed" if once else "refreshed from its source, which rotates it or does not",
        attribute="refreshInterval",
    )


def vault_static_secret(resource: Resource, _: Context) -> Iterator[Fact]:
    """A VaultStaticSecret: read again after `refreshAfter`, changed by nobody."""
    body = spec(resource)
    refresh = child(body, "refreshAfter")
    name = descend(body, "destination.name")
    yield _secret(resource, name)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=resource.at if refresh is None else refresh.at,
        rotated=False if refresh is None else None,
        renewable_without_human=refresh is not None,
        stored_in=_where(resource, name),
        thresholds="static-secret",
        note="never read again" if refresh is None else "read again from Vault, which rotates it or does not",
        attribute="refreshAfter",
    )


def vault_dynamic_secret(resource: Resource, _: Context) -> Iterator[Fact]:
    """A VaultDynamicSecret: leased, renewed at `renewalPercent`, revoked on deletion only when it says so."""
    body = spec(resource)
    revoke = child(body, "revoke")
    name = descend(body, "destination.name")
    yield _secret(resource, name)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=resource.at if revoke is None else revoke.at,
        rotated=True,
        renewable_without_human=True,
        stored_in=_where(resource, name),
        thresholds="vault-token",
        note="leased from Vault" + ("" if boolean(revoke) else ", not revoked when the resource is deleted"),
        attribute="revoke",
    )


def vault_auth(resource: Resource, _: Context) -> Iterator[Fact]:
    """A VaultAuth: the account it logs in as, the Vault role it gets, the lifetime of the token between."""
    login = descend(spec(resource), "kubernetes")
    name = child(login, "serviceAccount")
    if login is None or name is None:
        return
    owner = account(namespace(resource), name)
    expiry = child(login, "tokenExpirationSeconds")
    yield Credential(
        key=resource.key,
        kind="service-account-token",
        owner=owner,
        at=login.at if expiry is None else expiry.at,
        ttl=seconds(expiry, _VAULT_TOKEN, _VAULT_TOKEN),
        defaulted=expiry is None,
        rotated=True,
        renewable_without_human=True,
        thresholds="access-token",
        note="token to log in to Vault",
        attribute="tokenExpirationSeconds",
    )
    role = child(login, "role")
    if role is not None:
        yield IdentityUse(
            subject=Key(resource.key.root, f"ServiceAccount/{namespace(resource)}/{string(name)}"),
            identity=role,
            relation=IdentityRelation.ASSUMES,
            at=role.at,
            note="Vault role",
        )


def certificate(resource: Resource, _: Context) -> Iterator[Fact]:
    """A cert-manager Certificate: renewed by itself; its key changes unless the policy is Never."""
    body = spec(resource)
    duration, name = child(body, "duration"), child(body, "secretName")
    policy = descend(body, "privateKey.rotationPolicy")
    yield _secret(resource, name)
    yield Credential(
        key=resource.key,
        kind="certificate",
        owner=resource.key,
        at=resource.at if duration is None else duration.at,
        ttl=_before_renewal(lifetime(duration, _CERTIFICATE), child(body, "renewBefore")),
        defaulted=duration is None,
        rotated=string(policy) != "Never",
        renewable_without_human=True,
        stored_in=_where(resource, name),
        thresholds="static-secret",
        note="its private key is kept at every renewal" if string(policy) == "Never" else "renewed by cert-manager",
        attribute="duration",
    )


def _before_renewal(lasts: float | Unknown | None, renewed: Value | None) -> float | Unknown | None:
    """The lifetime of a certificate; unknown where it would be renewed before it begins, which cert-manager refuses."""
    before = lifetime(renewed, None)
    if renewed is None or not isinstance(before, float) or not isinstance(lasts, float) or before < lasts:
        return lasts
    return Unknown("renewBefore is not shorter than duration", renewed.at)


def spiffe_id(resource: Resource, _: Context) -> Iterator[Fact]:
    """SPIRE identities for the pods that a ClusterSPIFFEID selects, or of a ClusterStaticEntry."""
    body = spec(resource)
    for attribute, kind in _SPIFFE:
        written = first(body, *attribute)
        if written is not None:
            yield _spiffe(resource, kind, attribute[0], written, lifetime(written, None))
    for power in _POWERS:
        written = child(body, power)
        if boolean(written):
            yield _spiffe(resource, "certificate", power, written, None)


_POWERS = {
    "admin": "admin: its holder may mint identities for others",
    "downstream": "downstream: its holder may sign identities as a server of its own",
}
_SPIFFE = ((("ttl", "x509SVIDTTL"), "certificate"), (("jwtTtl", "jwtSVIDTTL"), "access-token"))


def _spiffe(
    resource: Resource, kind: str, attribute: str, written: Value | None, ttl: float | Unknown | None
) -> Credential:
    return Credential(
        key=Key(resource.key.root, f"{resource.key.address}#{attribute}"),
        kind=kind,
        owner=resource.key,
        at=resource.at if written is None else written.at,
        ttl=ttl,
        rotated=True,
        renewable_without_human=True,
        stored_in="SPIRE agent",
        thresholds="access-token",
        note=_POWERS.get(attribute, "SPIFFE identity"),
        attribute=attribute,
    )


def sealed_secret(resource: Resource, _: Context) -> Iterator[Fact]:
    """A SealedSecret: encrypted in the code, a plain Secret in the cluster, changed only by a new commit."""
    name = descend(spec(resource), "template.metadata.name")
    yield _secret(resource, name)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=resource.key,
        at=resource.at,
        rotated=False,
        renewable_without_human=False,
        stored_in=_where(resource, name),
        thresholds="static-secret",
        note="sealed in the code; nothing rotates it",
        attribute="encryptedData",
    )


def secret_provider(resource: Resource, _: Context) -> Iterator[Fact]:
    """A SecretProviderClass of the CSI driver: what a volume mounts, and the Secrets it is synchronised to."""
    yield System(
        key=resource.key,
        service="v1/Secret",
        kind="secret",
        names=(
            Scalar(f"{namespace(resource)}/{resource.name}", resource.at),
            *(
                object_name(namespace(resource), name)
                for one in elements(child(spec(resource), "secretObjects"))
                if (name := child(one, "secretName")) is not None
            ),
        ),
        at=resource.at,
        tags=tags(resource),
    )
