"""Patches of a kustomization: strategic merge or JSON, inline or in files, by target or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, ListValue, MapValue, boolean, child, string
from agentreach.parsers.kubernetes.kustomize import json_patch
from agentreach.parsers.kubernetes.kustomize.editing import with_entry, without
from agentreach.parsers.kubernetes.kustomize.kustomization import documents, inline_documents, is_inline
from agentreach.parsers.kubernetes.kustomize.merge import merge
from agentreach.parsers.kubernetes.kustomize.objects import Id, Object, split_version
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem
from agentreach.parsers.kubernetes.kustomize.selectors import one_by_id, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.model import Source, Value

    OpenFile = Callable[[str, Value], Source]


def apply_patch(objects: list[Object], entry: Value, open_file: OpenFile) -> None:
    """One entry of `patches`."""
    target = child(entry, "target")
    options = child(entry, "options")
    for document in _documents(entry, "patch", open_file):
        if isinstance(document, ListValue):
            _apply_json(objects, document, target)
        elif target is not None:
            for one in list(select(objects, target)):
                _apply_merge(objects, one, document, options)
        else:
            _apply_by_name(objects, document, options)


def apply_json_patch(objects: list[Object], entry: Value, open_file: OpenFile) -> None:
    """One entry of `patchesJson6902`: its target is a plain name."""
    for document in _documents(entry, "patch", open_file):
        if isinstance(document, ListValue):
            _apply_json(objects, document, child(entry, "target"))


def apply_strategic_merge(objects: list[Object], entry: Value, open_file: OpenFile) -> None:
    """One entry of `patchesStrategicMerge`: a path, or the patch itself."""
    text = string(entry) or ""
    found = inline_documents(entry) if is_inline(text) else documents(open_file(text, entry))
    for document in found:
        _apply_by_name(objects, _sound(document), None)


def _documents(entry: Value, field: str, open_file: OpenFile) -> Iterable[Value]:
    inline, path = child(entry, field), child(entry, "path")
    if inline is not None and string(inline):
        found = inline_documents(inline)
    elif path is not None:
        found = documents(open_file(string(path) or "", path))
    else:
        raise BuildProblem("a patch needs a text or a path", entry.at)
    return [_sound(document) for document in found]


def _sound(document: Value | Broken) -> Value:
    if isinstance(document, Broken):
        raise BuildProblem(f"a patch cannot be read: {document.message}", document.at)
    return document


def _apply_json(objects: list[Object], operations: ListValue, target: Value | None) -> None:
    if target is None:
        raise BuildProblem("a JSON patch needs a target", operations.at)
    for one in list(select(objects, target)):
        one.remember()
        try:
            one.value = json_patch.apply(one.value, operations)
        except BuildProblem:
            # Of a resource definition only the head is read: nothing asks for its schema.
            if one.kind != "CustomResourceDefinition":
                raise


def _apply_by_name(objects: list[Object], patch: Value, options: Value | None) -> None:
    group, version = split_version(string(child(patch, "apiVersion")) or "")
    metadata = child(patch, "metadata")
    named = Id(
        group,
        version,
        string(child(patch, "kind")) or "",
        string(child(metadata, "name")) or "",
        string(child(metadata, "namespace")) or "",
    )
    _apply_merge(objects, one_by_id(objects, named, patch), patch, options)


def _apply_merge(objects: list[Object], one: Object, patch: Value, options: Value | None) -> None:
    if not isinstance(patch, MapValue):
        raise BuildProblem("a strategic merge patch must look like the object it changes", patch.at)
    renames = boolean(child(options, "allowNameChange")) or False
    changes_kind = boolean(child(options, "allowKindChange")) or False
    if renames or changes_kind:
        one.remember()
    changed = merge(one.value, _without_identity(patch, keeps_name=renames, keeps_kind=changes_kind))
    if changed is None:
        objects[:] = [other for other in objects if other is not one]
    else:
        one.value = changed


def _without_identity(patch: MapValue, *, keeps_name: bool, keeps_kind: bool) -> MapValue:
    """The patch without what only says which object it means: that never changes the object."""
    result = without(patch, "apiVersion")
    if not keeps_kind:
        result = without(result, "kind")
    metadata = result.entries.get("metadata")
    if isinstance(metadata, MapValue):
        metadata = without(metadata, "namespace")
        metadata = metadata if keeps_name else without(metadata, "name")
        result = with_entry(result, "metadata", metadata) if metadata.entries else without(result, "metadata")
    return result
