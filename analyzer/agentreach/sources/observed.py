"""What a scan saw of the file system: enough to tell later that it would see the same again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.digest import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.sources.reading import Unreadable

WALK, READ, ENTRIES, REFUSAL, NAMES, ABSENT = "walk", "read", "entries", "refusal", "names", "absent"
# Looked for in every root module, whatever the scanned text says.
_SOUGHT = frozenset({".terraform"})


class Observed:
    """Digests of everything that was looked at, by what it was: a walk, a file's bytes, a folder's names, a refusal.

    Only paths that exist are named, as what scanned text calls a path may be anything, a secret too: where there is no
    such file, the names in the nearest folder that exists say so as well. What is looked for in any case is named.

    `has_charts`: a program that renders them may have a say. `changed`: a file was not the same all the time. `size`:
    bytes of all files that were read.
    """

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}
        self.has_charts = False
        self.changed = False
        self.size = 0

    def walked(self, seen: Iterable[object]) -> None:
        """All places and refusals of the walk."""
        self.inputs[WALK] = _digest("\0".join(map(repr, seen)).encode("utf-8", "surrogatepass"))

    def read(self, path: str, data: bytes | Unreadable) -> None:
        """A file's bytes, or why there are none."""
        if not isinstance(data, bytes) and not os.path.lexists(path):
            self.absent(path)
            return
        digest = _digest(data) if isinstance(data, bytes) else f"not read: {data.reason}"
        if isinstance(data, bytes) and f"{READ} {path}" not in self.inputs:
            self.size += len(data)
        # Read twice and not the same: what the scan says is of neither state.
        self.changed |= self.inputs.setdefault(f"{READ} {path}", digest) != digest

    def listed(self, path: str, names: Iterable[object]) -> None:
        """What a folder holds, or why it is not known."""
        if not os.path.lexists(path):
            self.absent(path)
            return
        self.inputs[f"{ENTRIES} {path}"] = _digest("\0".join(map(repr, names)).encode("utf-8", "surrogatepass"))

    def refused(self, path: str, reason: str) -> None:
        """Why a path may not be read; empty when it may."""
        if os.path.lexists(path):
            self.inputs[f"{REFUSAL} {path}"] = reason

    def absent(self, path: str) -> None:
        """A path that leads nowhere: what is there instead."""
        missing, folder = next((one, one.parent) for one in (Path(path), *Path(path).parents) if one.parent.is_dir())
        if missing.name in _SOUGHT and not os.path.lexists(missing):
            self.inputs[f"{ABSENT} {missing}"] = ""
        else:
            self.named(str(folder))

    def named(self, folder: str) -> None:
        """The names in a folder."""
        try:
            names = sorted(path.name for path in Path(folder).iterdir())
        except OSError as error:
            names = [str(error.errno)]
        self.inputs[f"{NAMES} {folder}"] = _digest("\0".join(names).encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
