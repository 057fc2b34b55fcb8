from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from scan_samples import ADMIN, AGENT, NARROW, write

if TYPE_CHECKING:
    from pathlib import Path

WHO = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org"}
WHO |= {"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org"}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | WHO)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write(tmp_path, "infra/main.tf", AGENT + NARROW)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "narrow")
    return tmp_path


def since(folder: Path, revision: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", "--since", revision, "--format", "json", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_an_unchanged_tree_adds_nothing(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    git(repository, "commit", "-qam", "admin")
    code, result = since(repository, "HEAD")
    assert (code, result["findings"]) == (0, [])
    assert result["summary"]["known"] > 0


def test_what_the_working_tree_adds_is_reported(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    code, result = since(repository, "HEAD")
    assert code == 1
    assert "AR101" in [finding["check"] for finding in result["findings"]]
    assert result["findings"][0]["evidence"][0]["path"] == "infra/main.tf"


def test_moved_lines_and_a_renamed_file_add_nothing(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    git(repository, "commit", "-qam", "admin")
    (repository / "infra" / "main.tf").unlink()
    write(repository, "infra/agent.tf", "# moved\n\n\n" + AGENT)
    write(repository, "infra/policy.tf", "# apart\n" + ADMIN)
    assert since(repository, "HEAD")[1]["findings"] == []


def test_from_a_folder_and_for_a_path(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    assert since(repository / "infra", "HEAD")[0] == 1
    assert since(repository, "HEAD", "infra")[0] == 1


def test_a_module_beside_the_folder_is_read_in_both_states(repository: Path) -> None:
    write(repository, "modules/agent/main.tf", AGENT + ADMIN)
    write(repository, "infra/main.tf", 'module "agent" {\n  source = "../modules/agent"\n}\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "module")
    assert since(repository, "HEAD", "infra")[1]["findings"] == []
    assert since(repository / "infra", "HEAD")[1]["summary"]["known"] > 0


def test_a_new_folder_is_new_in_whole(repository: Path) -> None:
    write(repository, "more/main.tf", AGENT + ADMIN)
    assert since(repository, "HEAD", "more")[0] == 1


def test_the_tree_and_the_index_stay_as_they_are(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    before = subprocess.run(["git", "status", "--porcelain"], cwd=repository, check=True, capture_output=True).stdout
    since(repository, "HEAD")
    after = subprocess.run(["git", "status", "--porcelain"], cwd=repository, check=True, capture_output=True).stdout
    assert before == after


def test_an_unknown_revision_is_a_usage_error(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", "--since", "nope"],
        cwd=repository,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "nope" in done.stderr or "revision" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_makes_the_scan_say_less_is_listed_in_every_output_for_a_pull_request(repository: Path) -> None:
    write(repository, "infra/main.tf", AGENT + ADMIN)
    write(repository, "agentreach.toml", 'ignore = ["AR105"]\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "admin, known")
    write(repository, "agentreach.toml", 'ignore = ["AR105", "AR4"]\nfail-on = "critical"\n')
    write(repository, "infra/main.tf", AGENT + "# agentreach: ignore[AR101] later, until 2099-01-31\n" + ADMIN.lstrip())
    _, result = since(repository, "HEAD")
    weakens = result["configuration"]["weakened_by_change"]
    assert weakens[:2] == ["agentreach.toml: fail-on = critical", "agentreach.toml: ignore AR4"]
    assert [one for one in weakens if one.endswith("(later)") and ": suppresses AR101 of " in one]
    for format_, line in (
        ("text", "this change weakens the scan: agentreach.toml: ignore AR4"),
        ("markdown", "**This change weakens the scan:**"),
        ("github", "::warning title=AgentReach::This change weakens the scan: agentreach.toml: fail-on = critical"),
    ):
        command = [sys.executable, "-m", "agentreach", "scan", "--since", "HEAD", "--format", format_]
        assert line in subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True).stdout
