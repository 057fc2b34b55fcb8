"""Namespace, names, labels, annotations, images, replicas: what a kustomization says in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import MapValue, Scalar, child, elements, string
from agentreach.parsers.kubernetes.kustomize.editing import rewrite, with_entry, with_items
from agentreach.parsers.kubernetes.kustomize.field_specs import field_spec
from agentreach.parsers.kubernetes.kustomize.field_tables import FieldSpec
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agentreach.model import Value
    from agentreach.parsers.kubernetes.kustomize.field_specs import Fields
    from agentreach.parsers.kubernetes.kustomize.objects import Object

_KEEPS_ITS_NAME = frozenset({"CustomResourceDefinition", "Namespace"})
_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})


def change_fields(
    one: Object, fields: Iterable[FieldSpec], change: Callable[[Value], Value], create: Value | None
) -> None:
    """Apply a change to every field of an object that one of the specifications reaches."""
    now = one.id
    for spec in fields:
        if spec.fits(now):
            changed = rewrite(one.value, spec.path, change, create if spec.create else None)
            assert isinstance(changed, MapValue)
            one.value = changed


def set_namespace(
    objects: Sequence[Object], namespace: Value, fields: Fields, *, unset_only: bool = False, subjects: str = ""
) -> None:
    """Put every object that may have one into a namespace. Of binding subjects only those named "default" move."""
    text = string(namespace)
    if not text:
        return

    def change(old: Value) -> Value:
        return old if unset_only and string(old) else Scalar(text, namespace.at)

    for one in objects:
        one.remember()
        if not one.id.is_cluster_scoped:
            change_fields(one, (FieldSpec(("metadata", "namespace"), create=True),), change, _empty(namespace))
        if one.kind in _BINDINGS:
            _move_subjects(one, change, subjects or "defaultOnly", namespace)
        specs = [spec for spec in fields.namespaces if spec.path not in _HANDLED and not _is_subjects(spec)]
        change_fields(one, specs, change, _empty(namespace))


_HANDLED = frozenset({("metadata", "namespace")})


def _is_subjects(spec: FieldSpec) -> bool:
    return spec.kind in _BINDINGS and spec.path == ("subjects", "namespace")


def _move_subjects(one: Object, change: Callable[[Value], Value], mode: str, namespace: Value) -> None:
    def moved(subject: Value) -> Value:
        named = string(child(subject, "name")) == "default"
        is_account = string(child(subject, "kind")) == "ServiceAccount"
        moves = {"defaultOnly": named, "allServiceAccounts": is_account}.get(mode, False)
        if not moves or not isinstance(subject, MapValue):
            return subject
        return with_entry(subject, "namespace", change(subject.entries.get("namespace", _empty(namespace))))

    subjects = one.value.entries.get("subjects")
    if subjects is not None:
        items = (moved(subject) for subject in elements(subjects))
        if not isinstance(subjects, MapValue | Scalar):
            one.value = with_entry(one.value, "subjects", with_items(subjects, items))  # type: ignore[arg-type]


def _empty(like: Value) -> Scalar:
    return Scalar("", like.at)


def add_name_part(objects: Sequence[Object], part: Value, fields: Fields, *, prefix: bool) -> None:
    """Prefix or suffix every name, except for namespaces, resource definitions and API services."""
    text = string(part)
    if not text:
        return
    for one in objects:
        first = one.original
        if first.kind in _KEEPS_ITS_NAME or (first.kind == "APIService" and first.group == "apiregistration.k8s.io"):
            continue
        for spec in fields.names:
            if not spec.fits(first):
                continue
            if spec.path == ("metadata", "name"):
                (one.prefixes if prefix else one.suffixes).append(text)
                one.remember()
            change_fields(one, (spec,), lambda old: _with_part(old, text, prefix=prefix), _empty(part))


def _with_part(old: Value, text: str, *, prefix: bool) -> Value:
    name = string(old) or ""
    return Scalar(f"{text}{name}" if prefix else f"{name}{text}", old.at)


def add_entries(objects: Sequence[Object], pairs: Value | None, fields: Sequence[FieldSpec]) -> None:
    """Add labels or annotations in every field that the specifications reach."""
    if not isinstance(pairs, MapValue):
        return
    for one in objects:
        for name, value in pairs.entries.items():
            key = pairs.keys.get(name)
            text = Scalar(string(value) or "", value.at)

            def change(old: Value, name: str = name, text: Scalar = text, key: object = key) -> Value:
                if not isinstance(old, MapValue):
                    return old
                return with_entry(old, name, text, key)  # type: ignore[arg-type]

            change_fields(one, fields, change, MapValue({}, value.at))


def label(objects: Sequence[Object], entry: Value, fields: Fields) -> None:
    """One entry of `labels`: to metadata, and to templates, selectors and fields of its own when it says so."""

    def asks(name: str) -> bool:
        return string(child(entry, name)) == "true"

    own = tuple(field_spec(one) for one in elements(child(entry, "fields")))
    specs = (*own, *fields.extra_labels)
    if asks("includeSelectors"):
        specs = (*specs, *fields.selector_labels)
    else:
        if asks("includeTemplates"):
            specs = (*specs, *fields.template_labels)
        if asks("includeVolumeClaimTemplates"):
            specs = (*specs, *fields.claim_labels)
        specs = (*specs, FieldSpec(("metadata", "labels"), create=True))
    add_entries(objects, child(entry, "pairs"), specs)


_REPLICA_KINDS = frozenset({"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"})


def set_replicas(objects: Sequence[Object], entry: Value, fields: Fields) -> None:
    """The number of pods of the objects with this name, now or before."""
    name, count = string(child(entry, "name")), child(entry, "count")
    if count is None:
        return
    found = False
    for one in objects:
        if any(id_.name == name for id_ in one.ids()):
            found = found or any(spec.fits(one.id) for spec in fields.replicas)
            change_fields(one, fields.replicas, lambda _: count, count)
    if not found:
        raise BuildProblem(f"no object named {name!r} has replicas to set", entry.at)


_TAGGED = late_regex(r"(?::[A-Za-z0-9_.{}-]*)?(?:@[A-Za-z0-9]+(?:[.+_-][A-Za-z0-9]+)*:[A-Za-z0-9_.{}-]*)?")


def set_image(objects: Sequence[Object], entry: Value, fields: Fields) -> None:
    """Another name, tag or digest for every image of that name, in all containers of any kind."""
    name = string(child(entry, "name")) or ""

    def change(old: Value) -> Value:
        text = string(old)
        if text is None or not text.startswith(name) or not _TAGGED.fullmatch(text, len(name)):
            return old
        return Scalar(_image(text, entry), _deciding(entry).at)

    def in_containers(value: Value) -> Value:
        return _each_container(value, change)

    for one in objects:
        change_fields(one, fields.images, change, None)
        if one.kind != "CustomResourceDefinition":
            changed = in_containers(one.value)
            assert isinstance(changed, MapValue)
            one.value = changed


def _deciding(entry: Value) -> Value:
    named = (child(entry, name) for name in ("digest", "newTag", "tagSuffix", "newName"))
    return next((value for value in named if value is not None), entry)


def _image(text: str, entry: Value) -> str:
    name, tag, digest = split_image(text)
    new_tag, new_digest = string(child(entry, "newTag")) or "", string(child(entry, "digest")) or ""
    suffix = string(child(entry, "tagSuffix")) or ""
    if new_tag or new_digest:
        tag, digest = new_tag, new_digest
    elif suffix:
        tag, digest = tag + suffix, ""
    name = string(child(entry, "newName")) or name
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def split_image(text: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image reference; a registry's port is no tag."""
    rest, _, digest = text.partition("@")
    slash = rest.find("/")
    colon = rest.find(":", max(slash, 0))
    return (rest, "", digest) if colon < 0 else (rest[:colon], rest[colon + 1 :], digest)


def _each_container(value: Value, change: Callable[[Value], Value]) -> Value:
    """Images under any `containers` or `initContainers`, wherever in an object: custom kinds hold them too."""
    if isinstance(value, MapValue):
        result = value
        for name, item in value.entries.items():
            changed = _each_container(item, change)
            if name in {"containers", "initContainers"}:
                changed = rewrite(changed, ("image",), change) if not isinstance(changed, MapValue) else changed
            if changed is not item:
                result = with_entry(result, name, changed)
        return result
    if isinstance(value, Scalar) or not elements(value):
        return value
    items = [_each_container(item, change) for item in elements(value)]
    same = all(new is old for new, old in zip(items, elements(value), strict=True))
    return value if same else with_items(value, items)  # type: ignore[arg-type]
