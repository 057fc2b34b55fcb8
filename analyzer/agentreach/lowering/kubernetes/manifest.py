"""A manifest's metadata and the values that name other objects: what every lowering here reads first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Key, MapValue, Reference, Scalar, Text, descend, string, text_parts
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.addresses import address

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

DEFAULT_NAMESPACE = "default"
_LONGEST_TAG = 256
_NOISE = ("kubectl.kubernetes.io/", "checksum/", "meta.helm.sh/", "deployment.kubernetes.io/")


def namespace(resource: Resource) -> str:
    """The namespace a manifest lives in; "default" where none is declared."""
    return string(descend(resource.attributes, "metadata.namespace")) or DEFAULT_NAMESPACE


def group(resource: Resource) -> str:
    """The API group, "v1" for the core group as in a resource's type."""
    return resource.type.partition("/")[0]


def kind(resource: Resource) -> str:
    """The kind: "Deployment"."""
    return resource.type.partition("/")[2]


def spec(resource: Resource) -> Value | None:
    """The manifest's spec."""
    return resource.attributes.entries.get("spec")


def entries(value: Value | None) -> dict[str, Value]:
    """A map's entries; nothing for anything else."""
    return value.entries if isinstance(value, MapValue) else {}


def strings(value: Value | None) -> dict[str, str]:
    """The known texts of a map: labels, a selector, annotations."""
    return {key: text for key, item in entries(value).items() if (text := string(item)) is not None}


def labels_of(resource: Resource) -> dict[str, str]:
    """metadata.labels."""
    return strings(descend(resource.attributes, "metadata.labels"))


def annotations_of(resource: Resource) -> dict[str, Value]:
    """metadata.annotations, located."""
    return entries(descend(resource.attributes, "metadata.annotations"))


def name_at(resource: Resource) -> Span:
    """Where the name is written, else the manifest."""
    name = descend(resource.attributes, "metadata.name")
    return resource.at if name is None else name.at


def tags(resource: Resource, *more: dict[str, str]) -> dict[str, str]:
    """Labels and short annotations, which is where people write owner, team and environment."""
    said = strings(descend(resource.attributes, "metadata.annotations"))
    kept = {key: text for key, text in said.items() if len(text) <= _LONGEST_TAG and not key.startswith(_NOISE)}
    merged: dict[str, str] = {}
    for source in (*more, kept, labels_of(resource)):
        merged.update(source)
    return merged


def prefixed(prefix: str, value: Value) -> Value:
    """A name with text before it ("namespace:" or "namespace/"), at the place where the name is written."""
    parts = text_parts(value)
    if len(parts) == 1 and isinstance(parts[0], str):
        return Scalar(prefix + parts[0], value.at)
    return Text((prefix, *parts), value.at)


def account(namespace_: str, name: Value) -> Value:
    """The value by which a service account is named: "namespace:name"."""
    return prefixed(f"{namespace_}:", name)


def object_name(namespace_: str, name: Value) -> Value:
    """The value by which any other namespaced object is named: "namespace/name"."""
    return prefixed(f"{namespace_}/", name)


def first(value: Value | None, *paths: str) -> Value | None:
    """The first of several dotted paths that is there."""
    return next((found for path in paths if (found := descend(value, path)) is not None), None)


def key_at(owner: MapValue | Value | None, name: str, otherwise: Span) -> Span:
    """Where the key `name` of a map is written, from the key to the end of its value."""
    if not isinstance(owner, MapValue) or name not in owner.entries:
        return otherwise
    start = owner.keys.get(name)
    at = owner.entries[name].at
    if start is None or start.source is not at.source or start.start > at.start:
        return at
    return start._replace(end=max(start.end, at.end))


class Target(NamedTuple):
    """An object that another names: by group and kind, in a namespace."""

    group: str
    kind: str
    namespace: str
    name: Value


def link(target: Target, root: str, context: Context) -> Value:
    """A Reference when the target is declared under the same root or, alone, elsewhere; else "namespace/name"."""
    name = string(target.name)
    if name is not None:
        wanted = address(target.group, target.kind, target.namespace, name)
        found = context.resources.get(Key(root, wanted)) or _elsewhere(target, wanted, context)
        if found is not None:
            return Reference(found.key, "", target.name.at)
    return object_name(target.namespace, target.name)


def _elsewhere(target: Target, wanted: str, context: Context) -> Resource | None:
    same = [each for each in context.of_type(f"{target.group}/{target.kind}") if each.key.address == wanted]
    return same[0] if len(same) == 1 else None
