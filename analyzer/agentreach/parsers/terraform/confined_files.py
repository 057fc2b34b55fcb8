"""The files that functions of a root may read: below the confinement root, relative to the root module's directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Skipped, Source
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agentreach.sources import Tree

ENTRIES = 20_000
DEPTH = 32
_MISSING = ("no such file", "not a regular file", "is a directory")
_OUTSIDE = "outside the scanned project"


@dataclass(slots=True)
class Unread:
    """Why there is no content. `absent`: Terraform would not find the file either."""

    reason: str
    absent: bool


class ConfinedFiles:
    """Reads for `file`, `templatefile`, `fileset` and the like; `refused` names what lies outside, each once."""

    def __init__(self, tree: Tree, directory: Path) -> None:
        self._tree = tree
        self._directory = directory
        self.refused: dict[str, Skipped] = {}

    def read(self, path: str) -> bytes | Unread:
        """The bytes of a regular file."""
        data = self._tree.open_bytes(self._directory / path)
        return self._unread(data) if isinstance(data, Skipped) else data

    def source(self, path: str) -> Source | Unread:
        """The text of a file, named as people should see it."""
        source = self._tree.open(self._directory / path)
        return self._unread(source) if isinstance(source, Skipped) else source

    def below(self, directory: str) -> tuple[str, ...] | Unread:
        """Every file below a directory, relative to it with POSIX slashes."""
        start = self._directory / directory
        top = self._tree.entries(start)
        if isinstance(top, Skipped):
            return self._unread(top)
        found: list[str] = []
        for path in self._walk(start, DEPTH):
            if len(found) == ENTRIES:
                return Unread(f"more than {ENTRIES} files below {self._tree.shown(start)}", absent=False)
            found.append(path.relative_to(start).as_posix())
        return tuple(found)

    def _walk(self, directory: Path, depth: int) -> Iterator[Path]:
        entries = self._tree.entries(directory)
        for entry in () if isinstance(entries, Skipped) else entries:
            if not entry.is_directory:
                yield directory / entry.name
            elif depth:
                yield from self._walk(directory / entry.name, depth - 1)

    def _unread(self, skipped: Skipped) -> Unread:
        if _OUTSIDE in skipped.reason:
            self.refused.setdefault(skipped.path, skipped)
        return Unread(f"{skipped.path}: {skipped.reason}", absent=any(text in skipped.reason for text in _MISSING))
