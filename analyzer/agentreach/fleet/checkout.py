"""A repository's files as its commit has them, in a folder of their own.

git is started with settings that run nothing of the repository's choice: no hooks, no filters, no file-system monitor,
no transports but those of the URL. A checkout that is already there is read, not changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agentreach import changes
from agentreach.errors import UsageError
from agentreach.fleet.repositories import is_url, url_name

if TYPE_CHECKING:
    from agentreach.fleet.repositories import Repository

_FETCHING: Final = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.ext.allow=never"),
    *("-c", "transfer.fsckObjects=true"),
)
_COMMIT_LENGTHS: Final = (40, 64)


def commit_of(repository: Repository, seconds: float) -> str:
    """The commit that HEAD names. Raises UsageError where git cannot say."""
    if repository.is_remote:
        said = _fetching(["ls-remote", "--", repository.origin, "HEAD"], seconds).split()
        commit = said[0].decode("ascii", "replace") if said else ""
    else:
        folder = Path(repository.origin)
        if not folder.is_dir():
            raise UsageError(f"{repository.origin} does not exist")
        commit = changes.git(folder, "rev-parse", "--verify", "HEAD^{commit}").decode("ascii", "replace").strip()
    if len(commit) not in _COMMIT_LENGTHS:
        raise UsageError(f"{repository.origin} has no commit")
    return commit


def slug_of(repository: Repository) -> str:
    """`owner/name` as the forge knows it: of the URL, or of the checkout's remote; empty where there is none."""
    if repository.is_remote:
        return url_name(repository.origin)
    try:
        url = changes.git(Path(repository.origin), "config", "--local", "--get", "remote.origin.url")
    except UsageError:
        return ""
    text = url.decode("utf-8", "replace").strip()
    return url_name(text) if is_url(text) else ""


def materialize(repository: Repository, commit: str, scratch: Path, seconds: float) -> Path:
    """Write the commit's files below `scratch` and return the folder that holds them."""
    files = scratch / "files"
    files.mkdir()
    changes.extract(_local(repository, scratch, seconds), commit, files)
    return files


def _local(repository: Repository, scratch: Path, seconds: float) -> Path:
    if not repository.is_remote:
        return Path(repository.origin)
    bare = scratch / "fetched.git"
    depth = ["clone", "--bare", "--depth", "1", "--no-tags", "--template=", "--", repository.origin, str(bare)]
    _fetching(depth, seconds)
    return bare


def _fetching(arguments: list[str], seconds: float) -> bytes:
    """Run the user's git with the user's credentials, which it may need to fetch, and with nobody to ask."""
    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    }
    environment |= {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "LC_ALL": "C.UTF-8"}
    return changes.ran([*_FETCHING, *arguments], f"git {arguments[0]}", environment, seconds=seconds)
