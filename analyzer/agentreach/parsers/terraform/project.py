"""All Terraform of a tree: roots found, evaluated as far as somebody wants to know, plans put in their place."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agentreach.model import Broken, Parsed, Resource, Skipped
from agentreach.parsers.terraform.configuration import Trouble
from agentreach.parsers.terraform.confined_files import ConfinedFiles
from agentreach.parsers.terraform.directories import Directories
from agentreach.parsers.terraform.every_body import read_every_body
from agentreach.parsers.terraform.given_values import given_values, planned_values
from agentreach.parsers.terraform.module_sources import Missing, ModuleSources, installed_modules, literal_source
from agentreach.parsers.terraform.modules import Module
from agentreach.parsers.terraform.plan import Plan, read
from agentreach.parsers.terraform.resources import resources
from agentreach.parsers.terraform.root import Root
from agentreach.parsers.terraform.roots import Reach, root_directories
from agentreach.records import dataclass, field
from agentreach.sources import File, FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from agentreach.parsers.terraform.configuration import Configuration, Declaration
    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.parsers.terraform.terragrunt import Unit
    from agentreach.parsers.terraform.values import Value
    from agentreach.sources import Tree

Given = "Mapping[str, Callable[[Variable], Value]]"


_RECURSION = 6000


def load(tree: Tree, options: TerraformOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Every wanted resource that the tree's Terraform declares, by root; with all that was not analysed, and why."""
    # Values that depend on each other in a chain nest Python's calls; a result must not depend on how deep the caller
    # stands. It is not lowered again: another thread may be in the middle of a chain.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
    with _without_collection():
        return Project(tree, options, wanted).parsed()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Nearly everything made here is kept, so looking for garbage in it costs more than half of the time.

    Freezing and unfreezing makes all of it old, so that it is not gone through once more as soon as this ends.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@dataclass(eq=False)
