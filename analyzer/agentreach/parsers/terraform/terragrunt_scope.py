"""The names of Terragrunt's files, as far as the scanned files decide them.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agentreach.model import Span
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.terragrunt_functions import FUNCTIONS
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import MAPPINGS, Bool, Failure, Object, String, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Source
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.syntax import Block, Body, Expression
    from agentreach.parsers.terraform.values import Value

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
    def repository(self) -> Path:
        """The directory outside of which nothing is read."""

    @property
    def read(self) -> dict[Path, Value | None]:
        """What the files expose that were read by `read_terragrunt_config` so far."""

    def files(self, directory: Path) -> Files:
        """What the functions on files may read, relative to a directory."""

    def exists(self, path: Path) -> bool:
        """Whether there is a file or a directory that may be read."""

    def open(self, path: Path) -> UnitFile | None:
        """Another file, None where there is none that may be read."""

    def outputs(self, directory: Path, at: Span) -> Value | None:
        """The outputs of the module of another unit, None where there is no such unit."""

    def skip(self, at: Span, reason: str) -> None:
        """Something is not read."""


class UnitScope:
    """What names and functions mean in one file, read for a unit.

    Relative paths start at the unit's directory, in a file that `read_terragrunt_config` reads at its own.
    """

    def __init__(
        self, unit: Path, file: UnitFile, around: Surroundings, *, directory: Path | None = None, depth: int = DEPTH
    ) -> None:
        self.source = file.source
        self.file = file
        self.unit = unit
        self.directory = directory or unit
        # The directory of the first file that the unit includes; an included file's own.
        self.parent = file.directory
        self.around = around
        self.repository = around.repository
        self.exists = around.exists
        self.files = around.files(self.directory)
        self._included: dict[str, UnitScope] = {}
        self._depth = depth
        self._pending: list[str] = []
        self._known: dict[str, Value] = {}
        self._locals: dict[str, Expression] = {
            name: assignment.expression
            for block in file.blocks("locals")
            for name, assignment in block.body.attributes.items()
        }

    @property
    def functions(self) -> dict[str, Callable[..., Value]]:
        """The functions that only these files have."""
        return {name: partial(function, self) for name, function in FUNCTIONS.items()}

    def include(self, name: str, other: UnitScope) -> None:
        """Let `include.name` be another file; that of a block without a name is `include`."""
        if not self._included:
            self.parent = other.file.directory
        self._included[name] = other

    def value(self, expression: Expression) -> Value:
        """The value of an expression of the file; what fails is unknown to the others."""
        value = evaluate(expression, self)
        return Unknown(DYNAMIC, value.message, value.at) if isinstance(value, Failure) else value

    def argument(self, body: Body, name: str) -> Value | None:
        """The value of an argument of a block, None where it is not written."""
        written = body.attributes.get(name)
        return self.value(written.expression) if written else None

    def path(self, body: Body, name: str) -> Path | None:
        """The path that an argument names; None where it is not known."""
        value = self.argument(body, name)
        return Path(os.path.normpath(self.directory / value.text)) if isinstance(value, String) else None

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """`local.name`, `include.name`, `dependency.name`, `feature.name`, and unknown for everything else."""
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if root == "local" and name:
            return self._local(name, at), 1
        if root == "include" and name in self._included:
            return self._included[name].exposed(at), 1
        if root == "include" and "" in self._included:
            return self._included[""].exposed(at), 0
        if root == "dependency" and name:
            return self._dependency(name, at), 1
        if root == "feature" and name:
            return self._feature(name, at), 1
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
        if name not in self._known:
            self._pending.append(name)
            self._known[name] = self.value(expression)
            self._pending.pop()
        return self._known[name]

    def exposed(self, at: Span) -> Value:
        """What another file sees of this one: its local values, its inputs and what it generates."""
        values = {name: self._local(name, at) for name in sorted(self._locals)}
        entries: dict[str, Value] = {"generate": self.generate(at), "locals": Object(values, at)}
        inputs = self.argument(self.file.body, "inputs")
        if inputs is not None:
            entries["inputs"] = inputs
        return Object(dict(sorted(entries.items())), at, {}, self._unknown("the rest of the file", at))

    def generate(self, at: Span) -> Object:
        """The arguments of every `generate` block by its label, and those that the argument `generate` holds."""
        given = self.argument(self.file.body, "generate")
        entries: dict[str, Value] = dict(given.entries) if isinstance(given, MAPPINGS) else {}
        for block in self.file.blocks("generate"):
            arguments = {name: self.value(one.expression) for name, one in sorted(block.body.attributes.items())}
            entries["".join(block.labels)] = Object(arguments, Span(block.source, block.start, block.end))
        return Object(dict(sorted(entries.items())), at)

    def _dependency(self, name: str, at: Span) -> Value:
        """`dependency.name`, whose `outputs` are those of the module of another unit."""
        for scope in (self, *self._included.values()):
            for block in scope.file.blocks("dependency"):
                outputs = scope.outputs(block.body, at) if block.labels == (name,) else None
                if outputs is not None:
                    return Object({"outputs": outputs}, at, {}, self._unknown("dependency", at))
        return self._unknown("dependency", at)

    def outputs(self, dependency: Body, at: Span) -> Value | None:
        """The outputs that a `dependency` block yields: its mock outputs only where it says that it reads no others."""
        skips = self.argument(dependency, "skip_outputs")
        if isinstance(skips, Bool) and skips.value:
            return self.argument(dependency, "mock_outputs")
        directory = self.path(dependency, "config_path")
        outputs = self.around.outputs(directory, at) if directory else None
        if outputs is None and "mock_outputs" in dependency.attributes:
            return Unknown(DYNAMIC, "the dependency's module is not read, and mock outputs only stand in for it", at)
        return outputs

    def _feature(self, name: str, at: Span) -> Value:
        """`feature.name`, whose `value` is its default, as a variable's is."""
        for block in self.file.blocks("feature"):
            default = self.argument(block.body, "default") if block.labels == (name,) else None
            if default is not None:
                return Object({"value": default}, at)
        return self._unknown("feature", at)

    def read(self, path: Path, at: Span) -> Value | None:
        """What another file exposes to this one; None where it cannot be read, or is being read already."""
        known = self.around.read
        if path not in known:
            known[path] = None
            file = self.around.open(path) if self._depth and self.exists(path) else None
            if file is not None:
                scope = UnitScope(self.unit, file, self.around, directory=file.directory, depth=self._depth - 1)
                known[path] = scope.exposed(at)
        return known[path]
