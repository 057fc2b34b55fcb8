"""HashiCorp Vault in Terraform to facts: who may log in, for how long, with which policies, and what it leases."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context, Lowering
    from agentreach.model import Resource


class Reader(NamedTuple):
    """Where the lowering of a type is."""

    module: str
    function: str


_READ: dict[str, dict[str, tuple[str, ...]]] = {
    "logins": {
        "kubernetes": ("vault_kubernetes_auth_backend_role",),
        "aws": ("vault_aws_auth_backend_role",),
        "approle": ("vault_approle_auth_backend_role",),
        "other": (
            "vault_azure_auth_backend_role",
            "vault_gcp_auth_backend_role",
            "vault_jwt_auth_backend_role",
            "vault_token_auth_backend_role",
        ),
        "secret_id": ("vault_approle_auth_backend_role_secret_id",),
        "token": ("vault_token",),
    },
    "leases": {
        "lease": (
            "vault_aws_secret_backend_role",
            "vault_aws_secret_backend_static_role",
            "vault_azure_secret_backend_role",
            "vault_database_secret_backend_role",
            "vault_database_secret_backend_static_role",
            "vault_identity_oidc_role",
            "vault_kubernetes_secret_backend_role",
            "vault_mount",
            "vault_pki_secret_backend_role",
            "vault_terraform_cloud_secret_role",
        ),
    },
    "policies": {
        "policy": ("vault_policy",),
        "secret": ("vault_kv_secret", "vault_kv_secret_v2", "vault_generic_secret"),
        "nothing": ("data.vault_policy_document", "data.vault_kv_secret_v2", "data.vault_generic_secret"),
    },
}

READERS: dict[str, Reader] = {
    type_: Reader(module, function)
    for module, functions in _READ.items()
    for function, types in functions.items()
    for type_ in types
}
"""Which function of which module reads each type."""


@cache
def _lowering(reader: Reader) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        read: Lowering = getattr(import_module(f"{__name__}.{reader.module}"), reader.function)
        return read(resource, context)

    return lowering


TABLE: dict[str, Lowering] = {type_: _lowering(reader) for type_, reader in READERS.items()}
