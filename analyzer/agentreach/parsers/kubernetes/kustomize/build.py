"""A kustomization, its bases and components, as one set of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, MapValue, Skipped, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes import manifests
from agentreach.parsers.kubernetes.kustomize import generators, kustomization, plugins
from agentreach.parsers.kubernetes.kustomize.editing import with_entry, without
from agentreach.parsers.kubernetes.kustomize.field_specs import Fields
from agentreach.parsers.kubernetes.kustomize.objects import Object
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem
from agentreach.parsers.kubernetes.kustomize.references import fix_references
from agentreach.parsers.kubernetes.kustomize.steps import expand_variables, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentreach.model import Source, Value
    from agentreach.parsers.kubernetes.kustomize.kustomization import Kustomization
    from agentreach.parsers.kubernetes.reading import Reading

_DEEPEST = 64
SHORTENED = "apiextensions.k8s.io/CustomResourceDefinition"
_FILES = frozenset({".yaml", ".yml", ".json"})
_LOCAL = "config.kubernetes.io/local-config"


class Accumulated(NamedTuple):
    """Objects so far, the fields that transformations reach, and variables to expand at the end."""

    objects: list[Object]
    fields: Fields
    variables: tuple[Value, ...] = ()

    def copy(self) -> Accumulated:
        """A set that another overlay may change."""
        return Accumulated([one.copy() for one in self.objects], self.fields, self.variables)


class Builder:
    """Builds every overlay of a tree; bases that several overlays use are built once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._built: dict[Path, Accumulated] = {}
        self._files: dict[str, Kustomization | None] = {}
        self._manifests: dict[str, tuple[MapValue, ...]] = {}
        self._open: list[Path] = []
        self._incomplete: set[Path] = set()
        self.visited: set[Path] = set()

    def build(self, root: Kustomization) -> list[MapValue]:
        """The finished objects of an overlay. What cannot be carried out is noted, the rest is built."""
        done = self._accumulate(root, None).copy()
        self._try(lambda: fix_references(done.objects, done.fields))
        self._try(lambda: expand_variables(done.objects, done.variables, done.fields))
        return [_finished(one) for one in done.objects if not _is_local(one)]

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except BuildProblem as problem:
            self._note(problem)
        except RecursionError:
            # Patches may nest deeper than any file: the step is given up, and the objects stay as they are.
            return

    def _note(self, problem: BuildProblem) -> None:
        at = problem.at.location
        by_design = problem.by_design or bool(self._incomplete.intersection(self._open[-1:]))
        if problem.by_design:
            # What was not fetched may hold what later steps look for, here and in every overlay of this one.
            self._incomplete.update(self._open)
            reason = problem.message
        else:
            reason = f"kustomize would refuse this: {problem.message}"
            reason = f"{problem.message}, perhaps in what was not fetched" if by_design else reason
        self._reading.note(Skipped(at.path, reason, by_design=by_design, line=at.line))

    def _accumulate(self, one: Kustomization, parent: Accumulated | None) -> Accumulated:
        """What a kustomization makes; a component changes what its parent has so far."""
        known = self._built.get(one.directory)
        if parent is None and known is not None:
            if one.directory in self._incomplete:
                self._incomplete.update(self._open)
            return known
        self.visited.add(one.directory)
        self._open.append(one.directory)
        state = self._with_resources(one, parent or Accumulated([], Fields()))
        state = self._with_configurations(one, state)
        self._generate(one, state)
        for component in one.list("components"):
            state = self._with_component(one, component, state)
        self._transform(one, state)
        state = state._replace(variables=(*state.variables, *one.list("vars")))
        self._open.pop()
        if parent is None:
            self._built[one.directory] = state
        return state

    # Resources, bases, components ------------------------------------------------------------

    def _with_resources(self, one: Kustomization, state: Accumulated) -> Accumulated:
        for entry in one.resources:
            try:
                state = self._with_resource(one, entry, state)
            except BuildProblem as problem:
                self._note(problem)
        return state

    def _with_resource(self, one: Kustomization, entry: Value, state: Accumulated) -> Accumulated:
        absolute = kustomization.joined(one, _local(entry))
        base = None if absolute.suffix in _FILES else self._at(absolute)
        if base is None:
            state.objects.extend(Object(value) for value in self._objects(absolute, entry))
            return state
        if base.is_component:
            raise BuildProblem(f"{string(entry)} is a component: it belongs under components", entry.at)
        added = self._nested(base, entry, None).copy()
        fields = state.fields if added.fields == state.fields else state.fields.union(added.fields)
        return Accumulated([*state.objects, *added.objects], fields, (*state.variables, *added.variables))

    def _with_component(self, one: Kustomization, entry: Value, state: Accumulated) -> Accumulated:
        try:
            return self._nested(self._component(one, entry), entry, state)
        except BuildProblem as problem:
            self._note(problem)
            return state

    def _component(self, one: Kustomization, entry: Value) -> Kustomization:
        component = self._at(kustomization.joined(one, _local(entry)))
        if component is None:
            raise BuildProblem(f"{string(entry)} holds no kustomization", entry.at)
        if not component.is_component:
            raise BuildProblem(f"{string(entry)} is no component: it belongs under resources", entry.at)
        return component

    def _nested(self, one: Kustomization, entry: Value, parent: Accumulated | None) -> Accumulated:
        if one.directory in self._open:
            raise BuildProblem(f"{string(entry)} refers back to the kustomization it is part of", entry.at)
        if len(self._open) >= _DEEPEST:
            raise BuildProblem(f"kustomizations nest deeper than {_DEEPEST}", entry.at)
        return self._accumulate(one, parent)

    def at(self, directory: Path) -> Kustomization | None:
        """The kustomization in a directory."""
        return self._at(directory)

    def _at(self, directory: Path) -> Kustomization | None:
        name = str(directory)
        if name not in self._files:
            self._files[name] = self._read(directory)
        return self._files[name]

    def _read(self, directory: Path) -> Kustomization | None:
        for name in kustomization.NAMES:
            source = self._reading.open(directory / name)
            if not isinstance(source, Skipped):
                found = kustomization.parse(directory, source)
                if isinstance(found, Broken):
                    self._reading.note(manifests.unreadable(source, source.text, found))
                    return None
                if found is not None:
                    return found
                self._reading.claimed.discard(str(directory / name))
        return None

    def _objects(self, path: Path, entry: Value) -> tuple[MapValue, ...]:
        name = str(path)
        if name not in self._manifests:
            source = generators.refused(self._reading.open(path), entry)
            self._manifests[name] = tuple(self._manifest_values(source))
        return self._manifests[name]

    def _is_shortened(self, type_: str) -> bool:
        return type_ == SHORTENED and not self._reading.wanted(type_)

    def _manifest_values(self, source: Source) -> list[MapValue]:
        found: list[MapValue] = []
        for one in manifests.as_written(source, lambda _: True, shortened=self._is_shortened):
            if isinstance(one, Broken | Skipped):
                self._reading.note(one)
            else:
                found.append(one.value)
        return found

    # Configurations, generators, transformers ------------------------------------------------

    def _opener(self, one: Kustomization) -> Callable[[str, Value], Source]:
        def open_file(path: str, entry: Value) -> Source:
            if kustomization.is_remote(path):
                raise BuildProblem(f"{kustomization.shown(path)} is remote and not fetched", entry.at, by_design=True)
            return generators.refused(self._reading.open(kustomization.joined(one, path)), entry)

        return open_file

    def _with_configurations(self, one: Kustomization, state: Accumulated) -> Accumulated:
        for entry in one.list("configurations"):
            try:
                source = self._opener(one)(string(entry) or "", entry)
            except BuildProblem as problem:
                self._note(problem)
                continue
            for document in kustomization.documents(source):
                if not isinstance(document, Broken):
                    state = state._replace(fields=state.fields.with_configuration(document))
        return state

    def _generate(self, one: Kustomization, state: Accumulated) -> None:
        open_file = self._opener(one)
        options = generators.options_of(one.value)
        for kind, entry in generators.entries_of(one.value):
            self._try(
                lambda kind=kind, entry=entry: generators.absorb(  # type: ignore[misc]
                    state.objects, generators.generate(kind, entry, options, open_file), entry
                )
            )
        for problem in plugins.not_run(one):
            self._note(problem)
        for plugin in plugins.configured(one, "generators", open_file, self._note):
            self._try(lambda plugin=plugin: plugins.generate(state.objects, plugin, open_file))  # type: ignore[misc]

    def _transform(self, one: Kustomization, state: Accumulated) -> None:
        open_file = self._opener(one)
        for step in steps(one, state.objects, state.fields, open_file):
            self._try(step)
        for plugin in plugins.configured(one, "transformers", open_file, self._note):
            self._try(lambda plugin=plugin: plugins.transform(state.objects, plugin, state.fields, open_file))  # type: ignore[misc]


def _local(entry: Value) -> str:
    path = string(entry)
    if not path:
        raise BuildProblem("an entry of resources must be a path", entry.at)
    if kustomization.is_remote(path):
        raise BuildProblem(f"remote base {kustomization.shown(path)} is not fetched", entry.at, by_design=True)
    return path


def _is_local(one: Object) -> bool:
    annotations = child(one.value.entries.get("metadata"), "annotations")
    return string(child(annotations, _LOCAL)) == "true"


def _finished(one: Object) -> MapValue:
    """The object as kustomize prints it: without empty annotations."""
    metadata = one.value.entries.get("metadata")
    if isinstance(metadata, MapValue) and "annotations" in metadata.entries:
        annotations = metadata.entries["annotations"]
        if not (isinstance(annotations, MapValue) and annotations.entries):
            return with_entry(one.value, "metadata", without(metadata, "annotations"))
    return one.value
