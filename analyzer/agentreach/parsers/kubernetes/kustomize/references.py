"""Names that other objects use follow the objects whose names, prefixes or namespaces changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, child, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.kustomize.editing import rewrite, with_entry, with_items
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agentreach.model import Value
    from agentreach.parsers.kubernetes.kustomize.field_specs import Fields
    from agentreach.parsers.kubernetes.kustomize.field_tables import FieldSpec, Reference
    from agentreach.parsers.kubernetes.kustomize.objects import Id, Object


class _Search(NamedTuple):
    """One field of one referrer, and what it may refer to."""

    referrer: Object
    reference: Reference
    spec: FieldSpec
    candidates: list[Object]


def fix_references(objects: Sequence[Object], fields: Fields) -> None:
    """Rewrite every field that names an object of the set to what the object is called now."""
    renamed = [one for one in objects if one.past]
    by_kind: defaultdict[str, list[Object]] = defaultdict(list)
    for one in renamed:
        for kind in {id_.kind for id_ in one.past}:
            by_kind[kind].append(one)
    wanted = _by_referrer(fields)
    for referrer in objects:
        first = referrer.original
        for reference, spec in (*wanted.get(first.kind, ()), *wanted.get("", ())):
            candidates = by_kind.get(reference.kind) if reference.kind else renamed
            if candidates and spec.fits(first):
                _fix(_Search(referrer, reference, spec, _reachable(referrer, candidates)))


def _by_referrer(fields: Fields) -> dict[str, list[tuple[Reference, FieldSpec]]]:
    """References by the kind of object that holds them, in kustomize's order."""
    found: defaultdict[str, list[tuple[Reference, FieldSpec]]] = defaultdict(list)
    for reference in fields.references:
        for spec in reference.fields:
            found[spec.kind].append((reference, spec))
    return found


def _reachable(referrer: Object, candidates: list[Object]) -> list[Object]:
    """What an object may refer to at all: its own namespace, the cluster, and accounts that a binding names."""
    own = referrer.id
    if own.is_cluster_scoped:
        return candidates
    named = _subject_namespaces(referrer)
    return [
        one for one in candidates if one.id.is_cluster_scoped or one.id.place == own.place or one.namespace in named
    ]


def _subject_namespaces(referrer: Object) -> set[str]:
    if referrer.kind != "RoleBinding":
        return set()
    return {
        string(child(subject, "namespace")) or ""
        for subject in elements(referrer.value.entries.get("subjects"))
        if string(child(subject, "kind")) == "ServiceAccount" and child(subject, "namespace") is not None
    }


def _fix(search: _Search) -> None:
    changed = rewrite(search.referrer.value, search.spec.path, lambda value: _renamed(value, search))
    assert isinstance(changed, MapValue)
    search.referrer.value = changed


def _renamed(value: Value, search: _Search) -> Value:
    if isinstance(value, ListValue):
        return with_items(value, (_renamed(item, search) for item in value.items))
    if isinstance(value, MapValue):
        return _renamed_map(value, search)
    name = string(value)
    found = None if name is None else _choose(name, search.candidates, search, _same_name, value)
    return value if found is None or found.name == name else Scalar(found.name, value.at)


def _renamed_map(value: MapValue, search: _Search) -> Value:
    """A mapping with a name, and perhaps a namespace, of its own: a binding's subject, a webhook's service."""
    name = value.entries.get("name")
    text = string(name)
    if name is None or text is None:
        return value
    namespace = value.entries.get("namespace")
    candidates = search.candidates if namespace is None else _in(string(namespace) or "", search.candidates)
    found = _choose(text, candidates, search, _same_name_and_namespace, value)
    if found is None:
        return value
    changed = with_entry(value, "name", Scalar(found.name, name.at))
    if not found.namespace:
        return changed
    at = name.at if namespace is None else namespace.at
    return with_entry(changed, "namespace", Scalar(found.namespace, at))


def _in(namespace: str, candidates: list[Object]) -> list[Object]:
    before = [one for one in candidates if one.original.place == (namespace or "default")]
    return before or [one for one in candidates if one.id.place == (namespace or "default")]


def _choose(
    name: str, candidates: list[Object], search: _Search, same: Callable[[list[Object]], bool], at: Value
) -> Object | None:
    reference = search.reference
    left = [one for one in candidates if any(id_.name == name for id_ in one.past)]
    left = [
        one for one in left if any(id_.is_of(reference.group, reference.version, reference.kind) for id_ in one.past)
    ]
    left = [one for one in left if _fits_role(one, search) and _near(one, search.referrer)]
    if len(left) != 1:
        left = [one for one in left if _same_context(one, search.referrer, lenient=True)]
    if len(left) > 1:
        left = [one for one in left if _same_context(one, search.referrer, lenient=False)]
    if len(left) > 1 and not same(left):
        raise BuildProblem(f"several objects may be meant by the name {name!r}", at.at)
    return left[0] if left else None


def _fits_role(one: Object, search: _Search) -> bool:
    """A roleRef says itself whether it means a Role or a ClusterRole."""
    if search.spec.path[-2:] != ("roleRef", "name"):
        return True
    role = search.referrer.value.entries.get("roleRef")
    group, kind = string(child(role, "apiGroup")), string(child(role, "kind"))
    if group is None or kind is None:
        return True
    return any(id_.is_of(group, "", kind) for id_ in one.past)


def _near(one: Object, referrer: Object) -> bool:
    here: Id = referrer.id
    if here.is_cluster_scoped or one.id.is_cluster_scoped or one.kind == "ServiceAccount":
        return True
    return one.id.place == here.place


def _same_context(one: Object, other: Object, *, lenient: bool) -> bool:
    """Whether both went through the same prefixes and suffixes; leniently, none at all fits any."""
    for mine, theirs in ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes)):
        if lenient and (not mine or not theirs):
            continue
        if not _same_ending(mine, theirs):
            return False
    return True


def _same_ending(one: list[str], other: list[str]) -> bool:
    """Whether the shorter list ends the longer one; an empty one only fits an empty one."""
    shorter = min(len(one), len(other))
    if not shorter:
        return not one and not other
    return one[-shorter:] == other[-shorter:]


def _same_name(found: list[Object]) -> bool:
    return len({one.name for one in found}) == 1


def _same_name_and_namespace(found: list[Object]) -> bool:
    return len({(one.name, one.namespace) for one in found}) == 1
