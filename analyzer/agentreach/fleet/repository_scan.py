"""Scan one repository at its commit and keep what came of it: the unit of work of a fleet scan."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach import __version__, scan
from agentreach.errors import AgentReachError
from agentreach.fleet.checkout import commit_of, materialize, slug_of
from agentreach.fleet.rows import SCHEMA_VERSION, rows, table
from agentreach.fleet.store import Store

if TYPE_CHECKING:
    from agentreach.fleet.repositories import Repository

_FOLDER: Final = threading.Lock()
"""Paths are shown relative to the working directory, of which a process has one."""


class Task(NamedTuple):
    """A repository, the store that takes its result, and how many seconds git may take for it."""

    repository: Repository
    store: str
    seconds: float


class Outcome(NamedTuple):
    """What became of a repository. `state`: "scanned", "unchanged" or "failed", then with the reason."""

    name: str
    state: str
    reason: str = ""


def run(task: Task) -> Outcome:
    """Scan the repository unless the store has this commit's result of this version; never raises for its content."""
    repository = task.repository
    try:
        store = Store(task.store)
        commit = commit_of(repository, task.seconds)
        if is_kept(store.header(repository.name), repository, commit):
            return Outcome(repository.name, "unchanged")
        with tempfile.TemporaryDirectory(prefix="agentreach-") as scratch:
            folder = materialize(repository, commit, Path(scratch), task.seconds)
            _keep(store, repository, commit, folder)
    except AgentReachError as error:
        return Outcome(repository.name, "failed", str(error))
    except (OSError, MemoryError, RecursionError) as error:
        return Outcome(repository.name, "failed", f"{type(error).__name__}: {error}".rstrip(": "))
    return Outcome(repository.name, "scanned")


def is_kept(header: dict[str, str], repository: Repository, commit: str) -> bool:
    """Whether a result is of this commit and was made by this version."""
    return header.items() >= _identity(repository, commit).items()


def _identity(repository: Repository, commit: str) -> dict[str, str]:
    return {"schema": SCHEMA_VERSION, "tool": __version__, "repository": repository.name, "commit": commit}


def _keep(store: Store, repository: Repository, commit: str, folder: Path) -> None:
    slug = slug_of(repository)
    with _FOLDER:
        here = Path.cwd()
        os.chdir(folder)
        try:
            found = list(rows(scan(), slug))
        finally:
            os.chdir(here)
    store.keep(repository.name, table(found, {**_identity(repository, commit), "slug": slug}))
