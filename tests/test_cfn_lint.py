"""The real cfn-lint, in an environment of its own that the test builds, shows our findings at their lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WITHOUT = "import sys; sys.modules['cfnlint'] = None\nfrom agentreach.cli import main\nmain()"
TEMPLATE = ROOT / "fixtures" / "agentcore-research" / "template.yaml"


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment = tmp_path_factory.mktemp("cfn-lint") / "venv"
    venv.create(environment, with_pip=True)
    folder = environment / ("Scripts" if sys.platform == "win32" else "bin")
    done = subprocess.run(
        [folder / "python", "-m", "pip", "install", "-q", f"{ROOT}[cfn-lint]"],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip().splitlines()[-1:]}")
    return folder


@pytest.mark.slow
def test_cfn_lint_reports_our_findings_at_their_lines(scripts: Path) -> None:
    path = subprocess.run(
        [scripts / "agentreach", "integrations", "cfn-lint"], check=True, capture_output=True, text=True
    )
    linted = subprocess.run(
        [scripts / "cfn-lint", "--append-rules", path.stdout.strip(), "--format", "json", "-t", str(TEMPLATE)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    shown = {
        (row["Rule"]["Id"][2:], row["Location"]["Start"]["LineNumber"])
        for row in json.loads(linted.stdout)
        if row["Rule"]["Id"][1] == "9" and len(row["Rule"]["Id"]) == 5
    }
    scanned = subprocess.run(
        [scripts / "agentreach", "scan", str(TEMPLATE), "--format", "json"], check=False, capture_output=True, text=True
    )
    expected = {
        (finding["check"][2:], finding["evidence"][0]["line"]) for finding in json.loads(scanned.stdout)["findings"]
    }
    assert shown == expected
    assert len(expected) > 10


def test_without_cfn_lint_the_install_line_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "integrations", "cfn-lint"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert 'pip install "agentreach[cfn-lint]"' in done.stderr