class Project:
    """One reading of a tree."""

    tree: Tree
    options: TerraformOptions
    wanted: Callable[[str], bool]
    trouble: Trouble = field(default_factory=Trouble)
    skipped: dict[tuple[str, int | None, str], Skipped] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tree.admit((*self.options.var_files, *self.options.module_sources.values()))
        self.directories = Directories(self.tree, self.trouble)
        self._units = {unit.directory: unit for unit in self.directories.units()}

    def parsed(self) -> Parsed:
        """Read everything."""
        roots = self.roots()
        plans = list(self._plans(set(roots)))
        replaced = {directory for directory, _, _ in plans if directory is not None}
        found: list[Resource] = []
        names = []
        for directory in roots:
            if directory not in replaced:
                names.append(self.tree.shown(directory))
                found += self.root(directory)
                if not self.options.every_body:
                    self.directories.forget(directory)
        for beside, name, plan in plans:
            names.append(name)
            found += self._planned(beside, name, plan)
        if self.options.every_body:
            read_every_body(self.directories)
        return Parsed(
            resources=tuple(found),
            skipped=(*self.directories.skipped.values(), *self.skipped.values()),
            broken=self.trouble.broken,
            files=len(self.directories.sources),
            roots=tuple(sorted(names)),
            sources=tuple(self.directories.sources.values()),
        )

    def roots(self) -> list[Path]:
        """The directories of root modules and of Terragrunt units."""
        return root_directories({*self.directories.scanned, *self._units}, self._callees)

    def _callees(self, directory: Path) -> Iterator[Path]:
        """The directories on this machine that a directory's modules come from."""
        configuration = self.directories.configuration(directory)
        sources = ModuleSources(self.directories, self.options, directory)
        unit = self._units.get(directory)
        if unit and unit.source:
            target = sources.directory_of(directory, (), unit.source)
            if target is not None:
                yield target
        for call in configuration.calls.values() if configuration else ():
            source = literal_source(call)
            target = sources.directory_of(directory, (), source) if source else None
            if target is not None:
                yield target

    def root(self, directory: Path) -> list[Resource]:
        """The resources of one root."""
        unit = self._units.get(directory)
        inputs = unit.inputs if unit else {}
        read = (self.directories.configuration(directory), self._module_of(directory, unit))
        shown = self.tree.shown(directory)
        return [
            resource
            for configuration in read
            if configuration is not None
            for resource in self.evaluate(configuration, shown, inputs, {})
        ]

    def _module_of(self, directory: Path, unit: Unit | None) -> Configuration | None:
        """The module that a Terragrunt unit names; the unit's own files are copied beside it, so both are read."""
        if unit is None or unit.source == "":
            return None
        sources = ModuleSources(self.directories, self.options, directory)
        found = sources.find(directory, (), unit.source)
        if isinstance(found, Missing):
            location = unit.at.location
            skipped = Skipped(location.path, f"terraform source: {found.reason}", line=location.line)
            self.skipped[skipped.path, skipped.line, skipped.reason] = skipped
            return None
        return found

    def evaluate(
        self, configuration: Configuration, name: str, inputs: Mapping[str, Value], planned: Mapping[str, Value]
    ) -> list[Resource]:
        """The wanted resources of a root. `inputs` give way to values files, `planned` values win over all."""
        directory = configuration.directory
        sources = ModuleSources(
            self.directories, self.options, directory, installed_modules(self.directories, directory)
        )
        reach = Reach(sources, self.wanted, self._missing)
        if not reach(configuration):
            return []
        module = self.module(configuration, name, sources, inputs, planned)
        found = list(resources(module, self.wanted, reach))
        self.skipped.update(module.root.skipped)
        self.skipped.update({(one.path, one.line, one.reason): one for one in module.root.files.refused.values()})
        module.close()
        module.root.close()
        return found

    def _missing(self, call: Declaration, reason: str) -> None:
        line = call.at.location.line
        skipped = Skipped(call.block.source.path, f"module {call.name!r}: {reason}", line=line)
        self.skipped.setdefault((skipped.path, line, skipped.reason), skipped)

    def module(
        self,
        configuration: Configuration,
        name: str,
        sources: ModuleSources,
        inputs: Mapping[str, Value],
        planned: Mapping[str, Value],
    ) -> Module:
        """The root module, ready to be asked."""
        directory = configuration.directory
        files = ConfinedFiles(self.tree, directory)
        root = Root(name, self.options, files, sources, self.trouble)
        root.given = given_values(self.directories, directory, self.options, files, inputs, planned)
        return Module(root, configuration)

    def _plans(self, roots: set[Path]) -> Iterator[tuple[Path | None, str, Plan]]:
        """Every plan, with the root it takes the place of and the name of its keys."""
        taken: set[Path] = set()
        for file, plan in self._plan_files():
            directory = file.absolute.parent
            beside = self._is_of(plan, self.directories.configuration(directory)) if directory in roots else False
            if directory not in taken and (beside or directory not in roots):
                taken.add(directory)
                yield directory if beside else None, self.tree.shown(directory), plan
            else:
                yield None, file.path, plan

    def _plan_files(self) -> Iterator[tuple[File, Plan]]:
        for file in self.tree.files:
            source = self.directories.source(file) if file.kind is FileKind.TERRAFORM_PLAN else None
            plan = read(source) if source else None
            if isinstance(plan, Broken):
                self.trouble.add(plan.at.source, plan.at.start, plan.at.end, plan.message)
            elif plan is not None:
                yield file, plan

    @staticmethod
    def _is_of(plan: Plan, configuration: Configuration | None) -> bool:
        """Whether a plan was made from a configuration: what it declares at the top is declared there."""
        return (
            configuration is not None and plan.declared <= configuration.resources.keys() | configuration.calls.keys()
        )

    def _planned(self, directory: Path | None, name: str, plan: Plan) -> list[Resource]:
        configuration = self.directories.configuration(directory) if directory else None
        planned = planned_values(plan.variables, plan.source)
        written = self.evaluate(configuration, name, {}, planned) if configuration else []
        return list(plan.resources(name, self.wanted, written))
