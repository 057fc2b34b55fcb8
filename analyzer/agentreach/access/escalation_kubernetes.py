"""Which Kubernetes paths of the catalogue fire for a subject's rules.

Every need must be met in one place: cluster-wide, or within one namespace. Rules limited to names reach those names
only; names never reach requests that carry none, like create.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from agentreach.access.rbac_scope import is_of_the_cluster
from agentreach.identity import Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from agentreach.access.rbac import Bound
    from agentreach.identity import RbacStatement

_FILE: Final = FilePath(__file__).parent / "data" / "escalation_kubernetes.json"
_UNNAMED: Final = frozenset({"create", "deletecollection"})
_AWS_AUTH: Final = ("kube-system", "aws-auth")


class Verb(NamedTuple):
    """A verb on a resource: `Verb("create", "", "pods/exec")`."""

    verb: str
    group: str
    resource: str


class KubernetesEntry(NamedTuple):
    """One path. Every element of `needs` is met by any one of its verbs.

    `cluster` and `namespaced` are the steps it yields in either place. `scope`: "either", "cluster" (only
    cluster-wide rules), "aws-auth" (only what reaches that map). `outside` says what is gained, per place.
    """

    id: str
    title: str
    needs: tuple[tuple[Verb, ...], ...]
    cluster: Step
    namespaced: Step
    scope: str
    outside: tuple[str, str]
    references: tuple[str, ...]


class KubernetesPath(NamedTuple):
    """An entry that fires in a namespace, or cluster-wide when that is None.

    `names` are the only objects it reaches; empty means all. `target` says in words what is gained.
    """

    entry: KubernetesEntry
    namespace: str | None
    step: Step
    because: tuple[Bound, ...]
    names: tuple[str, ...]
    target: str


@cache
def entries() -> tuple[KubernetesEntry, ...]:
    """The Kubernetes catalogue, in order."""
    return tuple(_entry(row) for row in json.loads(_FILE.read_text(encoding="utf-8")))


def _entry(row: dict[str, Any]) -> KubernetesEntry:
    cluster, _, namespaced = str(row["target"]).partition("|")
    return KubernetesEntry(
        id=str(row["id"]),
        title=str(row["title"]),
        needs=tuple(tuple(_verb(text) for text in need) for need in row["needs"]),
        cluster=Step[str(row["cluster"]).upper().replace("-", "_")],
        namespaced=Step[str(row["namespaced"]).upper().replace("-", "_")],
        scope=str(row["scope"]),
        outside=(cluster, namespaced or cluster),
        references=tuple(row["references"]),
    )


def _verb(text: str) -> Verb:
    verb, _, path = text.partition(" ")
    group, _, resource = path.partition("/")
    return Verb(verb, "" if group == "core" else group, resource)


def paths(rules: Iterable[Bound]) -> Iterator[KubernetesPath]:
    """Every entry that fires: once cluster-wide, else once per namespace."""
    held = tuple(rules)
    if any(_is_cluster_admin(rule) for rule in held):
        return
    for entry in entries():
        found = _fire(entry, held, None)
        if found is not None:
            yield found
        elif entry.scope != "cluster":
            namespaces = sorted({rule.namespace for rule in held if rule.namespace is not None})
            yield from filter(None, (_fire(entry, held, one) for one in namespaces))


def _is_cluster_admin(rule: Bound) -> bool:
    statement = rule.statement
    everything = "*" in statement.verbs and "*" in statement.api_groups and "*" in statement.resources
    return rule.namespace is None and everything and not statement.resource_names


def _fire(entry: KubernetesEntry, held: Sequence[Bound], namespace: str | None) -> KubernetesPath | None:
    rules = [rule for rule in held if rule.namespace is None or rule.namespace == namespace]
    met = [[rule for rule in rules if _meets(entry, rule, need)] for need in entry.needs]
    if not all(met) or (namespace is not None and not any(rule.namespace for rules in met for rule in rules)):
        return None
    because = tuple({id(rule): rule for rules in met for rule in rules}.values())
    place = 0 if namespace is None else 1
    return KubernetesPath(
        entry=entry,
        namespace=namespace,
        step=entry.cluster if namespace is None else _in_namespace(entry, because),
        because=because,
        names=_names(met[0]),
        target=entry.outside[place].replace("{namespace}", namespace or ""),
    )


def _in_namespace(entry: KubernetesEntry, because: Sequence[Bound]) -> Step:
    """What is gained in a namespace. `*` as API group does not say that an operator with more rights listens there."""
    guessed = all("*" in rule.statement.api_groups for rule in because)
    return min(entry.namespaced, Step.IDENTITY) if guessed else entry.namespaced


def _names(rules: Sequence[Bound]) -> tuple[str, ...]:
    """The only objects a need reaches, empty when one of its rules reaches all."""
    if not all(rule.statement.resource_names for rule in rules):
        return ()
    return tuple(sorted({name for rule in rules for name in rule.statement.resource_names}))


def _meets(entry: KubernetesEntry, rule: Bound, need: tuple[Verb, ...]) -> bool:
    if entry.scope == "cluster" and rule.namespace is not None:
        return False
    if entry.scope == "aws-auth" and not _reaches_aws_auth(rule):
        return False
    within = [one for one in need if rule.namespace is None or not is_of_the_cluster(one.group, one.resource)]
    return any(_allows(rule.statement, one) for one in within)


def _reaches_aws_auth(rule: Bound) -> bool:
    namespace, name = _AWS_AUTH
    names = rule.statement.resource_names
    return rule.namespace in (None, namespace) and (not names or name in names)


def _allows(statement: RbacStatement, wanted: Verb) -> bool:
    if wanted.verb not in statement.verbs and "*" not in statement.verbs:
        return False
    if wanted.group not in statement.api_groups and "*" not in statement.api_groups:
        return False
    if statement.resource_names and wanted.verb in _UNNAMED and "/" not in wanted.resource:
        return False
    subresource = wanted.resource.partition("/")[2]
    covering = {"*", wanted.resource} | ({f"*/{subresource}"} if subresource else set())
    return not covering.isdisjoint(statement.resources)
