"""The GitHub action and the GitLab template: their own scripts, run offline, with tokens that may do nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "templates" / "agentreach.gitlab-ci.yml").read_text(encoding="utf-8"))
AGENT = 'resource "aws_bedrockagent_agent" "ops" {\n  agent_name = "ops"\n}\n'

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are written for bash")


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """A project, a scratch folder with the command in it, and the files that a runner gives to a step."""
    project, scratch = tmp_path / "project", tmp_path / "scratch"
    project.mkdir()
    (project / "main.tf").write_text(AGENT, encoding="utf-8")
    _script(scratch / "agentreach" / "bin" / "agentreach", f'#!/bin/sh\nexec "{sys.executable}" -m agentreach "$@"\n')
    sources = os.pathsep.join(str(ROOT / one) for one in ("analyzer", "checks", "reports"))
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": sources,
        "HOME": str(tmp_path),
        "SCRATCH": str(scratch),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "PROJECT": str(project),
    }


def _step(name: str, environment: dict[str, str], **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
        cwd=environment["PROJECT"],
        env=environment | changed,
        check=False,
        capture_output=True,
        text=True,
    )


DEFAULTS = {"PATHS": ".", "FAIL_ON": "low", "SINCE": "", "CONFIG": "", "SARIF": "agentreach.sarif", "SUMMARY": "true"}


def _outputs(environment: dict[str, str]) -> dict[str, str]:
    lines = Path(environment["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_scan_step_annotates_summarises_writes_sarif_and_leaves_the_verdict_to_the_last_step(
    runner: dict[str, str],
) -> None:
    done = _step("Scan", runner, **DEFAULTS)
    assert done.returncode == 0, done.stderr
    assert "file=main.tf" in done.stdout
    assert _outputs(runner) == {"exit-code": "1", "sarif": "agentreach.sarif"}
    sarif = json.loads((Path(runner["PROJECT"]) / "agentreach.sarif").read_text(encoding="utf-8"))
    assert sarif["version"] == "2.1.0"
    assert "AR" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert _step("Result", runner, CODE="1").returncode == 1
    assert _step("Result", runner, CODE="").returncode == 2


@pytest.mark.parametrize("name", ["PATHS", "FAIL_ON", "SINCE", "CONFIG", "SARIF"])
def test_an_input_is_never_run_as_a_script(runner: dict[str, str], name: str) -> None:
    _step("Scan", runner, **(DEFAULTS | {name: "$(touch pwned) `touch pwned`; touch pwned"}))
    assert not (Path(runner["PROJECT"]) / "pwned").exists()


def test_no_expression_stands_inside_a_script_and_no_action_is_used_unpinned() -> None:
    for step in STEPS.values():
        assert "${{" not in step["run"]
        assert "uses" not in step


def test_with_a_read_only_token_nothing_fails_but_a_notice_says_so(runner: dict[str, str], tmp_path: Path) -> None:
    _step("Scan", runner, **DEFAULTS)
    _script(tmp_path / "bin" / "gh", "#!/bin/sh\necho 'HTTP 403' >&2\nexit 1\n")
    forked = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{runner['PATH']}", "REPOSITORY": "o/r", "NUMBER": "1"}
    for name in ("Upload SARIF", "Comment"):
        done = _step(name, runner, SARIF="agentreach.sarif", COMMIT="c", REF="r", **forked)
        assert done.returncode == 0, done.stderr
        assert "::notice::" in done.stdout


def test_the_comment_is_kept_in_one_place(runner: dict[str, str], tmp_path: Path) -> None:
    _step("Scan", runner, **DEFAULTS)
    log = tmp_path / "calls"
    _script(tmp_path / "bin" / "gh", f'#!/bin/sh\necho "$*" >> "{log}"\ncase "$*" in *paginate*) echo 42;; esac\n')
    done = _step(
        "Comment", runner, PATH=f"{tmp_path / 'bin'}{os.pathsep}{runner['PATH']}", REPOSITORY="o/r", NUMBER="7"
    )
    assert done.returncode == 0, done.stderr
    assert "--method PATCH repos/o/r/issues/comments/42" in log.read_text(encoding="utf-8")


def test_without_a_result_there_is_no_comment_and_the_notice_says_why(runner: dict[str, str], tmp_path: Path) -> None:
    _script(tmp_path / "bin" / "gh", "#!/bin/sh\nexit 1\n")
    path = f"{tmp_path / 'bin'}{os.pathsep}{runner['PATH']}"
    done = _step("Comment", runner, PATH=path, REPOSITORY="o/r", NUMBER="7")
    assert (done.returncode, done.stdout) == (0, "::notice::no comment was written: the scan gave no result\n")


def test_the_gitlab_script_writes_a_code_quality_report(runner: dict[str, str]) -> None:
    (line,) = GITLAB["agentreach"]["script"]
    variables = {name: str(value) for name, value in GITLAB["agentreach"]["variables"].items()}
    path = f"{Path(runner['SCRATCH']) / 'agentreach' / 'bin'}{os.pathsep}{runner['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", line],
        cwd=runner["PROJECT"],
        env=runner | variables | {"PATH": path, "AGENTREACH_FAIL_ON": "low"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads((Path(runner["PROJECT"]) / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert {one["location"]["path"] for one in report} == {"main.tf"}


def test_zizmor_finds_nothing_in_the_action() -> None:
    _audited(ROOT / "action.yml")


def test_zizmor_finds_nothing_in_the_workflow_that_init_writes(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    written = subprocess.run([sys.executable, "-m", "agentreach", "init"], cwd=tmp_path, check=False)
    assert written.returncode == 0
    _audited(tmp_path / ".github/workflows/agentreach.yml")


def _audited(path: Path) -> None:
    program = shutil.which("zizmor", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("zizmor is not installed")
    done = subprocess.run(
        [program, "--offline", "--no-progress", "--persona", "pedantic", str(path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
