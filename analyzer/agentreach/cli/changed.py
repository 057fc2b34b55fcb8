"""`--changed` and `--since`: what a change touches, and what it adds to a revision."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import changes
from agentreach.cli.shared import Request, run_scan
from agentreach.errors import UsageError
from agentreach.records import replace

if TYPE_CHECKING:
    from agentreach.engine import Scan


def scan_changed(request: Request) -> Scan:
    """Scan the enclosing work tree (else the working directory) and keep what the changed files touch."""
    root = changes.work_tree(Path.cwd())
    if request.paths:
        change = changes.of_paths(root, request.paths)
    elif root is not None:
        change = changes.staged(root)
    else:
        raise UsageError("--changed without PATHS needs a git work tree; name the changed files")
    project = Path() if root is None or root == Path.cwd() else root
    return changes.touched(run_scan(replace(request, paths=(project,), helm=request.helm or "off")), change)


def scan_since(request: Request, revision: str) -> Scan:
    """Scan the working tree and the revision with the same options, and keep what the working tree adds."""
    root = changes.work_tree(Path.cwd())
    if root is None:
        raise UsageError("--since needs a git work tree")
    if Path("-") in request.paths:
        raise UsageError("--since compares files; standard input has no earlier state")
    now = run_scan(request)
    with tempfile.TemporaryDirectory(prefix="agentreach-") as scratch:
        changes.extract(root, revision, Path(scratch))
        before = _scan_in(Path(scratch) / Path.cwd().resolve().relative_to(root), request, root)
    return changes.added(now, before)


def _scan_in(folder: Path, request: Request, root: Path) -> Scan:
    """The same scan in another copy of the tree; paths that did not exist there are left out."""
    here = Path.cwd()
    paths = tuple(_moved(path, root, folder) for path in request.paths)
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        present = tuple(path for path in paths if path.exists())
        if request.paths and not present:
            present = (Path(tempfile.mkdtemp(dir=folder)),)
        return run_scan(replace(request, paths=present))
    finally:
        os.chdir(here)


def _moved(path: Path, root: Path, folder: Path) -> Path:
    """A path of the working tree as seen from the same place in the copy."""
    absolute = path.resolve()
    if not absolute.is_relative_to(root):
        raise UsageError(f"{path} lies outside the git work tree {root}; --since cannot see its earlier state")
    return (
        Path(os.path.relpath(absolute, Path.cwd())) if not path.is_absolute() else folder / absolute.relative_to(root)
    )
