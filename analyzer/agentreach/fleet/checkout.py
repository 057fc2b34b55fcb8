"""A repository's files as its commit has them, in a folder of their own.

git is started with settings that run nothing of the repository's choice: no hooks, no filters, no file-system monitor,
no transports but those of the URL. A checkout that is already there is read, not changed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agentreach import changes
from agentreach.errors import UsageError
from agentreach.fleet.repositories import is_url

if TYPE_CHECKING:
    from agentreach.fleet.repositories import Repository

_FETCHING: Final = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.ext.allow=never"),
    *("-c", "transfer.fsckObjects=true"),
)
_COMMIT_LENGTHS: Final = (40, 64)


def commit_of(repository: Repository, seconds: float, revision: str = "") -> str:
    """The commit that HEAD names, or a branch, tag or commit. Raises UsageError where git cannot say."""
    if repository.is_remote:
        commit = _commit_there(repository.origin, revision, seconds)
    else:
        commit = _commit_here(Path(repository.origin), revision)
    if len(commit) not in _COMMIT_LENGTHS:
        raise UsageError(f"{repository.origin} has no {f'revision {revision!r}' if revision else 'commit'}")
    return commit


def _commit_there(url: str, revision: str, seconds: float) -> str:
    if _is_commit(revision):
        return revision
    names = [f"refs/tags/{revision}^{{}}", f"refs/tags/{revision}", f"refs/heads/{revision}"] if revision else ["HEAD"]
    said = _fetching(["ls-remote", "--", url, *names], seconds).decode("utf-8", "replace").splitlines()
    commits = {name: commit for commit, _, name in (line.partition("\t") for line in said)}
    return next((commits[name] for name in names if name in commits), "")


def _commit_here(folder: Path, revision: str) -> str:
    if not folder.is_dir():
        raise UsageError(f"{folder} does not exist")
    names = [f"refs/tags/{revision}", f"refs/remotes/origin/{revision}", f"refs/heads/{revision}"]
    names = [revision] if _is_commit(revision) else names if revision else ["HEAD"]
    for name in names:
        try:
            return _verified(folder, name)
        except UsageError:
            if name == names[-1]:
                raise
    return ""


def _verified(folder: Path, name: str) -> str:
    said = changes.git(folder, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    return said.decode("ascii", "replace").strip()


def _is_commit(revision: str) -> bool:
    return len(revision) in _COMMIT_LENGTHS and set(revision) <= set("0123456789abcdef")


def remote_of(repository: Repository) -> str:
    """The URL that a repository is fetched from: its own, or that of the checkout's remote; empty where none is."""
    if repository.is_remote:
        return repository.origin
    try:
        url = changes.git(Path(repository.origin), "config", "--local", "--get", "remote.origin.url")
    except UsageError:
        return ""
    text = url.decode("utf-8", "replace").strip()
    return text if is_url(text) else ""


def materialize(repository: Repository, commit: str, folder: Path, seconds: float) -> Path:
    """Write the commit's files into `folder`, which is made, and return it."""
    folder.mkdir(parents=True)
    if not repository.is_remote:
        changes.extract(Path(repository.origin), commit, folder)
        return folder
    with tempfile.TemporaryDirectory(prefix="agentreach-git-", dir=folder.parent) as bare:
        _fetching(["init", "--quiet", "--bare", "--template=", bare], seconds)
        _fetching(["fetch", "--quiet", "--depth=1", "--no-tags", "--", repository.origin, commit], seconds, within=bare)
        changes.extract(Path(bare), commit, folder)
    return folder


def _fetching(arguments: list[str], seconds: float, *, within: str = ".") -> bytes:
    """Run the user's git with the user's credentials, which it may need to fetch, and with nobody to ask."""
    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    }
    environment |= {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "LC_ALL": "C.UTF-8"}
    return changes.ran([*_FETCHING, "-C", within, *arguments], f"git {arguments[0]}", environment, seconds=seconds)
