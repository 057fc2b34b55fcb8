"""The names and functions of Terragrunt's files, as far as the scanned files decide them.

https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Failure, Object, String, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from agentreach.model import Source, Span
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.syntax import Block, Body, Expression
    from agentreach.parsers.terraform.values import Value

UNIT_FILE = "terragrunt.hcl"
# How many files may read each other in a chain.
DEPTH = 8


class UnitFile(NamedTuple):
    """A file of Terragrunt's: a unit's own, or one that it includes or reads."""

    directory: Path
    source: Source
    body: Body

    def blocks(self, type_: str) -> Iterator[Block]:
        """Its blocks of a type."""
        return (block for block in self.body.blocks if block.type == type_)


class Surroundings(Protocol):
    """What a unit's files can refer to."""

    @property
    def files(self) -> Files:
        """What the functions on files may read, relative to the unit's directory."""

    def open(self, path: Path) -> UnitFile | None:
        """Another file, None where there is none that may be read."""

    def outputs(self, directory: Path, at: Span) -> Value | None:
        """The outputs of the module of another unit, None where there is no such unit."""

    def skip(self, at: Span, reason: str) -> None:
        """Something is not read."""


class UnitScope:
    """What names and functions mean in one file. Paths are relative to the unit's directory, as sources are."""

    def __init__(self, unit: Path, file: UnitFile, around: Surroundings, depth: int = DEPTH) -> None:
        self.source = file.source
        self.files = around.files
        self.file = file
        self._unit = unit
        self._around = around
        # The files that the unit includes, by name, and the directory of the first; an included file's own.
        self._included: dict[str, UnitScope] = {}
        self._parent = file.directory
        self._depth = depth
        self._pending: list[str] = []
        self._locals: dict[str, Expression] = {
            name: assignment.expression
            for block in file.blocks("locals")
            for name, assignment in block.body.attributes.items()
        }

    @property
    def functions(self) -> Mapping[str, Callable[[Sequence[Value], Span], Value]]:
        """The functions that only these files have."""
        return {
            "find_in_parent_folders": self._find_in_parent_folders,
            "get_original_terragrunt_dir": lambda _, at: String(".", at),
            "get_parent_terragrunt_dir": lambda _, at: self._from(self._unit, self._parent, at),
            "get_terragrunt_dir": lambda _, at: String(".", at),
            "path_relative_from_include": lambda _, at: self._from(self._unit, self._parent, at),
            "path_relative_to_include": lambda _, at: self._from(self._parent, self._unit, at),
            "read_terragrunt_config": self._read_terragrunt_config,
        }

    def include(self, name: str, other: UnitScope) -> None:
        """Let `include.name` be another file; that of a block without a name is `include`."""
        if not self._included:
            self._parent = other.file.directory
        self._included[name] = other

    def value(self, expression: Expression) -> Value:
        """The value of an expression of the file; what fails is unknown to the others."""
        value = evaluate(expression, self)
        return Unknown(DYNAMIC, value.message, value.at) if isinstance(value, Failure) else value

    def path(self, expression: Expression) -> Path | None:
        """A path that the file names; None where it is not known."""
        value = evaluate(expression, self)
        return Path(os.path.normpath(self._unit / value.text)) if isinstance(value, String) else None

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """`local.name`, `include.name`, `dependency.name`, and unknown for everything else."""
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if root == "local" and name:
            return self._local(name, at), 1
        if root == "include" and name in self._included:
            return self._included[name].exposed(at), 1
        if root == "include" and "" in self._included:
            return self._included[""].exposed(at), 0
        if root == "dependency" and name:
            return self._dependency(name, at), 1
        return self._unknown(root, at), len(steps)

    @staticmethod
    def _unknown(root: str, at: Span) -> Value:
        return Unknown(DYNAMIC, f"{root!r} is only known while Terragrunt runs", at)

    def _local(self, name: str, at: Span) -> Value:
        expression = self._locals.get(name)
        if expression is None:
            return Failure(f"no local value {name!r} is declared", at)
        if name in self._pending:
            return Unknown(DYNAMIC, f"local.{name} refers to itself", at)
        self._pending.append(name)
        value = self.value(expression)
        self._pending.pop()
        return value

    def exposed(self, at: Span) -> Value:
        """What another file sees of this one: its local values and its inputs."""
        values = {name: self._local(name, at) for name in sorted(self._locals)}
        inputs = self.file.body.attributes.get("inputs")
        entries: dict[str, Value] = {"locals": Object(values, at)}
        if inputs is not None:
            entries["inputs"] = self.value(inputs.expression)
        return Object(dict(sorted(entries.items())), at, {}, self._unknown("the rest of the file", at))

    def _dependency(self, name: str, at: Span) -> Value:
        """`dependency.name`, whose `outputs` are those of the module of another unit."""
        for scope in (self, *self._included.values()):
            for block in scope.file.blocks("dependency"):
                written = block.body.attributes.get("config_path") if block.labels == (name,) else None
                directory = scope.path(written.expression) if written else None
                outputs = self._around.outputs(directory, at) if directory else None
                if outputs is not None:
                    return Object({"outputs": outputs}, at, {}, self._unknown("dependency", at))
        return self._unknown("dependency", at)

    def _find_in_parent_folders(self, arguments: Sequence[Value], at: Span) -> Value:
        """The path of the nearest file of a name above the unit."""
        wanted = arguments[0] if arguments else String(UNIT_FILE, at)
        if not isinstance(wanted, String):
            return Unknown(STRING, "the name of the file to find is not known", at, nullable=False)
        for directory in self._unit.parents:
            path = directory / wanted.text
            if self._around.open(path) is not None:
                return String(os.path.relpath(path, self._unit), at)
        return arguments[1] if len(arguments) > 1 else Failure(f"there is no {wanted.text} in a parent folder", at)

    def _read_terragrunt_config(self, arguments: Sequence[Value], at: Span) -> Value:
        """The local values and inputs of another file."""
        path = arguments[0] if arguments else None
        if not isinstance(path, String) or not self._depth:
            return self._unknown("the file", at)
        file = self._around.open(Path(os.path.normpath(self._unit / path.text)))
        if file is None:
            return self._unknown(path.text, at)
        return UnitScope(file.directory, file, self._around, depth=self._depth - 1).exposed(at)

    @staticmethod
    def _from(start: Path, target: Path, at: Span) -> Value:
        return String(Path(os.path.relpath(target, start)).as_posix(), at)
