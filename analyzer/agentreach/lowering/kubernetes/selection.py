"""Label selectors as the API evaluates them, and the objects they find."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.lowering.context import once_per_scan
from agentreach.lowering.kubernetes.manifest import labels_of, namespace, strings
from agentreach.model import MapValue, child, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.lowering.context import Context
    from agentreach.model import Key, Resource, Value

NAMESPACE_LABEL = "kubernetes.io/metadata.name"


def matches(selector: Value | None, own: dict[str, str]) -> bool:
    """Whether a LabelSelector fits these labels. An empty selector fits everything, an absent one nothing."""
    if not isinstance(selector, MapValue):
        return False
    wanted = strings(selector.entries.get("matchLabels"))
    if any(own.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(one, own) for one in elements(selector.entries.get("matchExpressions")))


def _expression(expression: Value, own: dict[str, str]) -> bool:
    key = string(child(expression, "key")) or ""
    values = {string(value) for value in elements(child(expression, "values"))}
    match string(child(expression, "operator")):
        case "In":
            return own.get(key) in values if key in own else False
        case "NotIn":
            return own.get(key) not in values
        case "Exists":
            return key in own
        case "DoesNotExist":
            return key not in own
        case _:
            return False


def namespace_labels(name: str, root: str, context: Context) -> dict[str, str]:
    """The labels of a namespace, with the one every namespace has; others only where it is declared."""
    declared = _namespaces(context).get((root, name)) or _namespaces(context).get(("", name))
    return {**(labels_of(declared) if declared else {}), NAMESPACE_LABEL: name}


def is_declared(name: str, root: str, context: Context) -> bool:
    """Whether a namespace is declared, so that all its labels are known."""
    return bool({(root, name), ("", name)} & _namespaces(context).keys())


@once_per_scan
def _namespaces(context: Context) -> dict[tuple[str, str], Resource]:
    """Declared namespaces by root and name; under the root "" the first of any root."""
    found: dict[tuple[str, str], Resource] = {}
    for resource in context.of_type("v1/Namespace"):
        found.setdefault((resource.key.root, resource.name), resource)
        found.setdefault(("", resource.name), resource)
    return found


def in_namespace(context: Context, type_: str, root: str, namespace_: str) -> tuple[Resource, ...]:
    """Objects of a type in a namespace, seen from a root: its own, else those of other roots."""
    places = _places(context, type_)
    return tuple(places.get((root, namespace_)) or places.get(("", namespace_)) or ())


@once_per_scan
def _places(context: Context, type_: str) -> dict[tuple[str, str], list[Resource]]:
    """Objects of a type by root and namespace; under the root "" those of every root."""
    found: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
    for resource in context.of_type(type_):
        space = namespace(resource)
        found[resource.key.root, space].append(resource)
        found["", space].append(resource)
    return dict(found)


def visible(context: Context, type_: str, root: str) -> Iterator[Resource]:
    """Objects of a type seen from a root: its own, else those of other roots."""
    found = context.of_type(type_)
    own = [resource for resource in found if resource.key.root == root]
    yield from own or found


def policies(context: Context, type_: str, subject: Key, namespace_: str | None = None) -> tuple[Resource, ...]:
    """Policies that may be about a subject: of its own root, else of roots that have no such subject themselves.

    A root that declares the same object is another environment, and its policies are not in force here.
    `namespace_` None: those of the cluster.
    """
    if namespace_ is None:
        found = tuple(visible(context, type_, subject.root))
    else:
        found = in_namespace(context, type_, subject.root, namespace_)
    return own_or_shared(found, subject, context)


def own_or_shared(found: tuple[Resource, ...], subject: Key, context: Context) -> tuple[Resource, ...]:
    """The same of objects that were found already."""
    apart = _roots(context).get(subject.address, frozenset()) - {subject.root}
    return tuple(one for one in found if one.key.root not in apart) if apart else found


@once_per_scan
def _roots(context: Context) -> dict[str, frozenset[str]]:
    """The roots of every address that several of them declare."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key in context.resources:
        found[key.address].add(key.root)
    return {address: frozenset(roots) for address, roots in found.items() if len(roots) > 1}
