"""Kubernetes RBAC: additive, without deny.

Source: Kubernetes documentation, "Using RBAC Authorization", and the behaviour of the upstream authorizer.
Aggregated roles get the union of what their labels select; a role that is not declared grants nothing, unless every
cluster has it (`rbac_defaults`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.rbac_defaults import default_roles
from agentreach.access.rbac_steps import step_of, step_of_statement
from agentreach.access.verdict import Verdict
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.identity import RbacBinding, RbacRole, RbacStatement, RbacSubject

MASTERS: Final = "system:masters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """May the subject do `verb`? On a resource (namespace None: all namespaces), or on a non-resource URL."""

    subject: Subject
    verb: str
    api_group: str = ""
    resource: str = ""
    subresource: str | None = None
    namespace: str | None = None
    name: str | None = None
    non_resource_url: str | None = None


class Subject(NamedTuple):
    """A user name and the groups it is in."""

    user: str
    groups: frozenset[str]


class Bound(NamedTuple):
    """A rule that a binding gives a subject. `namespace` None: in all namespaces and for the cluster itself."""

    statement: RbacStatement
    role: RbacRole
    binding: RbacBinding
    namespace: str | None


class RbacDecision(NamedTuple):
    """The answer, the rules that give it, and bindings of the subject whose role is not declared."""

    verdict: Verdict
    because: tuple[Bound, ...]
    missing: tuple[RbacBinding, ...]


def service_account(namespace: str, name: str) -> Subject:
    """A service account, with the groups that every service account has."""
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
    return Subject(f"system:serviceaccount:{namespace}:{name}", frozenset(groups))


def allowed(query: Query, roles: Iterable[RbacRole], bindings: Iterable[RbacBinding]) -> RbacDecision:
    """Answer one query; for many queries on the same objects build one `Cluster`."""
    return Cluster(roles, bindings).allowed(query)


class Cluster:
    """The roles and bindings of one cluster: aggregated once, indexed by subject."""

    def __init__(self, roles: Iterable[RbacRole], bindings: Iterable[RbacBinding]) -> None:
        declared = tuple(roles)
        self._roles: dict[tuple[str | None, str], RbacRole] = {
            (None, role.name): _extended(role, declared) for role in default_roles().values()
        }
        self._roles |= {(role.namespace, role.name): role for role in aggregated(declared)}
        self._bindings: dict[tuple[str, str], list[RbacBinding]] = {}
        for binding in sorted(bindings, key=lambda one: one.namespace is not None):
            for subject in binding.subjects:
                self._index(subject, binding)

    def _index(self, subject: RbacSubject, binding: RbacBinding) -> None:
        name = subject_name(subject, binding)
        held = self._bindings.setdefault(name, []) if name else []
        if binding not in held[-1:]:
            held.append(binding)

    def role_of(self, binding: RbacBinding) -> RbacRole | None:
        """The role a binding refers to: a Role of its own namespace, or a ClusterRole."""
        if binding.role_kind == "Role":
            return self._roles.get((binding.namespace, binding.role_name)) if binding.namespace else None
        return self._roles.get((None, binding.role_name))

    def bindings_of(self, subject: Subject) -> Iterator[RbacBinding]:
        """Cluster-wide bindings first, then those of namespaces, each once."""
        names = [("User", subject.user), *(("Group", group) for group in sorted(subject.groups))]
        found = [binding for name in names for binding in self._bindings.get(name, ())]
        unique = {id(binding): binding for binding in found}
        yield from sorted(unique.values(), key=lambda one: one.namespace is not None)

    def rules_of(self, subject: Subject) -> Iterator[Bound]:
        """Every rule the subject has, and the binding that gives it."""
        for binding in self.bindings_of(subject):
            role = self.role_of(binding)
            if role is not None:
                yield from (Bound(statement, role, binding, binding.namespace) for statement in role.statements)

    def missing_of(self, subject: Subject) -> tuple[RbacBinding, ...]:
        """Bindings of the subject whose role is not declared: they grant nothing."""
        return tuple(binding for binding in self.bindings_of(subject) if self.role_of(binding) is None)

    def allowed(self, query: Query) -> RbacDecision:
        """Allowed when any rule covers the query, and for members of `system:masters`."""
        if MASTERS in query.subject.groups:
            return RbacDecision(Verdict.ALLOWED, (), ())
        covering = tuple(rule for rule in self.rules_of(query.subject) if covers(rule, query))
        verdict = Verdict.ALLOWED if covering else Verdict.DENIED
        return RbacDecision(verdict, covering, self.missing_of(query.subject))


def subject_name(subject: RbacSubject, binding: RbacBinding) -> tuple[str, str] | None:
    """Who a binding's subject is; a service account without namespace lives in the RoleBinding's."""
    if subject.kind != "ServiceAccount":
        return subject.kind, subject.name
    namespace = subject.namespace or binding.namespace
    return ("User", f"system:serviceaccount:{namespace}:{subject.name}") if namespace else None


def covers(rule: Bound, query: Query) -> bool:
    """Whether a bound rule allows a query."""
    if not _lists(rule.statement.verbs, query.verb):
        return False
    if query.non_resource_url is not None:
        return rule.namespace is None and _covers_url(rule, query.non_resource_url)
    if rule.namespace is not None and rule.namespace != query.namespace:
        return False
    return _covers_resource(rule.statement, query)


def _lists(listed: tuple[str, ...], wanted: str) -> bool:
    return "*" in listed or wanted in listed


def _covers_url(rule: Bound, url: str) -> bool:
    """Exact, `*`, or a prefix before a final `*`; only a ClusterRole through a ClusterRoleBinding."""
    if rule.role.namespace is not None:
        return False
    return any(
        url == pattern or (pattern.endswith("*") and url.startswith(pattern[:-1].rstrip("*")))
        for pattern in rule.statement.non_resource_urls
    )


def _covers_resource(statement: RbacStatement, query: Query) -> bool:
    if not _lists(statement.api_groups, query.api_group):
        return False
    wanted = f"{query.resource}/{query.subresource}" if query.subresource else query.resource
    anywhere = {"*", wanted} | ({f"*/{query.subresource}"} if query.subresource else set())
    return not anywhere.isdisjoint(statement.resources) and _covers_name(statement, query)


def _covers_name(statement: RbacStatement, query: Query) -> bool:
    """Rules with names cover requests for one of them; requests that carry no name, like create, never."""
    return not statement.resource_names or (query.name is not None and query.name in statement.resource_names)


def aggregated(roles: Iterable[RbacRole]) -> tuple[RbacRole, ...]:
    """Every role, the rules of an aggregated ClusterRole replaced by those its labels select, to a fixpoint."""
    declared = tuple(roles)
    return tuple(_united(role, declared) if role.selectors is not None else role for role in declared)


def _extended(role: RbacRole, declared: tuple[RbacRole, ...]) -> RbacRole:
    """A default role: its own rules, and those of declared roles that carry its label."""
    if role.selectors is None:
        return role
    added = _united(role, declared).statements
    return replace(role, statements=role.statements + added) if added else role


def _united(role: RbacRole, declared: tuple[RbacRole, ...]) -> RbacRole:
    statements: dict[int, RbacStatement] = {}
    seen, waiting = {role.name}, [role]
    while waiting:
        for found in _selected(waiting.pop(), declared):
            if found.name not in seen:
                seen.add(found.name)
                waiting.append(found)
                if found.selectors is None:
                    statements.update((id(one), one) for one in found.statements)
    return replace(role, statements=tuple(statements.values()))


def _selected(role: RbacRole, declared: tuple[RbacRole, ...]) -> Iterator[RbacRole]:
    for other in declared:
        if other.namespace is None and any(_labelled(other, labels) for labels in role.selectors or ()):
            yield other


def _labelled(role: RbacRole, labels: dict[str, str]) -> bool:
    return all(role.labels.get(key) == value for key, value in labels.items())


__all__ = [
    "MASTERS",
    "Bound",
    "Cluster",
    "Query",
    "RbacDecision",
    "Subject",
    "aggregated",
    "allowed",
    "covers",
    "service_account",
    "step_of",
    "step_of_statement",
    "subject_name",
]
