"""git runs nothing of a repository's choice, and a commit is read as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agentreach import changes
from agentreach.errors import UsageError
from agentreach.fleet.checkout import commit_of, materialize, remote_of
from agentreach.fleet.repositories import Repository
from fleet.organization import BUCKET, checkout, git

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30.0


@pytest.fixture
def logs(tmp_path: Path) -> Repository:
    return Repository("logs", str(checkout(tmp_path / "logs", {"main.tf": BUCKET})))


def test_the_commit_is_read_and_not_what_lies_beside_it(logs: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    (folder / "main.tf").write_text("changed, not committed")
    (folder / "new.tf").write_text("not committed")
    files = materialize(logs, commit_of(logs, SECONDS), tmp_path / "scratch" / "files", SECONDS)
    assert {path.name: path.read_text() for path in files.iterdir()} == {"main.tf": BUCKET}
    assert (folder / "main.tf").read_text() == "changed, not committed"


def test_a_url_is_fetched_without_its_history(
    logs: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path / "logs", "commit", "-q", "--allow-empty", "-m", "more")
    remote = Repository("acme/logs", f"file://{tmp_path / 'logs'}")
    asked: list[list[str]] = []
    ran = changes.ran

    def seen(arguments: list[str], *rest: Any, **more: Any) -> bytes:  # noqa: ANN401 - as `changes.ran`
        asked.append(arguments)
        return ran(arguments, *rest, **more)

    monkeypatch.setattr(changes, "ran", seen)
    commit = commit_of(remote, SECONDS)
    assert commit == commit_of(logs, SECONDS)
    files = materialize(remote, commit, tmp_path / "scratch" / "files", SECONDS)
    assert [path.name for path in files.parent.iterdir()] == ["files"]
    assert (files / "main.tf").read_text() == BUCKET
    (fetched,) = (one for one in asked if "fetch" in one)
    assert {"--depth=1", "--no-tags"} < set(fetched)


def test_a_poisoned_repository_runs_nothing(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "evil", {"main.tf": BUCKET, ".gitattributes": "* filter=evil diff=evil\n"})
    witness = tmp_path / "witness"
    command = f"sh -c 'touch {witness}'"
    for name in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "filter.evil.smudge",
        "filter.evil.clean",
    ):
        git(folder, "config", name, command)
    for name in ("diff.evil.textconv", "uploadpack.packObjectsHook", "core.alternateRefsCommand", "credential.helper"):
        git(folder, "config", name, command)
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        path = folder / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {witness}\n")
        path.chmod(0o755)
    witness.unlink(missing_ok=True)
    for number, repository in enumerate((Repository("evil", str(folder)), Repository("far", f"file://{folder}"))):
        files = materialize(repository, commit_of(repository, SECONDS), tmp_path / f"files{number}", SECONDS)
        remote_of(repository)
        assert (files / "main.tf").read_text() == BUCKET
    assert not witness.exists()


def test_where_a_checkout_comes_from_is_its_remote(logs: Repository, tmp_path: Path) -> None:
    assert remote_of(logs) == "https://git.example.com/acme/logs.git"
    git(tmp_path / "logs", "remote", "remove", "origin")
    assert remote_of(logs) == ""


@pytest.mark.parametrize("is_remote", [False, True])
def test_a_revision_is_a_tag_a_branch_or_a_commit(logs: Repository, tmp_path: Path, is_remote: bool) -> None:  # noqa: FBT001
    folder = tmp_path / "logs"
    first = git(folder, "rev-parse", "HEAD").strip()
    git(folder, "tag", "-a", "v1", "-m", "first")
    git(folder, "branch", "old")
    git(folder, "commit", "-q", "--allow-empty", "-m", "more")
    repository = Repository("far", f"file://{folder}") if is_remote else logs
    assert [commit_of(repository, SECONDS, name) for name in ("v1", "old", first)] == [first] * 3
    assert commit_of(repository, SECONDS) != first
    with pytest.raises(UsageError):
        commit_of(repository, SECONDS, "v2")


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    with pytest.raises(UsageError, match="git rev-parse"):
        commit_of(Repository("empty", str(tmp_path / "empty")), SECONDS)


def test_a_broken_checkout_is_not_taken_for_the_repository_around_it(logs: Repository, tmp_path: Path) -> None:
    broken = tmp_path / "logs" / "broken"
    (broken / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match="not a git repository"):
        commit_of(Repository("broken", str(broken)), SECONDS)
    assert remote_of(Repository("broken", str(broken))) == ""
    assert commit_of(logs, SECONDS)


def test_a_url_that_nobody_serves_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git ls-remote"):
        commit_of(Repository("gone", f"file://{tmp_path / 'gone'}"), SECONDS)
