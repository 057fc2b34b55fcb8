"""Kubernetes service accounts by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Principal
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from agentreach.graph.index import FactIndex
    from agentreach.model import Key


class Account(NamedTuple):
    """A service account by namespace and name."""

    namespace: str
    name: str


def service_accounts(index: FactIndex) -> dict[Key, Account]:
    """Every declared one."""
    found = ((principal.key, _account(principal)) for principal in index.of(Principal))
    return {key: account for key, account in found if account is not None}


def _account(principal: Principal) -> Account | None:
    if principal.kind != "service-account" or principal.provider != "kubernetes":
        return None
    for name in principal.names:
        namespace, colon, account = (string(name) or "").partition(":")
        if colon and ":" not in account:
            return Account(namespace, account)
    return None
