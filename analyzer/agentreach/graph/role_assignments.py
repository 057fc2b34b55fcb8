"""Google IAM bindings, Azure role assignments and the like: who holds which role where, as rows of reach."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from agentreach.access.verdict import Verdict
from agentreach.graph.resolve import root_of
from agentreach.graph.role_assignments_members import MemberBook
from agentreach.graph.role_assignments_roles import Role, custom, predefined
from agentreach.graph.role_assignments_scopes import ScopeBook
from agentreach.graph.rows import Rights, Row
from agentreach.graph.spelling import spell
from agentreach.graph.views import GateView
from agentreach.identity import Evidence, Membership, Principal, RoleAssignment, RoleDefinition
from agentreach.late_regex import late_regex
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.production import Environments
    from agentreach.graph.resolve import Directory
    from agentreach.graph.role_assignments_roles import Gift
    from agentreach.graph.role_assignments_scopes import Scope
    from agentreach.identity import System
    from agentreach.model import Key

_ENDS: Final = late_regex(r"request\.time\s*<=?\s*timestamp\(\s*[\"']([^\"']{1,64})[\"']\s*\)")
_ABOUT_RESOURCES: Final = ("resource.name", "resource.type", "resource.service", "@resource[", "matchtag")
_OR: Final = "||"
_SHOWN: Final = 3
_IMPERSONATING: Final = frozenset(
    {
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountUser",
        "roles/iam.workloadIdentityUser",
        "roles/iam.serviceAccountOpenIdTokenCreator",
    }
)
"""On a named service account these are edges to it, not grants."""


class Assigned(NamedTuple):
    """A role that a principal holds, with everything that is known of it.

    `certain`: the role, the member and the scope are; no condition and no undecided branch stand in the way.
    """

    assignment: RoleAssignment
    role: Role
    scope: Scope
    evidence: tuple[Evidence, ...]
    gates: tuple[GateView, ...]
    certain: bool
    standing: bool | None
    narrowed: bool

    @property
    def verdict(self) -> Verdict:
        """Allowed, or possible under a condition."""
        return Verdict.ALLOWED if self.certain else Verdict.POSSIBLE

    @property
    def cause(self) -> str:
        """The declaration and the role, without line numbers."""
        return f"{self.assignment.key.address}:{self.role.name}"


class RoleBook:
    """All assignments of a scan by who holds them."""

    __slots__ = ("_by_member", "_directory", "_environments", "_groups", "_held", "_rows", "members", "scopes")

    def __init__(self, index: FactIndex, directory: Directory, environments: Environments) -> None:
        self._directory = directory
        self._environments = environments
        self.scopes = ScopeBook(index, directory)
        self.members = MemberBook(index, directory)
        self._by_member: defaultdict[Key, list[tuple[RoleAssignment, bool]]] = defaultdict(list)
        self._groups: defaultdict[Key, list[tuple[Key, Evidence, bool]]] = defaultdict(list)
        self._held: dict[Key, tuple[Assigned, ...]] = {}
        self._rows: dict[Key, tuple[Row, ...]] = {}
        for assignment in index.of(RoleAssignment):
            found = self.members.of(assignment)
            for key in found.keys:
                self._by_member[key].append((assignment, found.certain))
        for membership in index.of(Membership):
            self._join(membership)

    def _join(self, membership: Membership) -> None:
        root = root_of(membership.group, membership.member)
        groups = self._directory.resolve(membership.group, root, (Principal,))
        members = self._directory.resolve(membership.member, root, (Principal,))
        for group in groups.keys:
            for member in members.keys:
                evidence = Evidence(membership.at, f"member of {group.address}")
                self._groups[member].append((group, evidence, groups.certain and members.certain))

    @property
    def holders(self) -> tuple[Key, ...]:
        """Everyone who holds a role, in order; groups too."""
        return tuple(sorted(self._by_member))

    def held(self, identity: Key) -> tuple[Assigned, ...]:
        """The roles of an identity, those of its groups included; what a passed date ended is left out."""
        found = self._held.get(identity)
        if found is None:
            found = self._held[identity] = tuple(self._all(identity))
        return found

    def rows(self, identity: Key) -> tuple[Row, ...]:
        """What an identity may do, by role, service and step."""
        found = self._rows.get(identity)
        if found is None:
            held = (one for one in self.held(identity) if not is_impersonation(one))
            found = self._rows[identity] = tuple(self._row(one, gift) for one in held for gift in one.role.gifts)
        return found

    def _all(self, identity: Key) -> Iterator[Assigned]:
        for assignment, sure in (*self._by_member.get(identity, ()), *self.members.alike(identity, self._by_member)):
            yield from self._assigned(assignment, (), certain=sure)
        for group, evidence, certain in self._groups.get(identity, ()):
            for assignment, sure in self._by_member.get(group, ()):
                yield from self._assigned(assignment, (evidence,), certain=sure and certain)

    def _assigned(self, one: RoleAssignment, through: tuple[Evidence, ...], *, certain: bool) -> Iterator[Assigned]:
        scope = self.scopes.of(one.scope, one.provider, one.key.root)
        role, sure = self._role(one, scope)
        expression = spell(one.condition) if one.condition is not None else ""
        ends = _end(expression)
        if role is None or (ends is not None and ends < datetime.now(UTC)):
            return
        yield Assigned(
            assignment=one,
            role=role,
            scope=scope,
            evidence=(*_lines(one, role, scope), *through),
            gates=tuple(_gates(one, ends)),
            certain=certain and sure and one.certain and one.condition is None,
            standing=not (one.eligible or ends is not None),
            narrowed=any(word in expression.lower() for word in _ABOUT_RESOURCES),
        )

    def _role(self, one: RoleAssignment, scope: Scope) -> tuple[Role | None, bool]:
        """The role by its definition where one is declared, else by its name."""
        match = self._directory.resolve(one.role, one.key.root, (RoleDefinition,))
        definitions = [found for key in match.keys if (found := self.members.definition(key)) is not None]
        if definitions:
            return custom(definitions[0]), match.certain
        name = string(one.role)
        if name is None:
            return None, False
        return predefined(one.provider, name, scope.name), True

    def _row(self, held: Assigned, gift: Gift) -> Row:
        systems = tuple(self._systems(held, gift))
        around = {found for one in systems if (found := self._environments.of(one.key)) is not None}
        own = self._environments.of_text(held.scope.shown)
        rights = Rights(
            step=gift.step,
            service=gift.service,
            provider=held.assignment.provider,
            actions=gift.actions,
            names=gift.names,
            resources=gift.resources or (held.scope.shown,),
            statement=held.assignment,
            wildcard_action=gift.wide,
            wildcard_resource=gift.wide if gift.resources else held.scope.is_wide and not held.narrowed,
            systems=systems,
            production=any(map(self._environments.says_production, (held.scope.shown, *gift.resources)))
            or any(self._environments.is_production(one.key) for one in systems),
            environments=frozenset(around if own is None else {own, *around}),
            certain=held.certain and gift.certain,
            conditional=held.assignment.condition is not None,
        )
        return Row(
            rights=rights,
            evidence=_evidence(held, gift),
            cause=held.cause,
            policy=held.role.definition.key if held.role.definition else held.assignment.key,
            managed="" if held.role.definition else held.role.name,
            standing=held.standing,
            gates=held.gates,
        )

    def _systems(self, held: Assigned, gift: Gift) -> Iterator[System]:
        """Declared systems of the role's service within its scope; a named one whatever the service is called."""
        for system in self.scopes.systems(held.scope, held.assignment.key.root):
            named = held.scope.key == system.key
            if (named or gift.service in {"*", system.service}) and system.kind not in _CONTAINERS:
                yield system


