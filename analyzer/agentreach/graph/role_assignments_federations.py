"""Azure workload identity, joined from three sides: the account's annotation, the credential, the identity.

An annotation holds a client id, which only the deployment knows of a declared identity. The other half of the
federation is declared, though: a credential of the identity that admits just this account. That is the identity meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.verdict import Verdict
from agentreach.graph.accounts import service_accounts
from agentreach.graph.edges import Edge
from agentreach.graph.federation import admission
from agentreach.identity import IdentityRelation, Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.accounts import Account
    from agentreach.graph.edges import Edges
    from agentreach.graph.index import FactIndex
    from agentreach.graph.trusts import TrustBook
    from agentreach.identity import Evidence
    from agentreach.model import Key

_KINDS: Final = frozenset({"managed-identity", "application"})
_GUID: Final = 36
_DASHES: Final = 4


def join_federations(index: FactIndex, edges: Edges, trusts: TrustBook) -> None:
    """Lead accounts that name a client id to the identities that admit them."""
    identities = [one.key for one in index.of(Principal) if one.provider == "azure" and one.kind in _KINDS]
    accounts = service_accounts(index) if identities else {}
    for key, account in sorted(accounts.items()):
        named = [edge for edge in edges.of(key) if _is_client_id(edge, edges)]
        admitting = tuple(_admitting(account, identities, trusts)) if named else ()
        for edge in named if admitting else ():
            edges.walks[key].remove(edge)
            edges.outside.pop(edge.target, None)
            edges.named_at.pop(edge.target, None)
            for identity, verdict, evidence in admitting:
                certain = verdict is Verdict.ALLOWED and len(admitting) == 1
                edges.walks[key].append(
                    Edge(identity, edge.relation, (*edge.evidence, *evidence), certain, edge.gates, edge.inherited)
                )
                edges.users[identity].append(key)


def _is_client_id(edge: Edge, edges: Edges) -> bool:
    """A federated identity that is only named by a GUID, or not known at all."""
    name = edges.outside.get(edge.target, "")
    guid = len(name) == _GUID and name.count("-") == _DASHES
    return edge.relation == IdentityRelation.FEDERATED.value and edge.target in edges.outside and (guid or "…" in name)


def _admitting(
    account: Account, identities: list[Key], trusts: TrustBook
) -> Iterator[tuple[Key, Verdict, tuple[Evidence, ...]]]:
    for identity in identities:
        found = admission(identity, *account, trusts) if trusts.of(identity) else None
        if found is not None and found.verdict is not Verdict.DENIED:
            yield identity, found.verdict, found.evidence
