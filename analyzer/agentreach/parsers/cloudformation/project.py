"""Everything one load has read so far, and what it could not read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import Broken, Skipped, Source, Span, Value
from agentreach.parsers.cloudformation import template as template_file
from agentreach.parsers.cloudformation.budget import Budget
from agentreach.parsers.cloudformation.exports import Exports
from agentreach.parsers.cloudformation.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.parsers.cloudformation.scope import Scope
    from agentreach.sources import Tree


class Project:
    """Templates by absolute path, notes, and the budget of the evaluation.

    `given` are the caller's parameter values, for every root template that declares them.
    """

    def __init__(self, tree: Tree, given: Mapping[str, Value]) -> None:
        self.tree = tree
        self.given = given
        self.budget = Budget()
        self.exports = Exports()
        self.sources: dict[str, Source] = {}
        self.includes: dict[str, Value] = {}
        self.broken: dict[tuple[str, int], Broken] = {}
        self.notes: dict[tuple[str, int | None, str], Skipped] = {}
        self._templates: dict[str, Template | None] = {}

    def template(self, absolute: Path) -> Template | None:
        """The template in a file, read once; None, with a note, where there is none."""
        key = os.path.normpath(absolute)
        if key not in self._templates:
            self._templates[key] = self._read(Path(key))
        return self._templates[key]

    def _read(self, absolute: Path) -> Template | None:
        source = self.tree.open(absolute)
        if isinstance(source, Skipped):
            self.note(source)
            return None
        return self.parse(source, absolute)

    def parse(self, source: Source, absolute: Path) -> Template | None:
        """The template of a source; None, with a note, where it holds none."""
        found, notes = template_file.read(source, absolute)
        for note in notes:
            self.note(note)
        self.sources[source.path] = source
        if isinstance(found, Template):
            self._templates[os.path.normpath(absolute)] = found
            return found
        if isinstance(found, Broken):
            self.broken.setdefault((source.path, found.at.start), found)
        else:
            self.note(found)
        return None

    def forget(self, root: Scope) -> None:
        """Let go of a root that was read: a scope and its evaluator hold each other, and nothing collects cycles."""
        self._templates.pop(os.path.normpath(root.template.absolute), None)
        vars(root).clear()

    def note(self, skipped: Skipped) -> None:
        """Remember what was not read, once."""
        self.notes.setdefault((skipped.path, skipped.line, skipped.reason), skipped)

    def skip(self, reason: str, at: Span, *, by_design: bool = True) -> None:
        """Remember that something was not read at a place."""
        line, _ = at.source.position(at.start)
        self.note(Skipped(at.source.path, reason, by_design=by_design, line=line))
