"""The README is true: its commands are those of the release check, and its example is today's output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WIDE = os.environ | {"COLUMNS": "100"}
CONSOLE = re.findall(r"```console\n(.*?)\n```", README, re.DOTALL)


def test_the_release_check_runs_the_test_command_word_for_word() -> None:
    (command,) = [one for one in CONSOLE if "pytest" in one]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert command.replace("pip install -e", "pip install --quiet -e") in script


def test_the_scan_command_names_a_fixture_with_an_agent() -> None:
    (command,) = [one for one in CONSOLE if "agentreach scan" in one]
    folder = command.rpartition(" ")[2]
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", folder],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env=WIDE,
    )
    assert done.returncode == 1, done.stderr
    assert re.search(r"^[1-9]\d* agents? in ", done.stdout, re.MULTILINE)


def test_the_example_is_part_of_the_output() -> None:
    match = re.search(r"<!-- example -->\n```text\n(.*?)```\n<!-- /example -->", README, re.DOTALL)
    assert match is not None
    (command,) = [one for one in CONSOLE if "agentreach scan" in one]
    folder = command.rpartition(" ")[2]
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", folder],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env=WIDE,
    )
    assert match[1].strip()
    assert match[1] in done.stdout
