"""What Kubernetes RBAC gives a service account, as rows of reach."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.rbac import service_account
from agentreach.access.rbac_scope import is_of_the_cluster
from agentreach.access.rbac_steps import step_of
from agentreach.graph.accounts import Account, service_accounts
from agentreach.graph.clusters import clusters
from agentreach.graph.rows import Rights, Row
from agentreach.identity import Evidence, Step, System
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.access.rbac import Bound, Cluster
    from agentreach.graph.index import FactIndex
    from agentreach.graph.production import Environments
    from agentreach.identity import RbacBinding, RbacStatement
    from agentreach.model import Key


_CORE = (
    "pods secrets configmaps services nodes namespaces serviceaccounts persistentvolumes persistentvolumeclaims"
    " endpoints replicationcontrollers resourcequotas limitranges podtemplates"
)
_HOMES: dict[str, frozenset[str]] = {
    **dict.fromkeys(_CORE.split(), frozenset({"", "metrics.k8s.io"})),
    **dict.fromkeys(["deployments", "replicasets", "daemonsets"], frozenset({"apps", "extensions"})),
    **dict.fromkeys(["statefulsets", "controllerrevisions"], frozenset({"apps"})),
    **dict.fromkeys(["jobs", "cronjobs"], frozenset({"batch", "batch.volcano.sh"})),
    **dict.fromkeys(
        ["roles", "rolebindings", "clusterroles", "clusterrolebindings"], frozenset({"rbac.authorization.k8s.io"})
    ),
}
"""Resources of built-in groups: a rule that lists groups and resources side by side also names pairs nobody has."""


class _Cell(NamedTuple):
    """One verb on one resource of one API group, with the step it gives."""

    step: Step
    group: str
    verb: str
    resource: str


class RbacBook:
    """What accounts may do in their root's cluster."""

    __slots__ = ("_by_namespace", "_clusters", "_environments", "_highest", "_rows", "_systems", "accounts")

    def __init__(self, index: FactIndex, environments: Environments) -> None:
        self._environments = environments
        self._clusters = clusters(index)
        self.accounts = service_accounts(index)
        self._rows: dict[Key, tuple[Row, ...]] = {}
        self._highest: dict[Key, Step] = {}
        self._by_namespace: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
        for key, account in self.accounts.items():
            self._by_namespace[key.root, account.namespace].append(key)
        self._systems: defaultdict[tuple[str, str], list[System]] = defaultdict(list)
        for system in index.of(System):
            if "/" in system.service:
                self._systems[system.key.root, system.service.partition("/")[2].lower()].append(system)

    def account(self, key: Key) -> Account | None:
        """The service account a key stands for, declared or only named."""
        found = self.accounts.get(key)
        kind, _, rest = key.address.partition("/")
        namespace, slash, name = rest.partition("/")
        if found is None and kind == "ServiceAccount" and slash:
            return Account(namespace, name)
        return found

    def accounts_of(self, root: str, namespace: str) -> Sequence[Key]:
        """The declared service accounts of a namespace."""
        return self._by_namespace.get((root, namespace), ())

    def cluster(self, key: Key) -> Cluster | None:
        """The cluster a key belongs to."""
        return self._clusters.get(key.root)

    def rules(self, key: Key) -> tuple[Bound, ...]:
        """Every rule bound to a service account."""
        account, cluster = self.account(key), self.cluster(key)
        if account is None or cluster is None:
            return ()
        return tuple(cluster.rules_of(service_account(*account)))

    def missing(self, key: Key) -> tuple[RbacBinding, ...]:
        """Bindings of the account whose role is not declared."""
        account, cluster = self.account(key), self.cluster(key)
        return cluster.missing_of(service_account(*account)) if account and cluster else ()

    def rows(self, key: Key) -> tuple[Row, ...]:
        """What a service account may do, by rule, API group and step."""
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = tuple(row for bound in self.rules(key) for row in self._of(bound, key.root))
        return found

    def highest(self, key: Key) -> Step:
        """The highest step of what a service account may do."""
        found = self._highest.get(key)
        if found is None:
            steps = (cell.step for bound in self.rules(key) for cell in _cells(bound))
            found = self._highest[key] = max(steps, default=Step.OBSERVE)
        return found

    def _of(self, bound: Bound, root: str) -> Iterator[Row]:
        grouped: defaultdict[tuple[Step, str], list[_Cell]] = defaultdict(list)
        for cell in _cells(bound):
            grouped[cell.step, cell.group].append(cell)
        for (step, group), cells in sorted(grouped.items()):
            yield self._row(bound, step, group, cells, root)

    def _row(self, bound: Bound, step: Step, group: str, cells: list[_Cell], root: str) -> Row:
        statement, namespace = bound.statement, bound.namespace
        names = tuple(dict.fromkeys(f"{cell.verb} {cell.resource}" for cell in cells))
        kinds = sorted({cell.resource for cell in cells})
        reached = self._reached(bound, kinds, root)
        systems = tuple(one for one in reached if step is not Step.SECRETS or one.kind == "secret")
        rights = Rights(
            step=step,
            service=group or "v1",
            provider="kubernetes",
            actions=tuple(dict.fromkeys(cell.verb for cell in cells)),
            names=names,
            resources=tuple(_scoped(kinds, statement, namespace)),
            statement=statement,
            wildcard_action="*" in statement.verbs,
            wildcard_resource=not statement.resource_names and (namespace is None or "*" in kinds),
            scopable=not statement.non_resource_urls,
            systems=systems,
            production=self._is_production(bound, systems),
            environments=frozenset(self._around(bound, systems)),
            namespace=namespace,
        )
        return Row(
            rights=rights,
            evidence=evidence_of(bound),
            cause=f"{bound.role.key.address}:{statement.spot}@{bound.binding.key.address}",
            policy=bound.role.key,
            managed=bound.role.name if bound.role.key.address == bound.role.name else "",
        )

    def _reached(self, bound: Bound, kinds: list[str], root: str) -> Iterator[System]:
        """Declared objects that the rule covers, by kind, namespace and name."""
        for (place, kind), systems in self._systems.items():
            if place == root and ("*" in kinds or f"{kind}s" in kinds):
                yield from (one for one in systems if _covers(bound, one))

    def _around(self, bound: Bound, systems: tuple[System, ...]) -> Iterator[str]:
        said = [self._environments.of(one.key) for one in systems]
        said.append(self._environments.of_text(bound.namespace or ""))
        yield from (one for one in said if one is not None)

    def _is_production(self, bound: Bound, systems: tuple[System, ...]) -> bool:
        if bound.namespace is not None and self._environments.says_production(bound.namespace):
            return True
        return any(self._environments.is_production(one.key) for one in systems)


