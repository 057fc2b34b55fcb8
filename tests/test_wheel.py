"""The wheel holds what it needs and nothing else, and works alone."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("agentreach", "agentreach_checks", "agentreach_reports")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_pages_templates_catalogues_and_type_markers(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for source in ("checks", "reports", "analyzer"):
        for path in (ROOT / source).rglob("*"):
            if path.suffix in {".md", ".j2", ".css", ".js", ".json", ".typed"} and path.is_file():
                assert path.relative_to(ROOT / source).as_posix() in names
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert "agentreach/controls/data/frameworks.json" in names


def test_the_wheel_holds_nothing_but_the_three_packages(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_works_installed_alone(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", str(wheel)], check=True, capture_output=True)
    fixture = tmp_path / "main.tf"
    fixture.write_text('resource "aws_bedrockagent_agent" "ops" {\n  agent_name = "ops"\n}\n', encoding="utf-8")
    done = subprocess.run(
        [scripts / "agentreach", "scan", "main.tf"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert "1 agent in 1 file" in done.stdout, done.stderr
    explained = subprocess.run([scripts / "agentreach", "explain", "AR101"], check=True, capture_output=True, text=True)
    assert explained.stdout.startswith("# AR101 standing-admin")
