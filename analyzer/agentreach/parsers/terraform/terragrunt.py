"""Terragrunt units: the module that `terraform { source = … }` names and the `inputs` it gets, where both are literal.

What a unit includes is merged with it, and `dependency` blocks yield the outputs of the module of another unit.
https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform.terragrunt_scope import UnitScope
from agentreach.parsers.terraform.values import MAPPINGS, Object, String
from agentreach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.parsers.terraform.syntax import Block
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
    """A unit: its directory, the source of its module ("" for the directory itself, None where it is not literal)."""

    directory: Path
    at: Span
    scope: UnitScope
    included: tuple[Included, ...]
    source: str | None

    def inputs(self) -> dict[str, Value]:
        """What the module's variables are given: the unit's own values win over those of included files."""
        found = _inputs(self.scope)
        for one in self.included:
            if one.strategy != NO_MERGE:
                found = _merged(_inputs(one.scope), found, deep=one.strategy == "deep")
        return found


def read_unit(file: UnitFile, around: Surroundings, at: Span) -> Unit:
    """A unit's file, with the files that it includes."""
    scope = UnitScope(file.directory, file, around)
    included = []
    for block in file.blocks("include"):
        one = _included(block, scope, around)
        if one is not None:
            included.append(one)
            scope.include("".join(block.labels), one.scope)
    sources = [_source(one) for one in (scope, *(one.scope for one in included if one.strategy != NO_MERGE))]
    return Unit(file.directory, at, scope, tuple(included), next((source for source in sources if source != ""), ""))


def _included(block: Block, scope: UnitScope, around: Surroundings) -> Included | None:
    written = block.body.attributes.get("path")
    path = scope.path(written.expression) if written else None
    file = around.open(path) if path else None
    if path is None or file is None:
        place = Span(block.source, block.start, block.end)
        around.skip(place, "include: " + ("its path is not known" if path is None else "the file cannot be read"))
        return None
    strategy = block.body.attributes.get("merge_strategy")
    value = scope.value(strategy.expression) if strategy else None
    return Included(
        UnitScope(scope.file.directory, file, around), path, value.text if isinstance(value, String) else "shallow"
    )


def _source(scope: UnitScope) -> str | None:
    """The module's source; "" where none is named, None where it is not literal."""
    for block in scope.file.blocks("terraform"):
        written = block.body.attributes.get("source")
        if written is not None:
            value = scope.value(written.expression)
            return _path(value.text) if isinstance(value, String) else None
    return ""


def _path(source: str) -> str:
    """The source as a module call would write it: local ones without a double slash, registry ones without `tfr:///`."""
    if source.startswith("tfr:///"):
        return source.removeprefix("tfr:///").partition("?")[0]
    return source.replace("//", "/") if source.startswith((".", "/")) else source


def _inputs(scope: UnitScope) -> dict[str, Value]:
    written = scope.file.body.attributes.get("inputs")
    value = scope.value(written.expression) if written else None
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
