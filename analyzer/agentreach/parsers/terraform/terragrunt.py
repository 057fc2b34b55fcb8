"""Terragrunt units: the module that `terraform { source = … }` names, its `inputs`, and the files made beside it.

What a unit includes is merged with it, and `dependency` blocks yield the outputs of the module of another unit.
https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform.terragrunt_generated import generated, is_disabled
from agentreach.parsers.terraform.terragrunt_scope import UnitScope
from agentreach.parsers.terraform.values import MAPPINGS, SEQUENCES, Object, String
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.syntax import Block
    from agentreach.parsers.terraform.terragrunt_generated import Generated
    from agentreach.parsers.terraform.terragrunt_scope import Surroundings, UnitFile
    from agentreach.parsers.terraform.values import Value

NO_MERGE = "no_merge"


@dataclass(frozen=True, slots=True)
class Included:
    """A file that a unit includes, where it lies, and how it is merged: "shallow", "deep" or "no_merge"."""

    scope: UnitScope
    path: Path
    strategy: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its directory and the files it is made of."""

    directory: Path
    at: Span
    scope: UnitScope
    included: tuple[Included, ...]

    def source(self) -> str | None:
        """The source of its module: "" for the directory itself, None where it is not literal."""
        return next((source for source in map(_source, self._scopes()) if source != ""), "")

    def inputs(self) -> dict[str, Value]:
        """What the module's variables are given: the unit's own values win over those of included files."""
        found = _inputs(self.scope)
        for one in self.included:
            if one.strategy != NO_MERGE:
                found = _merged(_inputs(one.scope), found, deep=one.strategy == "deep")
        return found

    def generated(self) -> Iterator[Generated]:
        """The files that are written beside those of the module; the unit's own win over those of included files."""
        blocks: dict[str, Value] = {}
        for scope in reversed(self._scopes()):
            blocks |= scope.generate(self.at).entries
        for label, block in blocks.items():
            file = generated(block)
            if file is not None:
                yield file
            elif not is_disabled(block):
                self.scope.around.skip(block.at, f"generate {label!r}: the file's name or contents are not known")

    def values_files(self) -> Iterator[Path]:
        """The values files that the unit passes to Terraform."""
        for scope in reversed(self._scopes()):
            yield from _values_files(scope)

    def _scopes(self) -> list[UnitScope]:
        """Its own file and those it is merged with, the most important first."""
        return [self.scope, *(one.scope for one in self.included if one.strategy != NO_MERGE)]


def read_unit(file: UnitFile, around: Surroundings, at: Span) -> Unit:
    """A unit's file, with the files that it includes."""
    scope = UnitScope(file.directory, file, around)
    included = []
    for block in file.blocks("include"):
        one = _included(block, scope, around)
        if one is not None:
            included.append(one)
            scope.include("".join(block.labels), one.scope)
    return Unit(file.directory, at, scope, tuple(included))


def _included(block: Block, scope: UnitScope, around: Surroundings) -> Included | None:
    path = scope.path(block.body, "path")
    file = around.open(path) if path else None
    if path is None or file is None:
        place = Span(block.source, block.start, block.end)
        around.skip(place, "include: " + ("its path is not known" if path is None else "the file cannot be read"))
        return None
    value = scope.argument(block.body, "merge_strategy")
    strategy = value.text if isinstance(value, String) else "shallow"
    return Included(UnitScope(scope.unit, file, around), path, strategy)


def _source(scope: UnitScope) -> str | None:
    """The module's source; "" where none is named, None where it is not literal."""
    for block in scope.file.blocks("terraform"):
        value = scope.argument(block.body, "source")
        if value is not None:
            return _written(value.text, scope.unit) if isinstance(value, String) else None
    return ""


def _written(source: str, unit: Path) -> str:
    """The source as a module call would write it: local ones without a double slash, registry ones without `tfr:///`."""
    if source.startswith("tfr:///"):
        return source.removeprefix("tfr:///").partition("?")[0]
    if source.startswith("/"):
        return "./" + os.path.relpath(source.replace("//", "/"), unit)
    return source.replace("//", "/") if source.startswith(".") else source


def _values_files(scope: UnitScope) -> Iterator[Path]:
    """Those of `extra_arguments`. https://terragrunt.gruntwork.io/docs/features/extra-arguments/ ."""
    blocks = (block for terraform in scope.file.blocks("terraform") for block in terraform.body.blocks)
    for block in (block for block in blocks if block.type == "extra_arguments"):
        for name in ("required_var_files", "optional_var_files"):
            listed = scope.argument(block.body, name)
            paths = listed.items if isinstance(listed, SEQUENCES) else ()
            known = [path.text for path in paths if isinstance(path, String)]
            yield from (Path(os.path.normpath(scope.directory / text)) for text in known)
            if listed is not None and (not isinstance(listed, SEQUENCES) or len(known) < len(paths)):
                scope.around.skip(Span(block.source, block.start, block.end), f"{name}: not all files are known")


def _inputs(scope: UnitScope) -> dict[str, Value]:
    value = scope.argument(scope.file.body, "inputs")
    return dict(value.entries) if isinstance(value, MAPPINGS) else {}


def _merged(under: dict[str, Value], over: dict[str, Value], *, deep: bool) -> dict[str, Value]:
    """Entries of two maps, those of the second in the place of the first; deeply, maps of both are merged too."""
    found = under | over
    for name in under.keys() & over.keys() if deep else ():
        below, above = under[name], over[name]
        if isinstance(below, MAPPINGS) and isinstance(above, MAPPINGS):
            entries = _merged(below.entries, above.entries, deep=True)
            found[name] = Object(dict(sorted(entries.items())), above.at, {**below.keys, **above.keys})
    return found
