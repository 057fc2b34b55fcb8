"""`agentreach fix` as a user runs it: what it prints where, what it writes, how it exits."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixing import fix
from scan_samples import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.cli.shared import Request
    from agentreach.engine import Scan

CASES = Path(__file__).parent.parent / "remedies" / "cases"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    shutil.copytree(CASES / "session-terraform", tmp_path, dirs_exist_ok=True)
    (tmp_path / "expected.diff").unlink()
    return tmp_path


def test_the_diff_goes_to_stdout_and_the_rest_to_stderr(stack: Path) -> None:
    done = run(stack, "fix")
    assert done.returncode == 0
    assert done.stdout == (CASES / "session-terraform" / "expected.diff").read_text(encoding="utf-8")
    assert done.stderr == "2 fixes in 1 file: shown only, --write writes them\n"


def test_git_takes_the_diff(stack: Path) -> None:
    shutil.copy(CASES / "token-kubernetes-web-identity" / "manifests.yaml", stack / "manifests.yaml")
    with (stack / "manifests.yaml").open("a", encoding="utf-8") as file:
        file.write("    last: line without an end")
    diff = fix(stack).diff
    subprocess.run(["git", "init", "--quiet", "."], cwd=stack, check=True)
    subprocess.run(["git", "apply", "-"], cwd=stack, input=diff, text=True, check=True)
    assert fix(stack).diff == ""
    assert "max_session_duration = 3600 # half a day" in (stack / "main.tf").read_text(encoding="utf-8")
    assert (stack / "manifests.yaml").read_text(encoding="utf-8").endswith("    last: line without an end")


def test_write_writes_and_says_so(stack: Path) -> None:
    done = run(stack, "fix", "--write")
    assert (done.returncode, done.stderr) == (0, "2 fixes in 1 file: written\n")
    again = run(stack, "fix", "--write")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "nothing to fix without judging the effect\n")


def test_checks_are_selected_as_in_a_scan(stack: Path) -> None:
    assert fix(stack, "--select", "AR202").lines == [
        "-  max_session_duration = 43200 # half a day",
        "+  max_session_duration = 3600 # half a day",
    ]
    assert fix(stack, "--ignore", "AR2").diff == ""
    assert "no check has the id" in fix(stack, "--select", "AR9").said


def test_a_suppressed_finding_is_not_fixed(stack: Path) -> None:
    text = (stack / "main.tf").read_text(encoding="utf-8")
    reason = "# agentreach: ignore[AR202] the batch runs half a day"
    (stack / "main.tf").write_text(text.replace("# half a day", reason), encoding="utf-8")
    assert [line for line in fix(stack).lines if "max_session" in line] == []


def test_a_file_that_does_not_parse_is_said_and_the_others_are_fixed(stack: Path) -> None:
    (stack / "broken.tf").write_text('resource "aws_iam_role" "x" {\n', encoding="utf-8")
    done = run(stack, "fix", "--write")
    assert done.returncode == 2
    assert "max_session_duration = 3600" in (stack / "main.tf").read_text(encoding="utf-8")


def test_standard_input_and_missing_paths_are_mistakes(stack: Path) -> None:
    assert run(stack, "fix", "-").returncode == 2
    assert "fix edits files; standard input has none" in run(stack, "fix", "-").stderr
    assert run(stack, "fix", "nowhere").returncode == 2


def test_the_diff_may_go_to_a_file(stack: Path) -> None:
    done = fix(stack, "--output", "out.diff")
    assert done.diff == ""
    assert (stack / "out.diff").read_text(encoding="utf-8").startswith("--- a/main.tf\n+++ b/main.tf\n")


def test_a_secret_beside_a_change_is_hidden_and_kept_in_the_file(stack: Path) -> None:
    text = (stack / "main.tf").read_text(encoding="utf-8")
    secret = '  description = "\x1b[2Kbeside"\n  db_password = "hunter2-and-more-of-it"\n'
    with_secret = text.replace("  max_session_duration", secret + "  max_session_duration")
    (stack / "main.tf").write_text(with_secret, encoding="utf-8")
    done = fix(stack, "--write")
    assert "hunter2" not in done.diff + done.said
    assert '   db_password = "***"' in done.diff
    assert "\x1b" not in done.diff
    assert "what is secret or unprintable around the changes is hidden" in done.said
    after = (stack / "main.tf").read_text(encoding="utf-8")
    assert after == with_secret.replace("43200", "3600").replace("5400", "1800")


def test_without_python_hcl2_the_install_line_is_named(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = import_module("agentreach.remedies.proof")
    monkeypatch.setattr(proof, "find_spec", lambda _name: None)
    done = fix(stack, "--write")
    assert "pip install 'agentreach[fix]' adds python-hcl2 as the second" in done.said
    assert "max_session_duration = 3600" in (stack / "main.tf").read_text(encoding="utf-8")


def test_what_python_hcl2_reads_otherwise_is_not_written(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = import_module("agentreach.remedies.proof")
    monkeypatch.setattr(proof, "_read_again", lambda text: {"one": text, "two": text, "three": text})
    done = fix(stack, "--write")
    assert (done.diff, done.code) == ("", 0)
    assert [one for one in done.by_hand if "python-hcl2 reads the edited file differently" in one]


def test_what_a_fix_makes_worse_is_said_and_exits_2(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = import_module("agentreach.cli.fix")
    worse = stack.parent / "worse"
    worse.mkdir()
    shutil.copy(CASES / "automount-kubernetes" / "manifests.yaml", worse / "manifests.yaml")
    scan: Callable[[Request], Scan] = command.run_scan
    asked: list[Request] = []

    def scan_then_another(request: Request) -> Scan:
        asked.append(request)
        return scan(request if len(asked) == 1 else replace(request, paths=(worse,)))

    monkeypatch.setattr(command, "run_scan", scan_then_another)
    done = fix(stack, "--write")
    assert done.code == 2
    assert "new after the fix: AR205 Deployment/agents/ops" in done.said
