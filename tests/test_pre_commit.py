"""The hooks, run by the real pre-commit, in repositories that the tests create."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECRETIVE = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4"
  agent_resource_role_arn = aws_iam_role.ops.arn
}
"""
ROLE = """\
resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "ops" {
  role = aws_iam_role.ops.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}
"""


def git(folder: Path, *arguments: str) -> str:
    environment = os.environ | {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.org",
    }
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


GUARD = """\
resource "aws_iam_role_policy" "guard" {
  role = aws_iam_role.ops.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "secretsmanager:*", Resource = "*" }]
  })
}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that has a `checks/` folder of its own, as many have."""
    folder = tmp_path / "infrastructure"
    (folder / "checks").mkdir(parents=True)
    (folder / "checks" / "__init__.py").write_text("raise SystemExit('not ours')\n", encoding="utf-8")
    (folder / "agent.tf").write_text(SECRETIVE, encoding="utf-8")
    (folder / "role.tf").write_text(ROLE, encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "agent")
    return folder


@pytest.mark.slow
def test_the_hook_reports_a_finding_of_a_changed_file(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = tmp_path_factory.mktemp("hook") / "agentreach"
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if name.startswith(("tests/", "fixtures/")) or not (ROOT / name).is_file():
            continue
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, clone / name)
    git(clone, "init", "-q")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "hook")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(clone), "agentreach", "--files", "role.tf", "--verbose"],
        cwd=repository,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PRE_COMMIT_HOME": str(clone.parent / "cache")},
    )
    assert "AR303 secret-store-reach" in done.stdout, done.stdout + done.stderr
    assert "role.tf:13" in done.stdout
    assert "exit code: 1" in done.stdout


def changed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", "--changed", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )


def test_an_untouched_finding_is_not_reported(repository: Path) -> None:
    (repository / "other.tf").write_text("locals {\n  a = 1\n}\n", encoding="utf-8")
    done = changed(repository, "other.tf")
    assert "AR303" not in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_paths_the_staged_files_count(repository: Path) -> None:
    with (repository / "role.tf").open("a", encoding="utf-8") as file:
        file.write("# touched\n")
    assert "AR303" not in changed(repository).stdout
    git(repository, "add", "role.tf")
    assert "AR303" in changed(repository).stdout


def test_a_deleted_file_that_declared_the_role_is_noticed(repository: Path) -> None:
    git(repository, "rm", "-q", "role.tf")
    assert "aws_iam_role.ops" in changed(repository).stdout


def _guard(repository: Path) -> None:
    (repository / "guard.tf").write_text(GUARD, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "guard")


def test_a_deleted_guard_is_noticed_although_no_line_names_it(repository: Path) -> None:
    _guard(repository)
    (repository / "sub").mkdir()
    assert "AR303" not in changed(repository).stdout
    git(repository, "rm", "-q", "guard.tf")
    assert "AR303" in changed(repository).stdout
    assert "../role.tf:13" in changed(repository / "sub").stdout
    assert "AR501" not in changed(repository).stdout


def test_a_deleted_text_is_of_no_concern(repository: Path) -> None:
    (repository / "README.md").write_text("resource\n", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "text")
    git(repository, "rm", "-q", "README.md")
    assert "AR303" not in changed(repository).stdout


def test_from_a_folder_of_a_monorepo_the_whole_project_is_resolved(repository: Path) -> None:
    folder = repository / "docs"
    folder.mkdir()
    done = changed(folder, "../role.tf")
    assert "AR303" in done.stdout
    assert "../role.tf:13" in done.stdout


