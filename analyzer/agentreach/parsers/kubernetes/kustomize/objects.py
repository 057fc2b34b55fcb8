"""An object on its way through the layers: what it is now, and every name it had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.addresses import is_certainly_cluster_scoped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import MapValue

_NOT_NAMESPACED = "\0"


class Id(NamedTuple):
    """Group, version, kind, name and namespace. "default" and no namespace are the same."""

    group: str
    version: str
    kind: str
    name: str
    namespace: str

    @property
    def place(self) -> str:
        """The namespace as kustomize compares it."""
        if is_certainly_cluster_scoped(self.group, self.kind):
            return _NOT_NAMESPACED
        return self.namespace or "default"

    @property
    def is_cluster_scoped(self) -> bool:
        """Whether objects of this kind certainly have no namespace."""
        return self.place == _NOT_NAMESPACED

    def equals(self, other: Id) -> bool:
        """The same object: kind with group and version, name, and place."""
        return self[:4] == other[:4] and self.place == other.place

    def is_of(self, group: str, version: str, kind: str) -> bool:
        """Whether a selector that may leave out each part fits."""
        return (
            (not group or group == self.group)
            and (not version or version == self.version)
            and (not kind or kind == self.kind)
        )


class Object:
    """One object of an accumulated set. `value` is replaced, never changed."""

    __slots__ = ("behavior", "past", "prefixes", "suffixes", "value")

    def __init__(self, value: MapValue, *, behavior: str = "") -> None:
        self.value = value
        self.behavior = behavior
        self.past: list[Id] = []
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []

    def copy(self) -> Object:
        """A copy with a history of its own."""
        other = Object(self.value, behavior=self.behavior)
        other.past = list(self.past)
        other.prefixes = list(self.prefixes)
        other.suffixes = list(self.suffixes)
        return other

    @property
    def kind(self) -> str:
        """The kind."""
        return string(child(self.value, "kind")) or ""

    @property
    def name(self) -> str:
        """metadata.name as it is now."""
        return string(child(self.value.entries.get("metadata"), "name")) or ""

    @property
    def namespace(self) -> str:
        """metadata.namespace as it is now; empty where there is none."""
        return string(child(self.value.entries.get("metadata"), "namespace")) or ""

    @property
    def id(self) -> Id:
        """What it is now."""
        group, version = split_version(string(child(self.value, "apiVersion")) or "")
        return Id(group, version, self.kind, self.name, self.namespace)

    @property
    def original(self) -> Id:
        """What it was when it was read."""
        return self.past[0] if self.past else self.id

    def ids(self) -> Iterator[Id]:
        """Everything it ever was, and is."""
        yield from self.past
        yield self.id

    def remember(self) -> None:
        """Note the present id before a name, namespace or kind changes."""
        now = self.id
        self.past.append(now._replace(namespace=now.namespace or ("" if now.is_cluster_scoped else "default")))


def split_version(api_version: str) -> tuple[str, str]:
    """`apps/v1` as group and version; the core group is empty."""
    group, slash, version = api_version.partition("/")
    return (group, version) if slash else ("", group)
