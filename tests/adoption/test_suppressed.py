"""What is suppressed is listed on request, with why and until when; what suppresses nothing is a finding."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scan_samples import ADMIN, AGENT, write

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = "# agentreach: ignore[AR101] break-glass role, until 2099-01-31\n"
FORMATS = ("text", "json", "sarif", "junit", "github", "markdown", "html", "csv")


def scanned(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "agentreach", "scan", "--no-cache", "--fail-on", "never", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("format_", FORMATS)
def test_a_suppressed_finding_is_listed_with_its_reason_and_its_end(tmp_path: Path, format_: str) -> None:
    write(tmp_path, "main.tf", AGENT + KNOWN + ADMIN)
    shown = scanned(tmp_path, "--show-suppressed", "--format", format_)
    assert "break-glass role" in shown
    assert "2099-01-31" in shown


@pytest.mark.parametrize("format_", ["gitlab", "gitlab-sast"])
def test_what_gitlab_would_count_as_open_holds_nothing_suppressed(tmp_path: Path, format_: str) -> None:
    write(tmp_path, "main.tf", AGENT + KNOWN + ADMIN)
    assert "AR101" not in scanned(tmp_path, "--show-suppressed", "--format", format_)


def test_a_suppression_that_covers_nothing_is_a_finding_on_its_line(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + KNOWN.replace("AR101", "AR302") + ADMIN)
    line = AGENT.count("\n") + 1
    assert f"main.tf:{line}:1: LOW AR003 bad-suppression: The suppression of AR302 matches nothing" in scanned(
        tmp_path, "--quiet"
    )
