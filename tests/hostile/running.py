"""How these tests run the command line, with nothing of the caller's environment that changes what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2]
SOURCES = os.pathsep.join(str(PACKAGE / name) for name in ("analyzer", "checks", "reports"))
COMMAND = (sys.executable, "-m", "agentreach")


def environment(**more: str) -> dict[str, str]:
    """What a CI runner gives: a search path and a home."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    own = {"PYTHONPATH": SOURCES, "SOURCE_DATE_EPOCH": "1780000000", "AGENTREACH_CACHE_DIR": ""}
    return kept | own | more


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line in a folder."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=environment(**more),
    )


def scanned(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a scan."""
    done = run(folder, "scan", "--format", "json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def reasons(result: dict[str, Any]) -> dict[str, list[str]]:
    """What was not by design left out, by file."""
    found: dict[str, list[str]] = {}
    for one in result["skipped"]:
        if not one["by_design"]:
            found.setdefault(one["path"], []).append(one["reason"])
    return found