def test_batches_of_files_report_together_what_one_run_reports(repository: Path) -> None:
    whole = changed(repository, "agent.tf", "role.tf").stdout
    parts = changed(repository, "agent.tf").stdout + changed(repository, "role.tf").stdout
    for check_id in ("AR303", "AR403", "AR501"):
        assert (check_id in whole) == (check_id in parts)


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hook repository with our entries, of which pre-commit needs to build nothing: the command is the tested one."""
    clone = tmp_path_factory.mktemp("hook") / "agentreach"
    clone.mkdir()
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    text = text.replace("entry: agentreach ", f"entry: {sys.executable} -m agentreach ")
    text = text.replace("language: python", "language: system")
    (clone / ".pre-commit-hooks.yaml").write_text(text, encoding="utf-8")
    git(clone, "init", "-q")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "hook")
    return clone


def hooked(repository: Path, hook: Path, *arguments: str) -> str:
    """What the real pre-commit prints for a hook on what is staged, or on the files that are named."""
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(hook), "agentreach", "--verbose", *arguments]
    environment = os.environ | {"PRE_COMMIT_HOME": str(hook.parent / "cache"), "PYTHONPATH": SOURCES}
    done = subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True, env=environment)
    return " ".join(done.stdout.split())


SOURCES = os.pathsep.join(str(ROOT / one) for one in ("analyzer", "checks", "reports"))


@pytest.mark.slow
def test_only_the_staged_part_of_a_file_counts_for_the_real_pre_commit(repository: Path, hook: Path) -> None:
    role = repository / "role.tf"
    narrow = ROLE.replace('Resource = "*"', 'Resource = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-1"')
    role.write_text(narrow, encoding="utf-8")
    git(repository, "add", "role.tf")
    role.write_text(ROLE, encoding="utf-8")
    before = hooked(repository, hook)
    assert "Failed" in before
    assert "on any resource" not in before
    assert role.read_text(encoding="utf-8") == ROLE
    git(repository, "add", "role.tf")
    (repository / "role.tf").write_text(ROLE + "# touched\n", encoding="utf-8")
    git(repository, "add", "role.tf")
    assert "on any resource" in hooked(repository, hook)


@pytest.mark.slow
def test_a_renamed_file_is_seen_by_the_real_pre_commit(repository: Path, hook: Path) -> None:
    git(repository, "mv", "role.tf", "identity.tf")
    shown = hooked(repository, hook)
    assert "identity.tf:13" in shown
    assert "Failed" in shown


@pytest.mark.slow
def test_a_deletion_beside_a_change_is_seen_by_the_real_pre_commit(repository: Path, hook: Path) -> None:
    git(repository, "rm", "-q", "role.tf")
    (repository / "other.tf").write_text("locals {\n  a = 1\n}\n", encoding="utf-8")
    git(repository, "add", "other.tf")
    assert "aws_iam_role.ops" in hooked(repository, hook)


@pytest.mark.slow
def test_a_commit_that_only_deletes_a_guard_is_seen_by_the_real_pre_commit(repository: Path, hook: Path) -> None:
    _guard(repository)
    assert "AR303" not in hooked(repository, hook)
    git(repository, "rm", "-q", "guard.tf")
    shown = hooked(repository, hook)
    assert "role.tf:13" in shown
    assert "Failed" in shown


@pytest.mark.slow
def test_a_range_of_commits_that_only_deletes_is_seen_by_the_real_pre_commit(repository: Path, hook: Path) -> None:
    _guard(repository)
    git(repository, "rm", "-q", "guard.tf")
    git(repository, "commit", "-qm", "no guard")
    assert "role.tf:13" in hooked(repository, hook, "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert "AR303" not in hooked(repository, hook, "--from-ref", "HEAD~2", "--to-ref", "HEAD")


@pytest.mark.slow
def test_a_folder_of_a_monorepo_is_joined_with_its_own_files_only(repository: Path, hook: Path) -> None:
    for name in ("billing", "shop"):
        folder = repository / "teams" / name
        folder.mkdir(parents=True)
        (folder / "agent.tf").write_text(SECRETIVE, encoding="utf-8")
        (folder / "role.tf").write_text(ROLE, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "teams")
    shown = hooked(repository, hook, "--files", "teams/shop/agent.tf")
    assert "teams/shop/role.tf:13" in shown
    assert "teams/billing" not in shown


@pytest.mark.slow
def test_inside_a_submodule_its_own_tree_is_the_project(repository: Path, hook: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    (outer / "agent.tf").write_text(SECRETIVE.replace("ops", "outer"), encoding="utf-8")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository), "infra")
    git(outer, "add", ".")
    git(outer, "commit", "-qm", "outer")
    inner = outer / "infra"
    assert (inner / ".git").is_file()
    (inner / "role.tf").write_text(ROLE + "# touched\n", encoding="utf-8")
    git(inner, "add", "role.tf")
    shown = hooked(inner, hook)
    assert "AR303" in shown
    assert "outer" not in shown.replace(str(outer), "")


@pytest.mark.slow
def test_files_for_several_processes_report_what_one_process_does(repository: Path, hook: Path) -> None:
    """More files than one command line holds come as several processes, one after the other: each sees the project."""
    for number in range(3000):
        (repository / f"a-file-with-a-rather-long-name-{number:0100}.tf").touch()
    git(repository, "add", ".")
    shown = hooked(repository, hook, "--all-files")
    assert "role.tf:13" in shown
    assert "Failed" in shown
