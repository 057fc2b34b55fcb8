"""Which identities a principal can become by `sts:AssumeRole`: its own policies and the other's trust, together.

Most trusts are plain: without a condition they leave it to the policies of their account. What a principal with
plain policies can become of those is a set of roles, an integer; only the rest is evaluated pair by pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach.access import actions
from agentreach.access.aws import evaluate
from agentreach.access.request import Layers, Request, ResourcePolicyKind
from agentreach.access.verdict import Verdict
from agentreach.graph import places
from agentreach.graph.edges import Edge
from agentreach.graph.role_index import RoleIndex
from agentreach.graph.spelling import arn
from agentreach.identity import Evidence, IdentityRelation
from agentreach.model import Key
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.request import Decision
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.sentences import Sentence, SentenceBook
    from agentreach.graph.trusts import TrustBook
    from agentreach.identity import Statement
    from agentreach.model import Span

ASSUME = "sts:AssumeRole"


class Bulk(NamedTuple):
    """Roles as bits: those that a principal certainly can become, and those under a condition of the trust."""

    certain: int
    possible: int


class _Sides(NamedTuple):
    """What a principal may become: sets of roles, and pairs that had to be evaluated."""

    bulk: Bulk
    edges: tuple[Edge, ...]


_NONE = Bulk(0, 0)
_NOBODY = _Sides(_NONE, ())


class Assumptions:
    """Answers once per principal; a role that nobody may assume costs nothing."""

    __slots__ = (
        "_conditional",
        "_delegating",
        "_found",
        "_layers",
        "_open",
        "_plain",
        "_principals",
        "_reduced",
        "_sentences",
        "_trusts",
        "outside",
        "roles",
    )

    def __init__(
        self, trusts: TrustBook, layers: LayerBook, principals: PrincipalBook, sentences: SentenceBook
    ) -> None:
        self._trusts = trusts
        self._layers = layers
        self._principals = principals
        self._sentences = sentences
        self._found: dict[Key, _Sides] = {}
        self.outside: dict[Key, Span] = {}
        self._reduced: dict[Key, Layers] = {}
        self.roles = RoleIndex(tuple(trusts.by_identity), principals)
        delegating = {key: found for key in self.roles.keys if (found := trusts.delegation(key)) is not None}
        self._delegating = delegating
        self._plain = self._bits(key for key, found in delegating.items() if found.certain)
        self._conditional = self._bits(key for key, found in delegating.items() if not found.certain)
        self._open = self._bits(trusts.rooted)

    def _bits(self, roles: Iterable[Key]) -> int:
        bits = bytearray(len(self.roles.keys) // 8 + 1)
        for key in roles:
            at = self.roles.position[key]
            bits[at // 8] |= 1 << at % 8
        return int.from_bytes(bits, "little")

    def of(self, principal: Key) -> tuple[Edge, ...]:
        """The roles that had to be asked about one by one."""
        return self._sides(principal).edges

    def bulk(self, principal: Key) -> Bulk:
        """The roles that it can become as well, as bits of `roles`."""
        return self._sides(principal).bulk

    def edge(self, principal: Key, role: Key) -> Edge:
        """Describe a hop to a role of the bulk."""
        at = self.roles.position[role]
        granting = (one for one in self._granting(principal) if self._meant(one)[0] >> at & 1)
        lines = [Evidence(one.statement.at, "may assume it") for one in granting][:1]
        delegation = self._delegating.get(role)
        if delegation is not None:
            note = "its trust leaves it to the policies of the account"
            lines.append(Evidence(delegation.trust.statement.at, note))
        certain = delegation is not None and delegation.certain
        return Edge(role, IdentityRelation.ASSUMES.value, tuple(lines), certain)

    def trusts(self, role: Key, principal: Key) -> Verdict:
        """Whether a role's trust admits a principal, whatever the principal's own policies say."""
        delegation = self._delegating.get(role)
        if delegation is not None:
            return Verdict.ALLOWED if delegation.certain else Verdict.POSSIBLE
        if principal not in self._named(role):
            return Verdict.DENIED
        return Verdict.ALLOWED

    def _named(self, role: Key) -> set[Key | None]:
        return {one.key for trust in self._trusts.of(role) for one in trust.trusted}

    def decide(self, principal: Key, role: Key) -> Decision:
        """Evaluate both sides for one pair, in the accounts that the code gives or, failing that, that they name."""
        decision = self._decide(principal, role, ())
        if decision.verdict is not Verdict.POSSIBLE:
            return decision
        meant = [resource.parts for one in self._granting(principal) for resource in one.resources]
        trusted = (one for trust in self._trusts.of(role) for one in trust.trusted)
        meant += ((one.name,) for one in trusted if one.key == principal)
        elsewhere = [self._decide(principal, role, place) for place in places.named(meant)]
        return max(elsewhere or [decision], key=lambda one: one.verdict)

    def _decide(self, principal: Key, role: Key, place: places.Place) -> Decision:
        text, aliases = self._principals.arn(role)
        facts = self._principals.facts(principal)
        account = places.account(place)
        request = Request(
            action=ASSUME,
            resource=places.put(text, place),
            aliases=aliases,
            principal=replace(facts, arn=places.put(facts.arn, place), account=facts.account or account),
            resource_account=self._principals.facts(role).account or account,
        )
        return evaluate(request, _with_trust(self._about(principal), self._trusts.statements(role)))

    def _sides(self, principal: Key) -> _Sides:
        found = self._found.get(principal)
        if found is None:
            declared = self._principals.get(principal)
            aws = declared is not None and declared.provider == "aws"
            found = self._found[principal] = self._both(principal) if aws else _NOBODY
        return found

    def _both(self, principal: Key) -> _Sides:
        granting = self._granting(principal)
        named = {*self._trusts.named.get(principal, ()), *self._trusts.anyone}
        surely, maybe = 0, 0
        for one in granting:
            sure, perhaps = self._meant(one)
            surely |= sure
            maybe |= perhaps
        own = self.roles.position.get(principal)
        others = -1 if own is None else ~(1 << own)
        free = surely & others if self._is_free(principal) else 0
        bulk = Bulk(free & self._plain, free & self._conditional)
        together = bulk.certain | bulk.possible
        single = {*named, *self.roles.at((surely | maybe) & self._open & others & ~together)} - {principal}
        edges = (self._pair(principal, role) for role in sorted(single) if not self._is_in(bulk.certain, role))
        found = (*(edge for edge in edges if edge is not None), *self._outside(principal, granting))
        sure = self._bits(edge.target for edge in found if edge.certain and edge.target in self.roles.position)
        return _Sides(bulk._replace(possible=bulk.possible & ~sure), found)

    def _outside(self, principal: Key, granting: list[Sentence]) -> Iterator[Edge]:
        """Roles that a statement names in full and that are not declared: their trust is assumed to fit."""
        for one in granting:
            for pattern in one.resources:
                if _names_a_role(pattern.text) and not any(self.roles.meant(pattern)):
                    key = Key(principal.root, pattern.text)
                    self.outside.setdefault(key, one.statement.at)
                    evidence = (Evidence(one.statement.at, "may assume it, if its trust admits this"),)
                    yield Edge(key, IdentityRelation.ASSUMES.value, evidence, certain=False)

    def _is_in(self, bits: int, role: Key) -> bool:
        return bool(bits >> self.roles.position[role] & 1)

    def _granting(self, principal: Key) -> list[Sentence]:
        statements = (self._sentences.of(one) for one in self._about(principal).identity)
        return [one for one in statements if one.statement.effect != "Deny"]

    def _meant(self, one: Sentence) -> tuple[int, int]:
        """The roles that a statement names: certainly when nothing about the statement is in doubt."""
        everyone = (1 << len(self.roles.keys)) - 1
        if one.excludes_resources or one.unknown:
            return 0, everyone
        surely, maybe = 0, 0
        for pattern in one.resources:
            sure, perhaps = self.roles.meant(pattern)
            surely |= sure
            maybe |= perhaps
        statement = one.statement
        plain = statement.certain and statement.effect == "Allow" and not statement.conditions
        return (surely, maybe) if plain and one.bits & actions.expand(ASSUME) else (0, surely | maybe)

    def _is_free(self, principal: Key) -> bool:
        """Whether nothing limits the identity policies as far as assuming roles goes."""
        layers = self._about(principal)
        limited = layers.boundary is not None or layers.session is not None or bool(layers.service_control)
        return not limited and all(one.effect == "Allow" for one in layers.identity)

    def _about(self, principal: Key) -> Layers:
        """The layers without the identity statements that do not speak about assuming roles."""
        found = self._reduced.get(principal)
        if found is None:
            layers = self._layers.of(principal)
            wanted = actions.expand(ASSUME)
            kept = tuple(one for one in layers.identity if self._sentences.of(one).reach & wanted)
            found = self._reduced[principal] = _with_identity(layers, kept)
        return found

    def _pair(self, principal: Key, role: Key) -> Edge | None:
        decision = self.decide(principal, role)
        if decision.verdict is Verdict.DENIED:
            return None
        trusting = {id(one.statement) for one in self._trusts.of(role)}
        granting = set(map(id, self._about(principal).identity))
        allowing = [because.statement for because in decision.because if because.effect == "Allow"]
        evidence = (
            *_lines((one for one in allowing if id(one) in granting), "may assume it"),
            *_lines((one for one in allowing if id(one) in trusting), "its trust admits this"),
        )
        return Edge(role, IdentityRelation.ASSUMES.value, evidence, decision.verdict is Verdict.ALLOWED)


def _names_a_role(resource: str) -> bool:
    parts = arn(resource)
    if parts is None or parts.service != "iam" or not parts.resource.startswith("role/"):
        return False
    return not set(resource) & set("*?…$")


def _lines(statements: Iterable[Statement], note: str) -> Iterator[Evidence]:
    return (Evidence(statement.at, note) for statement in statements)


def _with_identity(layers: Layers, identity: tuple[Statement, ...]) -> Layers:
    return Layers(
        identity=identity,
        boundary=layers.boundary,
        session=layers.session,
        service_control=layers.service_control,
    )


def _with_trust(layers: Layers, trust: tuple[Statement, ...]) -> Layers:
    return Layers(
        identity=layers.identity,
        boundary=layers.boundary,
        session=layers.session,
        service_control=layers.service_control,
        resource_policy=trust,
        resource_policy_kind=ResourcePolicyKind.TRUST,
    )
