"""What one kustomization asks for, in kustomize's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, MapValue, child, elements, string
from agentreach.parsers.kubernetes.kustomize import kustomization, patches, transformations
from agentreach.parsers.kubernetes.kustomize.editing import rewrite
from agentreach.parsers.kubernetes.kustomize.replacements import expand, replace, variable_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Source, Value
    from agentreach.parsers.kubernetes.kustomize.field_specs import Fields
    from agentreach.parsers.kubernetes.kustomize.kustomization import Kustomization
    from agentreach.parsers.kubernetes.kustomize.objects import Object


def steps(
    one: Kustomization, objects: list[Object], fields: Fields, open_file: Callable[[str, Value], Source]
) -> list[Callable[[], object]]:
    """What a kustomization asks for, in kustomize's order."""

    def each(name: str, apply: Callable[[Value], object]) -> list[Callable[[], object]]:
        return [lambda entry=entry: apply(entry) for entry in one.list(name)]  # type: ignore[misc]

    return [
        *each("patchesStrategicMerge", lambda entry: patches.apply_strategic_merge(objects, entry, open_file)),
        *each("patches", lambda entry: patches.apply_patch(objects, entry, open_file)),
        *each("namespace", lambda entry: transformations.set_namespace(objects, entry, fields)),
        *each("namePrefix", lambda entry: transformations.add_name_part(objects, entry, fields, prefix=True)),
        *each("nameSuffix", lambda entry: transformations.add_name_part(objects, entry, fields, prefix=False)),
        *each("labels", lambda entry: transformations.label(objects, entry, fields)),
        *each("commonLabels", lambda entry: transformations.add_entries(objects, entry, fields.selector_labels)),
        *each("commonAnnotations", lambda entry: transformations.add_entries(objects, entry, fields.annotations)),
        *each("patchesJson6902", lambda entry: patches.apply_json_patch(objects, entry, open_file)),
        *each("replicas", lambda entry: transformations.set_replicas(objects, entry, fields)),
        *each("images", lambda entry: transformations.set_image(objects, entry, fields)),
        *each("replacements", lambda entry: _replacement(objects, entry, open_file)),
    ]


def _replacement(objects: list[Object], entry: Value, open_file: Callable[[str, Value], Source]) -> None:
    """One entry of `replacements`: written here, or the path of a file with one or several."""
    path = child(entry, "path")
    if path is None:
        replace(objects, entry)
        return
    for document in kustomization.documents(open_file(string(path) or "", path)):
        for one in () if isinstance(document, Broken) else elements(document):
            replace(objects, one)


def expand_variables(objects: list[Object], variables: tuple[Value, ...], fields: Fields) -> None:
    """Put the values of `vars` where their names stand, last of all."""
    if not variables:
        return
    known = variable_values(objects, variables)
    for one in objects:
        for spec in fields.variables:
            if spec.fits(one.id):
                changed = rewrite(one.value, spec.path, lambda value: expand(value, known))
                assert isinstance(changed, MapValue)
                one.value = changed