_CONTAINERS: Final = frozenset({"project", "folder", "subscription", "resource-group"})


def is_impersonation(held: Assigned) -> bool:
    """Whether a role on a named service account only leads to it."""
    return held.role.name in _IMPERSONATING and not held.scope.is_wide


def _evidence(held: Assigned, gift: Gift) -> tuple[Evidence, ...]:
    """Where a declared role says what it gives, then the assignment."""
    first, *rest = held.evidence
    if gift.note:
        first = Evidence(first.at, f"{first.note} ({gift.note})")
    if gift.at is None:
        return (first, *rest)
    return (Evidence(gift.at, f"role {held.role.name} allows {', '.join(gift.actions[:_SHOWN])}"), first, *rest)


def _lines(one: RoleAssignment, role: Role, scope: Scope) -> Iterator[Evidence]:
    """The line that assigns it."""
    how = "may be given" if one.eligible else "grants"
    condition = " under a condition" if one.condition is not None else ""
    yield Evidence(one.at, f"{how} {role.name} on {scope.shown}{condition}")
    written = one.role.at
    if role.definition is None and not (written.source is one.at.source and one.at.start <= written.start < one.at.end):
        yield Evidence(written, f"names {role.name}")


def _gates(one: RoleAssignment, ends: datetime | None) -> Iterator[GateView]:
    """A request that somebody has to approve, a grant that ends by itself."""
    if one.eligible and one.approved is not False:
        note = "a request has to be approved" if one.approved else "granted on request"
        yield GateView(kind="approval", subject=one.key, at=one.at, note=note, holds=one.approved)
    if ends is not None and one.condition is not None:
        yield GateView(kind="condition", subject=one.key, at=one.condition.at, note=f"ends {ends:%Y-%m-%d}")


def _end(expression: str) -> datetime | None:
    """When a grant ends, if its condition says so for every case."""
    match = _ENDS.search(expression)
    if match is None or _OR in expression:
        return None
    try:
        moment = datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
