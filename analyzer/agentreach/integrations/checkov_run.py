"""`--with checkov`: the user's checkov, in a process of its own, offline, its report imported.

It sees no credentials of ours (a clean environment), reads no configuration of the scanned tree (which could name code
to run), and ends by itself after ten minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.errors import MissingExtraError, UsageError
from agentreach.integrations.imported.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.integrations.imported.reading import Imported

SECONDS = 600
KEPT = ("LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")


def run(paths: Sequence[Path], *, seconds: int = SECONDS) -> tuple[Imported, ...]:
    """What checkov finds in paths. Raises UsageError when it is missing, takes too long, or gives no report."""
    program = _program()
    with tempfile.TemporaryDirectory(prefix="agentreach-") as scratch:
        try:
            done = subprocess.run(  # noqa: S603 - an absolute program and an argument list
                [program, *_arguments(paths)],
                cwd=scratch,
                env=_environment(scratch),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"checkov did not end within {seconds} seconds") from error
        except OSError as error:
            raise UsageError(f"checkov cannot be started: {error}") from error
    return _report(done)


def _program() -> str:
    """The `checkov` of PATH; relative entries of PATH are passed over, as they may lie in the scanned tree."""
    found = shutil.which("checkov", path=_path())
    if found is None:
        raise MissingExtraError('--with checkov needs checkov on PATH: pip install "agentreach[checkov]"')
    return found


def _path() -> str:
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())


def _environment(scratch: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PATH": _path(), "HOME": scratch, "LOG_LEVEL": "CRITICAL", "CKV_IGNORE_HIDDEN_DIRECTORIES": "True"}


def _arguments(paths: Iterable[Path]) -> list[str]:
    """Checkov looks for configuration in what `-d X` names, and not in what `--directory=X` names."""
    named = [f"--{'directory' if path.is_dir() else 'file'}={path.resolve()}" for path in paths]
    return [*named, "--output=json", "--skip-download", "--quiet", "--compact"]


def _report(done: subprocess.CompletedProcess[bytes]) -> tuple[Imported, ...]:
    try:
        return parse(json.loads(done.stdout), "checkov")
    except (ValueError, RecursionError) as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise UsageError(f"checkov gave no report (exit {done.returncode}): {' '.join(said)[:300]}") from error
