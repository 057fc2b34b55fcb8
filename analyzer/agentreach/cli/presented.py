"""How a report is to look, from the flags, the terminal and the commit that was scanned."""

from __future__ import annotations

import sys
from os import environ, get_terminal_size
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.cli.shared import source_date, wants_color
from agentreach.errors import UsageError
from agentreach.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.changes import Commit
    from agentreach.cli.shared import Request
    from agentreach_reports.presentation import Presentation

UNTOLD = 100
# What names the scanned commit or demands a date: git is asked for nothing else.
OF_A_COMMIT = frozenset({"sarif", "gitlab-sast", "html", "cyclonedx", "oscal", "pdf", "compliance"})


def presentation(
    request: Request,
    kind: str,
    output: Path | None,
    *,
    fail_on: Severity | None = Severity.MEDIUM,
    show_suppressed: bool = False,
    compare: Path | None = None,
) -> Presentation:
    """The presentation of one report. `kind` is its format, or "compliance" for any format of that report."""
    from agentreach_reports.presentation import Presentation  # noqa: PLC0415 - not needed for --help

    commit = _commit(request.paths) if kind in OF_A_COMMIT else None
    color = wants_color(request.color, output)
    return Presentation(
        color=color,
        width=_columns(),
        fail_on=fail_on,
        show_suppressed=show_suppressed,
        frameworks=request.frameworks,
        strict=request.strict,
        quiet=request.quiet,
        verbose=request.verbose,
        timestamp=source_date(),
        moment=commit.seconds if commit else None,
        revision=commit.name if commit else None,
        previous=_text(compare) if compare else None,
        links=_links() if color and output is None else None,
    )


def _columns() -> int:
    """`COLUMNS`, else the terminal's width, else 100."""
    given = environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return get_terminal_size(sys.__stdout__.fileno()).columns or UNTOLD if sys.__stdout__ else UNTOLD
    except (AttributeError, ValueError, OSError):
        return UNTOLD


def _commit(paths: Iterable[Path]) -> Commit | None:
    """The commit that is checked out where the paths lie; None when they lie in several work trees, or in none."""
    from agentreach.changes import head, work_tree  # noqa: PLC0415 - only for what names a commit

    trees = {work_tree(path) for path in paths or (Path(),) if str(path) != "-"}
    tree = trees.pop() if len(trees) == 1 else None
    return head(tree) if tree else None


def _links() -> str | None:
    """Where hyperlinks start, on a terminal that shows them."""
    from agentreach_reports.style import supports_links  # noqa: PLC0415 - not needed for --help

    shown = supports_links(environ) and (sys.stdout.isatty() or environ.get("FORCE_HYPERLINK"))
    return Path.cwd().as_uri() if shown else None


def _text(path: Path) -> str:
    """An earlier report. Raises UsageError for what cannot be read as text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
