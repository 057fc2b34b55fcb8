"""What one load has read so far: sources by path, and everything there is to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, Parsed, Resource, Skipped, Source
from agentreach.parsers.kubernetes.templated import has_holes
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentreach.sources import File, Tree


class Reading:
    """Collects the parts of a `Parsed`. Each source counts once, however often it is used.

    `has_holes`: whether anything read so far may be filled in before it is applied.
    """

    def __init__(self, tree: Tree, wanted: Callable[[str], bool]) -> None:
        self.tree = tree
        self.wanted = wanted
        self.claimed: set[str] = set()
        self.has_holes = False
        self._sources: dict[str, Source] = {}
        self._resources: list[Resource] = []
        self._roots: dict[str, None] = {}
        self._skipped: dict[Skipped, None] = {}
        self._broken: dict[tuple[str, int, str], Broken] = {}

    def source(self, file: File) -> Source | None:
        """The text of a listed file; a refusal is noted by the tree itself."""
        found = self.tree.read(file)
        return self._keep(found)

    def open(self, path: Path) -> Source | Skipped:
        """The text of a file that another refers to."""
        found = self.tree.open(path)
        self.claimed.add(str(path))
        self._keep(found)
        return found

    def _keep(self, found: Source | Skipped) -> Source | None:
        if isinstance(found, Skipped):
            return None
        self.has_holes = self.has_holes or has_holes(found.text)
        return self._sources.setdefault(found.path, found)

    @property
    def resources(self) -> list[Resource]:
        """What was added so far."""
        return list(self._resources)

    def add(self, resource: Resource) -> None:
        """Note a resource of a wanted type."""
        self._roots.setdefault(resource.key.root)
        self._resources.append(resource)

    def note(self, problem: Broken | Skipped) -> None:
        """Note what could not be read; the same thing, met on several ways, once."""
        if isinstance(problem, Skipped):
            self._skipped.setdefault(problem)
        else:
            at = problem.at
            self._broken.setdefault((at.source.path, at.start, problem.message), problem)

    def parsed(self) -> Parsed:
        """Everything collected."""
        return Parsed(
            resources=tuple(self._resources),
            skipped=tuple(self._skipped),
            broken=tuple(self._broken.values()),
            files=len(self._sources),
            roots=tuple(self._roots),
            sources=tuple(self._sources.values()),
        )


def under(resource: Resource, root: str) -> Resource:
    """The same resource in another root."""
    return replace(resource, key=resource.key._replace(root=root))
