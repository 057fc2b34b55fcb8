"""The command in this process, with a cache that a test names."""

from __future__ import annotations

import os
from contextlib import chdir
from typing import TYPE_CHECKING
from unittest import mock

from agentreach.cli import _answer

if TYPE_CHECKING:
    from pathlib import Path

    from pytest import CaptureFixture  # noqa: PT013 - only a type


def said(folder: Path, capsys: CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    """The exit code and the report of a command that runs in a folder, with a cache beside that folder."""
    capsys.readouterr()
    code: object = None
    with chdir(folder), mock.patch.dict(os.environ, {"AGENTREACH_CACHE_DIR": str(folder.parent / "cache")}):
        try:
            code = _answer([*arguments])
        except SystemExit as ended:
            code = ended.code
    return code, capsys.readouterr().out
