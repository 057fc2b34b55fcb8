"""The library: `from agentreach import scan` binds the engine to the shipped checks."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.check import Check
    from agentreach.engine import Options, Scan

StrPath = str | PathLike[str]


def scan(*paths: StrPath, checks: Sequence[Check] | None = None, options: Options | None = None) -> Scan:
    """Analyse files and directories and return agents, findings, and what could not be analysed.

    Without `paths` the working directory is scanned; without `checks` all shipped checks run. Raises `UsageError` when
    a path does not exist. Nothing in the scanned files runs, and nothing outside their work tree is read.

        from agentreach import scan

        for finding in scan("infrastructure").open_findings:
            print(finding.severity.label, finding.check_id, finding.message)
    """
    if checks is None:
        from agentreach_checks import ALL  # noqa: PLC0415 - the shipped checks are a default, not a dependency

        checks = ALL
    return engine.scan([Path(path) for path in paths or (".",)], checks=checks, options=options)
