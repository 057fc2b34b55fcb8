"""Which identities a principal can become by `sts:AssumeRole`: its own policies and the other's trust, together.

Both sides are sets of roles, and sets are integers: what the principal's policies name (`assume_grants`), and whom
the trusts admit. Most trusts are plain: without a condition they leave it to the policies of their account. The others
are asked by class (`trust_classes`), never pair by pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.verdict import Verdict
from agentreach.graph import places
from agentreach.graph.assume_grants import AssumeGrants
from agentreach.graph.edges import Edge
from agentreach.graph.role_index import NOBODY, Meant, RoleIndex
from agentreach.graph.spelling import arn
from agentreach.graph.trust_classes import REFUSED, Admission, TrustClasses
from agentreach.identity import Evidence, IdentityRelation
from agentreach.model import Key
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.assume_grants import Own
    from agentreach.graph.homes import Homes
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.graph.trust_classes import TrustClass
    from agentreach.graph.trusts import Trust, TrustBook
    from agentreach.model import Span


class _Sides(NamedTuple):
    """What a principal may become: roles of the code, and others that it names."""

    roles: Meant
    outside: tuple[Edge, ...]


_NOTHING = _Sides(NOBODY, ())


class Assumptions:
    """Answers once per principal; a role that nobody may assume costs nothing."""

    __slots__ = (
        "_classes",
        "_conditional",
        "_delegating",
        "_edges",
        "_found",
        "_grants",
        "_homes",
        "_plain",
        "_principals",
        "_to_all",
        "_to_some",
        "_trusts",
        "outside",
        "roles",
    )

    def __init__(
        self,
        trusts: TrustBook,
        layers: LayerBook,
        principals: PrincipalBook,
        sentences: SentenceBook,
        homes: Homes,
    ) -> None:
        self._trusts = trusts
        self._principals = principals
        self._homes = homes
        self._found: dict[Key, _Sides] = {}
        self._edges: dict[tuple[Key, Key], Edge] = {}
        self.outside: dict[Key, Span] = {}
        self.roles = RoleIndex(tuple(trusts.by_identity), principals, homes)
        self._grants = AssumeGrants(self.roles, layers, principals, sentences)
        self._classes = TrustClasses(trusts, self.roles, principals, homes)
        delegating = {key: found for key in self.roles.keys if (found := trusts.delegation(key)) is not None}
        self._delegating = delegating
        self._plain = self.roles.of(key for key, found in delegating.items() if found.certain)
        self._conditional = self.roles.of(key for key, found in delegating.items() if not found.certain)
        self._to_all = self._classes.grouped(trusts.anyone)
        self._to_some = self._classes.grouped(key for key in trusts.rooted if key not in delegating)

    def of(self, principal: Key) -> tuple[Edge, ...]:
        """The roles outside the code that it names: their trust is assumed to fit."""
        return self._sides(principal).outside

    def bulk(self, principal: Key) -> Meant:
        """The roles of the code that it can become, certainly or possibly, as sets of `roles`."""
        return self._sides(principal).roles

    def edge(self, principal: Key, role: Key) -> Edge:
        """Describe a hop to a role that the principal can become."""
        found = self._edges.get((principal, role))
        if found is None:
            found = self._edges[principal, role] = self._edge(principal, role)
        return found

    def _edge(self, principal: Key, role: Key) -> Edge:
        at = self._grants.line(principal, self.roles.position[role])
        lines = [Evidence(at, "may assume it")] if at is not None else []
        delegation = self._delegating.get(role)
        if delegation is not None:
            note = "its trust leaves it to the policies of the account"
            lines.append(Evidence(delegation.trust.statement.at, note))
        elif trust := _admitting(self._trusts.of(role), principal):
            lines.append(Evidence(trust.statement.at, "its trust admits this"))
        certain = self.roles.holds(self.bulk(principal).surely, role)
        return Edge(role, IdentityRelation.ASSUMES.value, tuple(lines), certain)

    def trusts(self, role: Key, principal: Key) -> Verdict:
        """Whether a role's trust admits a principal, whatever the principal's own policies say."""
        delegation = self._delegating.get(role)
        if delegation is not None and self.roles.holds(self.roles.living_in(self._homes.of(principal)), role):
            return Verdict.ALLOWED if delegation.certain else Verdict.POSSIBLE
        if role not in self._trusts.by_identity:
            return Verdict.DENIED
        return self._admission(principal, self._classes.of(role)).agreed

    def _sides(self, principal: Key) -> _Sides:
        found = self._found.get(principal)
        if found is None:
            declared = self._principals.get(principal)
            aws = declared is not None and declared.provider == "aws"
            found = self._found[principal] = self._both(principal) if aws else _NOTHING
        return found

    def _both(self, principal: Key) -> _Sides:
        own = self._grants.of(principal)
        near = self.roles.living_in(self._homes.of(principal))
        surely = own.allowed.surely & self._plain & near
        every = own.allowed.all & (self._plain | self._conditional) & near
        for admission, roles in self._admitting(principal, own):
            sure, perhaps = _joined(admission, own, roles)
            surely |= sure
            every |= perhaps
        at = self.roles.position.get(principal)
        others = -1 if at is None else ~(1 << at)
        return _Sides(Meant(surely & others, every & ~surely & others), tuple(self._outside(principal)))

    def _admitting(self, principal: Key, own: Own) -> Iterator[tuple[Admission, int]]:
        """What trusts that are not plain say about a principal, and for which roles each says it."""
        account, allowed = self._homes.of(principal), own.allowed.all
        named = self._classes.grouped(self._trusts.named.get(principal, ()))
        for groups, concerned in ((named, -1), (self._to_all, -1), (self._to_some, allowed)):
            for one, roles in groups.items() if concerned else ():
                if roles & concerned and not (one.accounts and account and account not in one.accounts):
                    yield self._admission(principal, one), roles

    def _admission(self, principal: Key, one: TrustClass) -> Admission:
        accounts = self._named_accounts(principal) if one.accounts else frozenset[str]()
        return self._classes.admission(principal, one, accounts)

    def _named_accounts(self, principal: Key) -> frozenset[str]:
        """The accounts whose roles its policies name."""
        patterns = (pattern.parts for one in self._grants.sentences(principal) for pattern in one.resources)
        return frozenset(account for place in places.named(patterns) if (account := places.account(place)) is not None)

    def _outside(self, principal: Key) -> Iterator[Edge]:
        """Roles that a statement names in full and that are not declared."""
        for one in self._grants.sentences(principal):
            for pattern in one.resources:
                if _names_a_role(pattern.text) and not any(self.roles.meant(pattern)):
                    key = Key(principal.root, pattern.text)
                    self.outside.setdefault(key, one.statement.at)
                    evidence = (Evidence(one.statement.at, "may assume it, if its trust admits this"),)
                    yield Edge(key, IdentityRelation.ASSUMES.value, evidence, certain=False)


def _joined(admission: Admission, own: Own, roles: int) -> tuple[int, int]:
    """The roles that a principal surely becomes, and all that it may: both sides agree, or the trust suffices."""
    if admission == REFUSED:
        return 0, 0
    surely = every = 0
    for verdict, said in ((admission.agreed, own.allowed), (admission.alone, own.left)):
        if verdict is Verdict.ALLOWED:
            surely |= said.surely
        if verdict is not Verdict.DENIED:
            every |= said.all
    return surely & roles, every & roles


def _admitting(trusts: tuple[Trust, ...], principal: Key) -> Trust | None:
    """The trust that names a principal, else the first that names none at all."""
    naming = (trust for trust in trusts if any(one.key == principal for one in trust.trusted))
    broad = (trust for trust in trusts if any(one.key is None and one.relation != "service" for one in trust.trusted))
    return next(naming, None) or next(broad, None)


def _names_a_role(resource: str) -> bool:
    parts = arn(resource)
    if parts is None or parts.service != "iam" or not parts.resource.startswith("role/"):
        return False
    return not set(resource) & set("*?…$")
