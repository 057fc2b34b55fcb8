"""`--changed`: the whole project is resolved, findings that touch the change are reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import changes
from agentreach.cli.shared import Request, run_scan
from agentreach.errors import UsageError

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
