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
from agentreach.parsers.terraform.given_values import given_values, planned_values
from agentreach.parsers.terraform.module_sources import ModuleSources, installed_modules, literal_source
from agentreach.parsers.terraform.modules import Module
from agentreach.parsers.terraform.resources import resources
from agentreach.parsers.terraform.root import Root
from agentreach.parsers.terraform.roots import Reach, root_directories
from agentreach.parsers.terraform.start import Start
from agentreach.parsers.terraform.units import Units
from agentreach.records import dataclass, field
from agentreach.sources import File, FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from agentreach.model import Span
    from agentreach.parsers.terraform.configuration import Configuration, Declaration
    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.parsers.terraform.plan import Plan
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


def _never(_type: str) -> bool:
    return False


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
        self._units = Units(self.directories, self.options, self._outputs)

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
            from agentreach.parsers.terraform.every_body import read_every_body  # noqa: PLC0415 - only when asked for

            read_every_body(self.directories)
        parsed = Parsed(
            resources=tuple(found),
            skipped=(*self.directories.skipped.values(), *self.skipped.values(), *self._units.skipped),
            broken=self.trouble.broken,
            files=len(self.directories.sources),
            roots=tuple(sorted(names)),
            sources=tuple(self.directories.sources.values()),
        )
        self._units.close()
        return parsed

    def roots(self) -> list[Path]:
        """The directories of root modules and of Terragrunt units."""
        return root_directories({*self.directories.scanned, *self._units.directories}, self._callees)

    def _callees(self, directory: Path) -> Iterator[Path]:
        """The directories on this machine that a directory's modules come from."""
        configuration = self.directories.configuration(directory)
        sources = ModuleSources(self.directories, self.options, directory)
        unit_source = self._units.source(directory)
        if unit_source:
            target = sources.directory_of(directory, (), unit_source)
            if target is not None:
                yield target
        for call in configuration.calls.values() if configuration else ():
            source = literal_source(call)
            target = sources.directory_of(directory, (), source) if source else None
            if target is not None:
                yield target

    def root(self, directory: Path) -> list[Resource]:
        """The resources of one root."""
        start = self._start(directory)
        return self.evaluate(start, self.options.on_demand) if start else []

    def _start(self, directory: Path) -> Start | None:
        if directory in self._units.directories:
            return self._units.start(directory)
        configuration = self.directories.configuration(directory)
        return Start(configuration, self.tree.shown(directory)) if configuration else None

    def evaluate(self, start: Start, on_demand: Callable[[str], bool] = _never) -> list[Resource]:
        """The wanted resources of a root."""
        sources = self._sources(start)
        reach = Reach(sources, self.wanted, self._missing)
        if not reach(start.configuration):
            return []
        module = self.module(start, sources)
        found = resources(module, self.wanted, reach, on_demand)
        self.skipped.update(module.root.skipped)
        self.skipped.update({(one.path, one.line, one.reason): one for one in module.root.files.refused.values()})
        module.close()
        module.root.close()
        return found

    def _outputs(self, start: Start, at: Span) -> Value:
        """The outputs of a root, for another one."""
        module = self.module(start, self._sources(start))
        outputs = module.outputs(at)
        module.close()
        module.root.close()
        return outputs

    def _sources(self, start: Start) -> ModuleSources:
        directory = start.configuration.directory
        installed = installed_modules(self.directories, directory)
        return ModuleSources(self.directories, self.options, directory, installed)

    def _missing(self, call: Declaration, reason: str) -> None:
        line = call.at.location.line
        skipped = Skipped(call.block.source.path, f"module {call.name!r}: {reason}", line=line)
        self.skipped.setdefault((skipped.path, line, skipped.reason), skipped)

    def module(self, start: Start, sources: ModuleSources) -> Module:
        """The root module, ready to be asked."""
        files = ConfinedFiles(self.tree, start.configuration.directory)
        root = Root(start.name, self.options, files, sources, self.trouble)
        root.uses_public = start.configuration.is_public
        root.given = given_values(self.directories, start, self.options, files)
        return Module(root, start.configuration, calls=start.calls)

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
        for file in [file for file in self.tree.files if file.kind is FileKind.TERRAFORM_PLAN]:
            from agentreach.parsers.terraform.plan import read  # noqa: PLC0415 - few trees hold a plan

            source = self.directories.source(file)
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
        # What a plan says of a block is put beside all that the block says.
        written = self.evaluate(Start(configuration, name, planned=planned)) if configuration else []
        return list(plan.resources(name, self.wanted, written))
