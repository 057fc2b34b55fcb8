"""The Terragrunt units of a tree: the modules they name, what they give them, and what other units get from those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Call, Skipped, Span
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.confined_files import ConfinedFiles
from agentreach.parsers.terraform.module_sources import Missing, ModuleSources
from agentreach.parsers.terraform.start import Start
from agentreach.parsers.terraform.terragrunt import Unit, read_unit
from agentreach.parsers.terraform.terragrunt_functions import UNIT_FILE
from agentreach.parsers.terraform.terragrunt_scope import UnitFile
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Unknown
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentreach.model import Source
    from agentreach.parsers.terraform.configuration import Configuration
    from agentreach.parsers.terraform.directories import Directories
    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.parsers.terraform.syntax import Body
    from agentreach.parsers.terraform.values import Value

STACK_FILE = "terragrunt.stack.hcl"
# How many units may get outputs from each other in a chain.
CHAIN = 32


class Units:
    """Every unit by its directory. `outputs_of(start)` are those of the module that a unit starts."""

    def __init__(
        self, directories: Directories, options: TerraformOptions, outputs_of: Callable[[Start, Span], Value]
    ) -> None:
        self.skipped: dict[Skipped, None] = {}
        self._directories = directories
        self._options = options
        self._outputs_of = outputs_of
        self._opened: dict[Path, UnitFile | None] = {}
        self._names: dict[Path, frozenset[str]] = {}
        self._outputs: dict[Path, Value] = {}
        self._pending: list[Path] = []
        self._by_directory: dict[Path, Unit] = {}
        for file in directories.tree.files:
            if file.absolute.name == STACK_FILE:
                self.skipped[Skipped(file.path, "a stack is not analysed before terragrunt stack generate has run")] = (
                    None
                )
        units = [self._unit(file) for file in self._files()]
        included = {one.path for unit in units for one in unit.included}
        self._by_directory = {unit.directory: unit for unit in units if unit.directory / UNIT_FILE not in included}

    def _files(self) -> list[UnitFile]:
        tree = self._directories.tree
        found = [
            self.open(file.absolute)
            for file in tree.files
            if file.kind is FileKind.TERRAGRUNT and file.absolute.name == UNIT_FILE and self._directories.source(file)
        ]
        return [file for file in found if file is not None]

    def _unit(self, file: UnitFile) -> Unit:
        return read_unit(file, _Around(self, file.directory), Span(file.source, 0, 0))

    def open(self, path: Path) -> UnitFile | None:
        """A file of Terragrunt's, None where there is none that may be read."""
        if path not in self._opened:
            source = self._directories.tree.open(path)
            if isinstance(source, Skipped):
                self._opened[path] = None
            else:
                source = self._directories.sources.setdefault(source.path, source)
                self._opened[path] = UnitFile(path.parent, source, self._body(source))
        return self._opened[path]

    def _body(self, source: Source) -> Body:
        """A file's attributes and blocks; what a template of boilerplate leaves open is no error."""
        body = hcl.skim(source) if "{{" in source.text else self._directories.body(source)
        if "{{" in source.text and body.problems:
            self.skip(Span(source, 0, 0), "a template that boilerplate fills in, not Terragrunt yet")
        return body

    def exists(self, path: Path) -> bool:
        """Whether there is a file or a directory that may be read."""
        if path.parent not in self._names:
            found = self._directories.tree.entries(path.parent)
            names = () if isinstance(found, Skipped) else (entry.name for entry in found)
            self._names[path.parent] = frozenset(names)
        return path.name in self._names[path.parent]

    def skip(self, at: Span, reason: str) -> None:
        """Something is not read, by design."""
        self.skipped.setdefault(Skipped(at.source.path, reason, line=at.location.line))

    def close(self) -> None:
        """Let go of the units and of whoever reads them, so that nothing holds on to them in a circle."""
        self._by_directory.clear()
        self._outputs_of = _nothing

    def files(self, directory: Path) -> ConfinedFiles:
        """What the functions on files of a unit may read."""
        return ConfinedFiles(self._directories.tree, directory)

    @property
    def directories(self) -> set[Path]:
        """Where there are units."""
        return set(self._by_directory)

    def source(self, directory: Path) -> str | None:
        """The source of the module that the unit of a directory names; "" without one."""
        unit = self._by_directory.get(directory)
        return unit.source() if unit else ""

    def repository(self, directory: Path) -> Path:
        """The directory outside of which nothing is read for a unit."""
        return self._directories.tree.confinement(directory)

    def start(self, directory: Path) -> Start | None:
        """What the unit of a directory starts: its module, with the unit's own files beside those of the module."""
        unit = self._by_directory.get(directory)
        configuration = self._configuration(unit) if unit else None
        if unit is None or configuration is None:
            return None
        return Start(
            configuration,
            self._directories.tree.shown(directory),
            inputs=unit.inputs(),
            values_beside=directory,
            values_files=tuple(unit.values_files()),
            calls=(Call(unit.source() or "", unit.at),) if configuration.is_public else (),
        )

    def _configuration(self, unit: Unit) -> Configuration | None:
        source = unit.source()
        directory = unit.directory
        if source != "":
            found = ModuleSources(self._directories, self._options, directory).find(directory, (), source)
            if isinstance(found, Missing):
                self.skip(unit.at, f"terraform source: {found.reason}")
            elif found.is_public:
                return found
            else:
                directory = found.directory
        return self._directories.laid_over(directory, unit.directory, tuple(unit.generated()))

    def outputs(self, directory: Path, at: Span) -> Value | None:
        """The outputs of the module of a unit, None where there is no unit."""
        if directory not in self._by_directory:
            return None
        if directory in self._pending or len(self._pending) >= CHAIN:
            return Unknown(DYNAMIC, "units depend on each other in a circle, or in too long a chain", at)
        if directory not in self._outputs:
            self._pending.append(directory)
            start = self.start(directory)
            unknown = Unknown(DYNAMIC, "the module of the unit is not read", at)
            self._outputs[directory] = self._outputs_of(start, at) if start else unknown
            self._pending.pop()
        return self._outputs[directory]


def _nothing(_start: Start, at: Span) -> Value:
    return Unknown(DYNAMIC, "the reading has ended", at)


class _Around:
    """What the files of one unit can refer to."""

    def __init__(self, units: Units, directory: Path) -> None:
        self.repository = units.repository(directory)
        self.read: dict[Path, Value | None] = {}
        self.files = units.files
        self.exists = units.exists
        self.open = units.open
        self.outputs = units.outputs
        self.skip = units.skip