def _exists(group: str, resource: str) -> bool:
    """Whether an API group may have a resource: those of the built-in groups are known, `*` is any."""
    homes = _HOMES.get(resource.partition("/")[0])
    return group == "*" or homes is None or group in homes


def _cells(bound: Bound) -> Iterator[_Cell]:
    """What a rule allows, one by one. In a namespace: nothing of the cluster itself, and at most its administration."""
    statement = bound.statement
    pairs = [(group, resource) for group in statement.api_groups for resource in statement.resources]
    real = [pair for pair in pairs if _exists(*pair)] or pairs
    if bound.namespace is not None:
        within = [pair for pair in real if not is_of_the_cluster(*pair)]
        yield from (cell._replace(step=min(cell.step, Step.IDENTITY)) for cell in _pairs(statement, within))
        return
    yield from _pairs(statement, real)
    for verb in statement.verbs:
        for url in statement.non_resource_urls:
            yield _Cell(Step.OBSERVE, "", verb, url)


def _pairs(statement: RbacStatement, pairs: list[tuple[str, str]]) -> Iterator[_Cell]:
    for verb in statement.verbs:
        for group, resource in pairs:
            yield _Cell(step_of(verb, group, resource), group, verb, resource)


def _scoped(kinds: list[str], statement: RbacStatement, namespace: str | None) -> Iterator[str]:
    where = f" in {namespace}" if namespace is not None else ""
    for kind in kinds:
        if statement.resource_names and not kind.startswith("/"):
            yield from (f"{kind}/{name}{where}" for name in statement.resource_names)
        else:
            yield f"{kind}{where}"


def evidence_of(bound: Bound) -> tuple[Evidence, ...]:
    """The rule and its binding; a rule that every cluster has stands in no file, so the binding speaks for it."""
    role = f"{bound.binding.role_kind} {bound.role.name}"
    scope = "in all namespaces" if bound.namespace is None else f"in namespace {bound.namespace}"
    allows = f"{role} allows {', '.join(bound.statement.verbs)}"
    if not bound.statement.at.source.text:
        return (Evidence(bound.binding.role_at, f"{allows}, bound {scope}; every cluster has this role"),)
    return (
        Evidence(bound.statement.at, allows),
        Evidence(bound.binding.at, f"binds {role} {scope}"),
    )


def _covers(bound: Bound, system: System) -> bool:
    parts = system.key.address.split("/")
    namespace = parts[-2] if len(parts) > 2 else None  # noqa: PLR2004 - Kind/namespace/name
    if bound.namespace is not None and namespace != bound.namespace:
        return False
    return not bound.statement.resource_names or parts[-1] in bound.statement.resource_names
