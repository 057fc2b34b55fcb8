"""Service accounts that a role lets its holder become: hops of a chain, not grants.

Who may mint tokens of an account is that account. Who may only attach it to something, or mint tokens that say no
more than who it is, may become it under circumstances the role does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.verdict import Verdict
from agentreach.graph.edges import Edge
from agentreach.identity import Evidence, IdentityRelation, Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.edges import Edges
    from agentreach.graph.index import FactIndex
    from agentreach.graph.role_assignments import Assigned, RoleBook
    from agentreach.model import Key

_MINTS: Final = "iam.serviceAccounts.getAccessToken"
_PERHAPS: Final = frozenset({"roles/iam.serviceAccountUser", "roles/iam.serviceAccountOpenIdTokenCreator"})


def add_impersonation(edges: Edges, roles: RoleBook, index: FactIndex) -> None:
    """Add a hop from each holder to each account that its roles lead to and that no other hop leads to yet."""
    principals = {principal.key: principal for principal in index.of(Principal)}
    for holder in sorted({*principals, *roles.holders}):
        several = roles.held(holder)
        if not several:
            continue
        known = {edge.target for edge in edges.of(holder)}
        outside = holder in principals and principals[holder].provider == "kubernetes"
        found: dict[Key, Edge] = {}
        for held in several:
            for edge in _hops(holder, held, roles, outside=outside):
                if edge.target not in found or (edge.certain and not found[edge.target].certain):
                    found[edge.target] = edge
        edges.walks[holder] += [edge for target, edge in found.items() if target not in known]


def _hops(holder: Key, held: Assigned, roles: RoleBook, *, outside: bool) -> Iterator[Edge]:
    """`outside`: an account of a cluster has to ask for the token itself when nothing federates it."""
    if held.assignment.provider != "google":
        return
    mints = _MINTS in held.role.allowed
    if not mints and (held.role.name not in _PERHAPS or held.scope.is_wide):
        return
    for target, verdict in roles.scopes.accounts(held.scope, held.assignment.key.root):
        if target == holder:
            continue
        certain = mints and held.certain and verdict is Verdict.ALLOWED and not outside
        how = "may mint its tokens" if mints else "may act as it where it is attached"
        first, *rest = held.evidence
        evidence = (Evidence(first.at, f"{how}: {first.note}"), *rest)
        yield Edge(target, IdentityRelation.ASSUMES.value, evidence, certain, held.gates)
