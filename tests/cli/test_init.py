"""`agentreach init` writes what fits the repository, and never over a pipeline that is there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path


def init(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "init", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_a_gitlab_remote_gets_an_include_of_the_pinned_template(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = git@gitlab.com:acme/infra.git\n', "utf-8")
    init(tmp_path)
    (included,) = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))["include"]
    assert included["remote"].endswith("/v0.1.0/templates/agentreach.gitlab-ci.yml")
    assert not (tmp_path / ".github").exists()


@pytest.mark.parametrize("known", ["include:\n  - local: /a.yml\n", ""])
def test_a_pipeline_that_is_there_stays_and_the_lines_to_add_are_printed(tmp_path: Path, known: str) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text(known, encoding="utf-8")
    assert "add to .gitlab-ci.yml:\ninclude:\n  - remote: https://" in init(tmp_path, "--force")
    assert (tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8") == known
    assert "add to .gitlab-ci.yml" in init(tmp_path)


def test_a_repository_of_neither_host_gets_no_pipeline(tmp_path: Path) -> None:
    assert ".gitlab-ci.yml" not in init(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".pre-commit-config.yaml", "agentreach.toml"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitlab").mkdir()
    assert "would write .gitlab-ci.yml" in init(tmp_path, "--dry-run")
    assert [one.name for one in tmp_path.iterdir()] == [".gitlab"]
