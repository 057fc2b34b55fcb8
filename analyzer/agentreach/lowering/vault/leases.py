"""What Vault leases: sessions of clouds, database users, certificates, tokens, and how long each lasts.

The lease is held by whoever may read it; it belongs here to the role that makes it. Sources: the pages of the secrets
engines in Vault's documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.declaration import Scope
from agentreach.lowering.durations import DAY, YEAR
from agentreach.lowering.vault.logins import SYSTEM_LONGEST
from agentreach.lowering.written_lifetimes import Written, credential, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource


def _longest(path: str, kind: str, thresholds: str, unset: float | None = SYSTEM_LONGEST) -> Written:
    return Written(
        path=path,
        kind=kind,
        thresholds=thresholds,
        unset=unset,
        zero=unset,
        suffix=path.rpartition(".")[2],
        renewable=True,
        note="renewed up to this",
    )


def _own(path: str, kind: str, thresholds: str, unset: float | None = None) -> Written:
    return Written(path=path, kind=kind, thresholds=thresholds, unset=unset, zero=unset, suffix=path)


def _rotated(path: str, kind: str) -> Written:
    return Written(path=path, kind=kind, thresholds="static-secret", rotated=True, stored_in="Vault")


LEASES: dict[str, tuple[Written, ...]] = {
    "vault_aws_secret_backend_role": (
        _own("default_sts_ttl", "role-session", "role-session"),
        _longest("max_sts_ttl", "role-session", "role-session", None),
    ),
    "vault_aws_secret_backend_static_role": (_rotated("rotation_period", "access-key"),),
    "vault_azure_secret_backend_role": (
        _own("explicit_max_ttl", "client-secret", "app-secret", 10 * YEAR),
        _longest("max_ttl", "client-secret", "vault-token", None),
    ),
    "vault_database_secret_backend_role": (
        _own("default_ttl", "password", "vault-token", SYSTEM_LONGEST),
        _longest("max_ttl", "password", "vault-token"),
    ),
    "vault_database_secret_backend_static_role": (_rotated("rotation_period", "password"),),
    "vault_identity_oidc_role": (_own("ttl", "access-token", "access-token", DAY),),
    "vault_kubernetes_secret_backend_role": (
        _own("token_default_ttl", "service-account-token", "access-token"),
        _longest("token_max_ttl", "service-account-token", "access-token", None),
    ),
    "vault_mount": (_longest("max_lease_ttl_seconds", "lease", "vault-token"),),
    "vault_pki_secret_backend_role": (_longest("max_ttl", "certificate", "app-secret", None),),
    "vault_terraform_cloud_secret_role": (_longest("max_ttl", "api-token", "access-token", None),),
}
"""Which attributes of which role bound what is leased."""


def lease(resource: Resource, _context: Context) -> Iterator[Fact]:
    """The lifetimes that a role gives to what it makes."""
    scope = Scope(resource, resource.attributes)
    stated = [credential(scope, written, resource.key) for written in LEASES[resource.type]]
    for found in stated:
        if found is not None:
            yield within(found, stated[-1])
