"""One walk over a directory: pruned, sorted, links followed only inside the root and once."""

from __future__ import annotations

import os
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field
from agentreach.sources.confinement import is_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.sources.exclusion import Exclusion

PRUNED = frozenset(
    {".git", "node_modules", ".venv", "__pycache__", ".aws-sam", ".terraform", ".terragrunt-cache"},
)


class Place(NamedTuple):
    """A file or directory of the walk: where it is, how it is shown, and its place in a Helm chart.

    `below` is the path from the scanned PATH, which `--exclude` globs may name.
    """

    name: str
    absolute: str
    shown: str
    below: str
    in_chart: bool = False
    in_templates: bool = False


class Refusal(NamedTuple):
    """What the walk could not or may not visit, and whether that is by design."""

    shown: str
    reason: str
    expected: bool


@dataclass(slots=True)
class Walk:
    """Visits directories once; what it could not visit is in `refused`."""

    exclusion: Exclusion
    refused: list[Refusal] = field(default_factory=list)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def files(self, start: Place, root: str) -> Iterator[Place]:
        """`start` when it is a file, else every file below it.

        Links to directories come last, so that a real path is preferred.
        """
        path = Path(start.absolute)
        if path.is_file():
            if not path.is_symlink() or self._is_allowed(start, root):
                yield start
            return
        links: list[Place] = []
        yield from self._visit(start, root, links)
        while links:
            link = links.pop(0)
            # A link to a directory above itself would widen the scan, or loop.
            if not is_inside(os.path.realpath(Path(link.absolute).parent), os.path.realpath(link.absolute)):
                yield from self._visit(link, root, links)

    def _visit(self, start: Place, root: str, links: list[Place]) -> Iterator[Place]:
        pending = [start]
        while pending:
            directory = pending.pop()
            entries = self._entries(directory)
            has_chart = any(entry.name == "Chart.yaml" for entry in entries)
            subdirectories: list[Place] = []
            for entry in entries:
                place = _place(directory, entry, has_chart=has_chart)
                if entry.is_symlink() and not self._is_allowed(place, root):
                    continue
                if entry.is_dir():
                    (links if entry.is_symlink() else subdirectories).append(place)
                elif entry.is_file():
                    yield place
                elif entry.is_symlink():
                    self.refused.append(Refusal(place.shown, "a link that leads nowhere", expected=True))
            pending.extend(reversed(subdirectories))

    def _entries(self, directory: Place) -> list[os.DirEntry[str]]:
        try:
            if not self._is_new(directory):
                return []
            with os.scandir(directory.absolute) as entries:
                kept = [entry for entry in entries if not self._is_left_out(directory, entry)]
        except OSError as error:
            reason = f"cannot be listed: {error.strerror}".lower()
            self.refused.append(Refusal(directory.shown or ".", reason, expected=False))
            return []
        return sorted(kept, key=attrgetter("name"))

    def _is_new(self, directory: Place) -> bool:
        status = Path(directory.absolute).stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _is_left_out(self, directory: Place, entry: os.DirEntry[str]) -> bool:
        if entry.name in PRUNED and entry.is_dir():
            return True
        return bool(self.exclusion) and self.exclusion.covers(
            entry.name, _joined(directory.shown, entry.name), _joined(directory.below, entry.name)
        )

    def _is_allowed(self, link: Place, root: str) -> bool:
        if is_inside(os.path.realpath(link.absolute), root):
            return True
        self.refused.append(Refusal(link.shown, "a link that leaves the scanned project", expected=True))
        return False


def _place(directory: Place, entry: os.DirEntry[str], *, has_chart: bool) -> Place:
    return Place(
        entry.name,
        entry.path,
        _joined(directory.shown, shown(entry.name)),
        _joined(directory.below, entry.name),
        directory.in_chart or has_chart,
        directory.in_templates or (has_chart and entry.name == "templates"),
    )


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def shown(name: str) -> str:
    """A file name that can be printed: bytes that are no UTF-8 as escapes."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
