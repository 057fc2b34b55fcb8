"""The real checkov, in an environment that the test builds: our findings inside it, and peace between both."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures"
UNREACHABLE = re.compile(r"No matching distribution|Max retries|Temporary failure|Failed to establish|timed out")
WITHOUT = "import sys; sys.modules['checkov'] = None\nfrom agentreach.cli import main\nmain()"
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b-${1 + 2}"\n}\n'


def _pip(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [folder / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    if UNREACHABLE.search(done.stderr):
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip().splitlines()[-1:]}")
    assert done.returncode == 0, done.stderr


def _environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _environment(tmp_path_factory.mktemp("checkov") / "venv")
    _pip(folder, f"{ROOT}[checkov]")
    return folder


def _checkov(scripts: Path, *arguments: str, cwd: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [scripts / "checkov", "--skip-download", "-o", "json", *arguments],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
    )
    reports = json.loads(done.stdout)
    return reports if isinstance(reports, list) else [reports]


def _hosted(scripts: Path, cwd: Path, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    path = subprocess.run(
        [scripts / "agentreach", "integrations", "checkov"], check=True, capture_output=True, text=True
    ).stdout.strip()
    reports = _checkov(scripts, "--external-checks-dir", path, *(arguments or ("-d", ".")), cwd=cwd)
    return {
        kind: [one for report in reports for one in report["results"][kind] if one["check_id"].startswith("AR")]
        for kind in ("failed_checks", "skipped_checks", "passed_checks")
    }


def _scanned(scripts: Path, cwd: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [scripts / "agentreach", "scan", "--format", "json"], cwd=cwd, check=False, capture_output=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("fixture", ["bedrock-support-agent", "agentcore-research", "kagent-platform"])
def test_each_finding_is_shown_once_inside_checkov(scripts: Path, tmp_path: Path, fixture: str) -> None:
    shutil.copytree(FIXTURES / fixture, tmp_path / "infra")
    results = _hosted(scripts, tmp_path, "-d", "infra")
    expected = _scanned(scripts, tmp_path)
    assert len(expected) > 10
    for finding in expected:
        shown = [
            one
            for one in results["failed_checks"]
            if one["check_id"] == finding["check"] and f"{finding['message']} (" in one["check_name"]
        ]
        assert len(shown) == 1, (finding["check"], finding["subject"])
    assert sum(one["check_name"].count(" confidence)") for one in results["failed_checks"]) == len(expected)
    assert results["passed_checks"] == []


@pytest.mark.slow
def test_a_finding_stands_on_the_lines_of_its_subject_and_suppressions_are_honoured(
    scripts: Path, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_bedrockagent_agent" "ops" {\n'
        '  agent_name              = "ops"\n'
        "  agent_resource_role_arn = aws_iam_role.ops.arn\n"
        "}\n"
        "\n"
        "# agentreach: ignore[AR101] break-glass, until 2999-01-01\n"
        'resource "aws_iam_role_policy_attachment" "admin" {\n'
        "  role       = aws_iam_role.ops.name\n"
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n'
        "}\n"
        "\n"
        "# agentreach: ignore[AR101] break-glass, until 2999-01-01\n"
        'resource "aws_iam_role" "ops" {\n'
        '  name               = "ops"\n'
        '  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow",\n'
        '    Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }] })\n'
        "}\n",
        encoding="utf-8",
    )
    results = _hosted(scripts, tmp_path)
    (skipped,) = [one for one in results["skipped_checks"] if one["check_id"] == "AR101"]
    assert skipped["resource"] == "aws_iam_role.ops"
    assert skipped["check_result"]["suppress_comment"] == "break-glass"
    assert [one for one in results["failed_checks"] if one["check_id"] == "AR101"] == []
    (trust,) = [one for one in results["failed_checks"] if one["check_id"] == "AR105"]
    assert (trust["resource"], trust["file_path"], trust["file_line_range"][0]) == ("aws_iam_role.ops", "/main.tf", 13)


@pytest.mark.slow
def test_a_file_named_on_its_own_is_scanned_alone(scripts: Path, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "agentcore-research" / "template.yaml", tmp_path / "template.yaml")
    results = _hosted(scripts, tmp_path, "-f", "template.yaml")
    assert {one["resource"] for one in results["failed_checks"] if one["check_id"] == "AR105"} == {
        "AWS::IAM::Role.GatewayRole"
    }


@pytest.mark.slow
def test_neither_installation_order_of_the_two_hcl2_modules_breaks_anything_of_ours(tmp_path: Path) -> None:
    scripts = _environment(tmp_path / "venv")
    project = tmp_path / "project"
    project.mkdir()
    (project / "main.tf").write_text(BUCKET, encoding="utf-8")

    def ran() -> list[tuple[str, str]] | str:
        done = subprocess.run(
            [scripts / "checkov", "--skip-download", "-o", "json", "-d", "."],
            cwd=project,
            check=False,
            capture_output=True,
            text=True,
        )
        try:
            found = json.loads(done.stdout)
        except ValueError:
            return "no report"
        results = found.get("results", {})
        return sorted(
            (one["check_id"], one["resource"]) for kind in results.values() for one in kind if "check_id" in one
        )

    def ours() -> str:
        done = subprocess.run(
            [scripts / "agentreach", "scan"], cwd=project, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    _pip(scripts, "checkov")
    alone = ran()
    assert len(alone) > 3
    _pip(scripts, str(ROOT))
    assert ran() == alone
    assert "0 agents" in ours()
    _pip(scripts, "--force-reinstall", "--no-deps", "python-hcl2")
    theirs_lost = ran()
    assert "0 agents" in ours()
    _pip(scripts, "--force-reinstall", "--no-deps", str(ROOT))
    assert ran() == theirs_lost
    _pip(scripts, "--force-reinstall", "--no-deps", "bc-python-hcl2")
    assert ran() == alone
    assert "0 agents" in ours()


def test_without_checkov_the_install_line_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "integrations", "checkov"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert 'pip install "agentreach[checkov]"' in done.stderr
