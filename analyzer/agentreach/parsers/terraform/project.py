"""All Terraform of a tree: roots found, evaluated as far as somebody wants to know, plans put in their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentreach.model import Parsed, Resource, Skipped
from agentreach.parsers.terraform.configuration import Trouble
from agentreach.parsers.terraform.confined_files import ConfinedFiles
from agentreach.parsers.terraform.directories import Directories
from agentreach.parsers.terraform.given_values import given_values
from agentreach.parsers.terraform.module_sources import ModuleSources, installed_modules, literal_source
from agentreach.parsers.terraform.modules import Module
from agentreach.parsers.terraform.resources import resources
from agentreach.parsers.terraform.root import Root
from agentreach.parsers.terraform.roots import Reach, root_directories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.sources import Tree


def load(tree: Tree, options: TerraformOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Every wanted resource that the tree's Terraform declares, by root; with all that was not analysed, and why."""
    return Project(tree, options, wanted).parsed()


@dataclass(eq=False)
class Project:
    """One reading of a tree."""

    tree: Tree
    options: TerraformOptions
    wanted: Callable[[str], bool]
    trouble: Trouble = field(default_factory=Trouble)
    skipped: dict[tuple[str, int | None, str], Skipped] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directories = Directories(self.tree, self.trouble)

    def parsed(self) -> Parsed:
        """Read everything."""
        roots = root_directories(self.directories.scanned, self._callees)
        found: list[Resource] = []
        for directory in roots:
            found += self._root(directory)
        return Parsed(
            resources=tuple(found),
            skipped=(*self.directories.skipped.values(), *self.skipped.values()),
            broken=self.trouble.broken,
            files=len(self.directories.sources),
            roots=tuple(self.tree.shown(directory) for directory in roots),
            sources=tuple(self.directories.sources.values()),
        )

    def _callees(self, directory: Path) -> Iterator[Path]:
        """The local directories that a directory's modules come from."""
        configuration = self.directories.configuration(directory)
        sources = ModuleSources(self.directories, self.options, directory)
        for call in configuration.calls.values() if configuration else ():
            source = literal_source(call)
            target = sources.directory_of(configuration, (), source) if source else None
            if target is not None:
                yield target

    def _root(self, directory: Path) -> list[Resource]:
        configuration = self.directories.configuration(directory)
        if configuration is None:
            return []
        sources = ModuleSources(
            self.directories, self.options, directory, installed_modules(self.directories, directory)
        )
        reach = Reach(sources, self.wanted)
        if not reach(configuration):
            return []
        root = Root(
            name=self.tree.shown(directory),
            options=self.options,
            files=ConfinedFiles(self.tree, directory),
            sources=sources,
            trouble=self.trouble,
        )
        module = Module(root, configuration)
        root.given = given_values(self.directories, directory, self.options, root.files)
        found = list(resources(module, self.wanted, reach))
        self.skipped.update(root.skipped)
        self.skipped.update({(one.path, one.line, one.reason): one for one in root.files.refused.values()})
        return found
