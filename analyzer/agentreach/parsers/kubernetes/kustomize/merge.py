"""Strategic merge: a patch that looks like the object it changes.

Mappings merge, null removes, lists replace, except for those that the API merges by a key. Entries of
the patch come first. Kinds that are not the API's own have no merge keys: their lists are replaced.
Source of the keys: `x-kubernetes-patch-merge-key` of the API's OpenAPI document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.addresses import BUILT_IN_GROUPS, CORE
from agentreach.parsers.kubernetes.kustomize.editing import with_entry, with_items, without
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem

if TYPE_CHECKING:
    from agentreach.model import Value

_DIRECTIVE = "$patch"
_POD_LISTS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
}
_CONTAINER_LISTS = {
    "env": ("name",),
    "ports": ("containerPort", "protocol"),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
}
_POD_PATHS = (
    ("spec",),
    ("template", "spec"),
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
)
_CONTAINERS = frozenset({"containers", "initContainers", "ephemeralContainers"})
_PRIMITIVE = ("",)


class _Schema(NamedTuple):
    """Where in an object of which kind a merge is. Items of a list add no step."""

    kind: str | None
    path: tuple[str, ...] = ()

    def at(self, name: str) -> _Schema:
        return _Schema(self.kind, (*self.path, name))

    def merge_keys(self) -> tuple[str, ...]:
        """The keys by which entries of the list at this path are the same; none: the list is one value."""
        if self.kind is None or not self.path:
            return ()
        *parents, name = self.path
        if name == "finalizers" and parents and parents[-1] == "metadata":
            return _PRIMITIVE
        if name == "ownerReferences" and parents and parents[-1] == "metadata":
            return ("uid",)
        if tuple(parents) in _POD_PATHS and name in _POD_LISTS:
            return () if self.kind == "Service" else _POD_LISTS[name]
        if parents and parents[-1] in _CONTAINERS and name in _CONTAINER_LISTS:
            return _CONTAINER_LISTS[name]
        return _OTHERS.get((self.kind, self.path), ())


_OTHERS = {
    ("Service", ("spec", "ports")): ("port", "protocol"),
    ("ServiceAccount", ("secrets",)): ("name",),
    ("MutatingWebhookConfiguration", ("webhooks",)): ("name",),
    ("ValidatingWebhookConfiguration", ("webhooks",)): ("name",),
}


def merge(target: MapValue, patch: MapValue) -> MapValue | None:
    """The patched object; None when the patch deletes it. Raises BuildProblem where the two do not fit."""
    api_version = string(child(target, "apiVersion")) or ""
    group = api_version.partition("/")[0] if "/" in api_version else CORE
    kind = string(child(target, "kind")) if group in BUILT_IN_GROUPS else None
    merged = _merge(target, patch, _Schema(kind))
    return merged if isinstance(merged, MapValue) else None


def _merge(old: Value | None, new: Value | None, schema: _Schema) -> Value | None:
    if _is_null(new) and new is not None:
        return None
    if new is None:
        return _kept(old, schema)
    if isinstance(new, MapValue):
        return _merge_map(old, new, schema)
    if isinstance(new, ListValue):
        return _merge_list(old, new, schema)
    if isinstance(old, MapValue | ListValue):
        raise BuildProblem(f"a patch puts a single value where {_spelled(schema)} holds a structure", new.at)
    return new


def _kept(old: Value | None, schema: _Schema) -> Value | None:
    """What a patch does not mention. An entry with nothing behind its colon is dropped, as kustomize does."""
    if isinstance(old, MapValue):
        entries = {name: _kept(value, schema.at(name)) for name, value in old.entries.items()}
        if any(value is not old.entries[name] for name, value in entries.items()):
            left = {name: value for name, value in entries.items() if value is not None}
            return MapValue(left, old.at, {name: at for name, at in old.keys.items() if name in left}, old.open)
        return old
    if isinstance(old, ListValue) and schema.merge_keys() not in {(), _PRIMITIVE}:
        items = [_kept(item, schema) for item in old.items]
        changed = any(new is not item for new, item in zip(items, old.items, strict=True))
        return with_items(old, (item for item in items if item is not None)) if changed else old
    if isinstance(old, Scalar) and old.value is None and old.at.start == old.at.end:
        return None
    return old


def _merge_map(old: Value | None, new: MapValue, schema: _Schema) -> Value | None:
    directive = string(child(new, _DIRECTIVE))
    body = without(new, _DIRECTIVE) if directive is not None else new
    if directive == "delete":
        return None
    if old is None or _is_null(old) or directive == "replace":
        return _without_nulls(body, schema)
    if not isinstance(old, MapValue):
        raise BuildProblem(f"a patch puts a mapping where {_spelled(schema)} holds something else", new.at)
    merged = old
    for name in dict.fromkeys((*old.entries, *body.entries)):
        value = _merge(old.entries.get(name), body.entries.get(name), schema.at(name))
        if value is None:
            merged = without(merged, name)
        elif value is not old.entries.get(name):
            merged = with_entry(merged, name, value, body.keys.get(name))
    return merged


def _without_nulls(value: Value, schema: _Schema) -> Value:
    """A structure that is new to the object: what is null in it is not added."""
    if not isinstance(value, MapValue):
        return value
    result = value
    for name, item in value.entries.items():
        cleaned = _merge(None, item, schema.at(name))
        result = without(result, name) if cleaned is None else with_entry(result, name, cleaned)
    return result


def _merge_list(old: Value | None, new: ListValue, schema: _Schema) -> Value | None:
    keys = schema.merge_keys()
    if old is not None and not _is_null(old) and not isinstance(old, ListValue):
        raise BuildProblem(f"a patch puts a list where {_spelled(schema)} holds something else", new.at)
    if not keys or not isinstance(old, ListValue):
        return _added_list(new, keys, schema)
    if keys == _PRIMITIVE:
        return _merge_primitives(old, new)
    return _merge_associative(old, new, keys, schema)


def _added_list(new: ListValue, keys: tuple[str, ...], schema: _Schema) -> Value | None:
    if not keys:
        return new
    kept = [_merge(None, item, schema) for item in new.items]
    return with_items(new, (item for item in kept if item is not None))


def _merge_primitives(old: ListValue, new: ListValue) -> ListValue:
    items = {string(item): item for item in (*old.items, *new.items)}
    order = dict.fromkeys(string(item) for item in (*new.items, *old.items))
    return with_items(new, (items[text] for text in order))


def _merge_associative(old: ListValue, new: ListValue, keys: tuple[str, ...], schema: _Schema) -> Value | None:
    directives = {string(child(item, _DIRECTIVE)) for item in new.items if child(item, keys[0]) is None}
    if "replace" in directives:
        return with_items(new, (item for item in new.items if child(item, _DIRECTIVE) is None))
    if "delete" in directives:
        return None
    left = list(old.items)
    merged: list[Value] = []
    for item in new.items:
        found = next((one for one in left if _same(one, item, keys)), None)
        if found is not None:
            left = [one for one in left if one is not found]
        value = _merge(found, item, schema)
        if value is not None and not (isinstance(value, MapValue) and not value.entries):
            merged.append(value)
    return with_items(old, (*merged, *left)) if merged or left else None


def _same(one: Value, other: Value, keys: tuple[str, ...]) -> bool:
    """Equal in every key that both have, and in at least one."""
    pairs = [(string(child(one, key)), string(child(other, key))) for key in keys]
    both = [(left, right) for left, right in pairs if left is not None and right is not None]
    return bool(both) and all(left == right for left, right in both)


def _is_null(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is None


def _spelled(schema: _Schema) -> str:
    return ".".join(schema.path) or "the object"
