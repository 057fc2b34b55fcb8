"""Generators and transformers that a kustomization configures by files of their own.

Those that ship with kustomize are carried out here; any other is a program, and programs are not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, ListValue, MapValue, child, elements, string
from agentreach.parsers.kubernetes.kustomize import generators, kustomization, patches, transformations
from agentreach.parsers.kubernetes.kustomize.editing import with_entry
from agentreach.parsers.kubernetes.kustomize.field_specs import Fields, field_spec
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem
from agentreach.parsers.kubernetes.kustomize.replacements import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Source, Value
    from agentreach.parsers.kubernetes.kustomize.field_tables import FieldSpec
    from agentreach.parsers.kubernetes.kustomize.kustomization import Kustomization
    from agentreach.parsers.kubernetes.kustomize.objects import Object

    OpenFile = Callable[[str, Value], Source]

_CHARTS = (
    "charts under helmCharts are not rendered here, nor by kustomize without --enable-helm: "
    "scan the output of `kustomize build --enable-helm` as a file"
)


def not_run(one: Kustomization) -> Iterator[BuildProblem]:
    """What a kustomization asks for that is left out by design."""
    for field in ("helmCharts", "helmChartInflationGenerator"):
        for entry in one.list(field)[:1]:
            yield BuildProblem(_CHARTS, entry.at, by_design=True)
    openapi = one.get("openapi")
    if openapi is not None:
        yield BuildProblem("merge keys of a custom openapi document are not applied", openapi.at, by_design=True)


def configured(
    one: Kustomization, field: str, open_file: OpenFile, note: Callable[[BuildProblem], None]
) -> list[MapValue]:
    """The configurations under `generators` or `transformers`, from files or written inline."""
    found: list[MapValue] = []
    for entry in one.list(field):
        text = string(entry) or ""
        try:
            inline = kustomization.is_inline(text)
            documents = kustomization.inline_documents(entry) if inline else _of_file(text, entry, open_file)
            found += [document for document in documents if isinstance(document, MapValue)]
        except BuildProblem as problem:
            note(problem)
    return found


def _of_file(path: str, entry: Value, open_file: OpenFile) -> Iterator[Value | Broken]:
    return kustomization.documents(open_file(path, entry))


def generate(objects: list[Object], plugin: MapValue, open_file: OpenFile) -> None:
    """Carry out a generator."""
    kind = _builtin(plugin)
    made = {"ConfigMapGenerator": "ConfigMap", "SecretGenerator": "Secret"}.get(kind)
    if made is None:
        raise _program(plugin)
    name = child(child(plugin, "metadata"), "name")
    entry = plugin if child(plugin, "name") or name is None else with_entry(plugin, "name", name)
    generators.absorb(objects, generators.generate(made, entry, None, open_file), plugin)


def transform(objects: list[Object], plugin: MapValue, fields: Fields, open_file: OpenFile) -> None:
    """Carry out a transformer."""
    own = tuple(field_spec(one) for one in elements(child(plugin, "fieldSpecs")))
    match _builtin(plugin):
        case "NamespaceTransformer":
            _namespace(objects, plugin, own)
        case "PrefixTransformer" | "SuffixTransformer" | "PrefixSuffixTransformer":
            for field in ("prefix", "suffix"):
                part = child(plugin, field)
                if part is not None:
                    named = Fields(names=own)
                    transformations.add_name_part(objects, part, named, prefix=field == "prefix")
        case "LabelTransformer":
            transformations.add_entries(objects, child(plugin, "labels"), own)
        case "AnnotationsTransformer":
            transformations.add_entries(objects, child(plugin, "annotations"), own)
        case "ImageTagTransformer":
            transformations.set_image(objects, child(plugin, "imageTag") or plugin, Fields(images=own))
        case "ReplicaCountTransformer":
            transformations.set_replicas(objects, child(plugin, "replica") or plugin, Fields(replicas=own))
        case "PatchTransformer":
            patches.apply_patch(objects, plugin, open_file)
        case "PatchJson6902Transformer":
            operations = child(plugin, "jsonOp")
            entry = plugin if operations is None else with_entry(plugin, "patch", operations)
            patches.apply_json_patch(objects, entry, open_file)
        case "PatchStrategicMergeTransformer":
            _merge_patches(objects, plugin, open_file)
        case "ReplacementTransformer":
            for one in elements(child(plugin, "replacements")):
                replace(objects, one)
        case _:
            raise _program(plugin)
    _ = fields


def _namespace(objects: list[Object], plugin: MapValue, own: tuple[FieldSpec, ...]) -> None:
    namespace = child(child(plugin, "metadata"), "namespace")
    if namespace is not None:
        transformations.set_namespace(
            objects,
            namespace,
            Fields(namespaces=own),
            unset_only=string(child(plugin, "unsetOnly")) == "true",
            subjects=string(child(plugin, "setRoleBindingSubjects")) or "",
        )


def _merge_patches(objects: list[Object], plugin: MapValue, open_file: OpenFile) -> None:
    listed = child(plugin, "paths")
    for entry in listed.items if isinstance(listed, ListValue) else ():
        patches.apply_strategic_merge(objects, entry, open_file)
    text = child(plugin, "patches")
    if text is not None:
        patches.apply_strategic_merge(objects, text, open_file)


def _builtin(plugin: MapValue) -> str:
    return (string(child(plugin, "kind")) or "") if string(child(plugin, "apiVersion")) == "builtin" else ""


def _program(plugin: MapValue) -> BuildProblem:
    kind = string(child(plugin, "kind")) or "without a kind"
    return BuildProblem(f"the plugin {kind} is a program and not run", plugin.at, by_design=True)
