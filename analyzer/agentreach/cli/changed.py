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
    from agentreach.changes import Changes
    from agentreach.engine import Scan


def change_of(request: Request) -> Changes:
    """What changed: the named files, else what is staged."""
    root = changes.work_tree(Path.cwd())
    if request.paths:
        return changes.of_paths(root, request.paths)
    if root is None:
        raise UsageError("--changed without PATHS needs a git work tree; name the changed files")
    return changes.staged(root)


def project_of(request: Request) -> Request:
    """The same request for the enclosing work tree, else the working directory: a change is seen in all of it."""
    root = changes.work_tree(Path.cwd())
    project = Path() if root is None or root == Path.cwd() else root
    return replace(request, paths=(project,), helm=request.helm or "off")


def kept(whole: Scan, change: Changes, request: Request) -> Scan:
    """The scan of a project with the findings that a change touches, and those that a deletion in it brings about.

    What is deleted, a guard for one, is named by no line that is left: there the state before is scanned as well.
    """
    numbers = set(changes.touched(changes.concerns(whole), change))
    root = changes.work_tree(Path.cwd())
    if change.base is not None and root is not None:
        numbers |= {*changes.new(whole, _scan_of(change.base, request, root))}
    return replace(whole, findings=tuple(whole.findings[number] for number in sorted(numbers)))


def scan_since(request: Request, revision: str) -> Scan:
    """Scan the working tree and the revision with the same options, and keep what the working tree adds."""
    root = changes.work_tree(Path.cwd())
    if root is None:
        raise UsageError("--since needs a git work tree")
    if Path("-") in request.paths:
        raise UsageError("--since compares files; standard input has no earlier state")
    return changes.added(run_scan(request), _scan_of(revision, request, root))


def _scan_of(revision: str, request: Request, root: Path) -> Scan:
    """The same scan of a revision, in a copy that is a work tree of its own: its folders refer to each other."""
    with tempfile.TemporaryDirectory(prefix="agentreach-") as scratch:
        copy = Path(scratch).resolve()
        changes.extract(root, revision, copy)
        (copy / ".git").mkdir()
        return _scan_in(copy, request, root)


def _scan_in(copy: Path, request: Request, root: Path) -> Scan:
    """The same scan in another copy of the tree; paths that did not exist there are left out."""
    here = Path.cwd()
    folder = copy / here.resolve().relative_to(root)
    paths = tuple(_moved(path, root, copy) for path in request.paths)
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        present = tuple(path for path in paths if path.exists())
        if request.paths and not present:
            present = (Path(tempfile.mkdtemp(dir=folder)),)
        return run_scan(replace(request, paths=present))
    finally:
        os.chdir(here)


def _moved(path: Path, root: Path, copy: Path) -> Path:
    """A path of the working tree as seen from the same place in the copy."""
    absolute = path.resolve()
    if not absolute.is_relative_to(root):
        raise UsageError(f"{path} lies outside the git work tree {root}; --since cannot see its earlier state")
    return Path(os.path.relpath(absolute, Path.cwd())) if not path.is_absolute() else copy / absolute.relative_to(root)
