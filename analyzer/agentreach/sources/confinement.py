"""The confinement root: nothing outside it is read, whatever the scanned text refers to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def confinement_root(path: Path) -> Path:
    """The enclosing git work tree of an absolute, link-free path, else the path itself (a file's directory)."""
    start = path if path.is_dir() else path.parent
    for directory in (start, *start.parents):
        if (directory / ".git").exists():
            return directory
    return start


def is_inside(path: str, root: str) -> bool:
    """Whether a link-free path is `root` or below it."""
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)


def is_git_metadata(path: str) -> bool:
    """Whether a path leads into `.git`, which holds credentials and is not scanned text."""
    return f"{os.sep}.git{os.sep}" in path or path.endswith(f"{os.sep}.git")
