"""Roles and bindings that stand together: those of a root, and those of other roots that mean its accounts.

Account, binding and role may lie in different directories, each a root of its own. A binding joins the
account that it names where its own root knows no such account and exactly one other root does; a role
that is missing is taken from the one root that declares it. Two roots that both have the account, as the
overlays of two environments do, are two clusters, and nothing joins them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.rbac import Cluster, subject_name
from agentreach.graph.accounts import Account, service_accounts
from agentreach.identity import IdentityUse, RbacBinding, RbacRole
from agentreach.model import string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agentreach.graph.index import FactIndex
    from agentreach.identity import RbacSubject

_USER = "system:serviceaccount:"


def clusters(index: FactIndex) -> dict[str, Cluster]:
    """A cluster for every root that has roles, or accounts that are bound anywhere."""
    roles: defaultdict[str, list[RbacRole]] = defaultdict(list)
    bindings: defaultdict[str, list[RbacBinding]] = defaultdict(list)
    for role in index.of(RbacRole):
        roles[role.key.root].append(role)
    for binding in index.of(RbacBinding):
        bindings[binding.key.root].append(binding)
    own = {root: Cluster(roles[root], bindings[root]) for root in sorted({*roles, *bindings})}
    found = dict(own)
    joined = _joined(index)
    declaring = {name: [own[role.key.root] for role in some] for name, some in _by_name(index).items()}
    for root in sorted({*bindings, *joined}):
        bound = (*bindings[root], *joined.get(root, ()))
        borrowed = _borrowed(own.get(root) or Cluster((), ()), bound, own, declaring)
        if borrowed or root in joined:
            found[root] = Cluster((*roles[root], *borrowed), bound)
    return found


def _joined(index: FactIndex) -> dict[str, list[RbacBinding]]:
    """Bindings of other roots by the root of the account they mean, each with those subjects only."""
    homes = _homes(index)
    found: defaultdict[str, list[RbacBinding]] = defaultdict(list)
    for binding in index.of(RbacBinding):
        meant: defaultdict[str, list[RbacSubject]] = defaultdict(list)
        for subject in binding.subjects:
            roots = homes.get(_account(subject, binding), set())
            if len(roots) == 1 and binding.key.root not in roots:
                meant[next(iter(roots))].append(subject)
        for root, subjects in meant.items():
            found[root].append(replace(binding, subjects=tuple(subjects)))
    return found


def _account(subject: RbacSubject, binding: RbacBinding) -> Account | None:
    kind, name = subject_name(subject, binding) or ("", "")
    if kind != "User" or not name.startswith(_USER):
        return None
    namespace, _, account = name.removeprefix(_USER).partition(":")
    return Account(namespace, account)


def _homes(index: FactIndex) -> dict[Account | None, set[str]]:
    """The roots that declare an account; of one that nothing declares, those whose pods run as it."""
    declared: defaultdict[Account | None, set[str]] = defaultdict(set)
    used: defaultdict[Account | None, set[str]] = defaultdict(set)
    for key, account in service_accounts(index).items():
        declared[account].add(key.root)
    for use in index.of(IdentityUse):
        namespace, colon, name = (string(use.identity) or "").partition(":")
        if colon and ":" not in name:
            used[Account(namespace, name)].add(use.subject.root)
    return {**used, **declared}


def _by_name(index: FactIndex) -> dict[tuple[str | None, str], list[RbacRole]]:
    found: defaultdict[tuple[str | None, str], list[RbacRole]] = defaultdict(list)
    for role in index.of(RbacRole):
        found[role.namespace, role.name].append(role)
    return found


def _borrowed(
    here: Cluster,
    bound: Iterable[RbacBinding],
    own: Mapping[str, Cluster],
    declaring: Mapping[tuple[str | None, str], list[Cluster]],
) -> list[RbacRole]:
    """Roles that bindings name and their own root does not declare: the binding's root's, else the only one."""
    found: dict[tuple[str | None, str], RbacRole] = {}
    for binding in bound:
        if here.role_of(binding) is None:
            near = own[binding.key.root].role_of(binding)
            name = (binding.namespace if binding.role_kind == "Role" else None, binding.role_name)
            others = declaring.get(name, []) if near is None else []
            role = others[0].role_of(binding) if len(others) == 1 else near
            if role is not None:
                found[role.namespace, role.name] = replace(role, selectors=None)
    return list(found.values())
