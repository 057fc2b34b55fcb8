"""Scan one repository at its commit and keep what came of it: the unit of work of a fleet scan."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach import __version__, scan
from agentreach.errors import AgentReachError
from agentreach.fleet import modules as modules_of
from agentreach.fleet.checkout import commit_of, materialize, remote_of
from agentreach.fleet.module_sources import place
from agentreach.fleet.organization import NO_ORGANIZATION
from agentreach.fleet.repositories import url_name
from agentreach.fleet.rows import SCHEMA_VERSION, Described, rows, table
from agentreach.fleet.store import Store
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agentreach.fleet.modules import Module, Resolved
    from agentreach.fleet.organization import Organization
    from agentreach.fleet.repositories import Repository

_FOLDER: Final = threading.Lock()
"""Paths are shown relative to the working directory, of which a process has one."""


class Task(NamedTuple):
    """A repository, the store that takes its result, and how many seconds git may take for it.

    `modules` are those of other repositories to read it with; None for as it was read before.
    """

    repository: Repository
    store: str
    seconds: float
    organization: Organization = NO_ORGANIZATION
    modules: tuple[Module, ...] | None = None


class Outcome(NamedTuple):
    """What became of a repository. `state`: "scanned", "unchanged" or "failed", then with the reason."""

    name: str
    state: str
    reason: str = ""


def run(task: Task) -> Outcome:
    """Scan the repository unless the store has the same result already; never raises for its content."""
    repository = task.repository
    try:
        store = Store(task.store)
        commit = commit_of(repository, task.seconds)
        header = _identity(task, commit)
        modules = modules_of.resolved(task.modules or (), task.seconds)
        if task.modules is not None:
            header["modules"] = modules_of.spelt(modules)
        if is_kept(store.header(repository.name), header):
            return Outcome(repository.name, "unchanged")
        with tempfile.TemporaryDirectory(prefix="agentreach-") as scratch:
            folder = materialize(repository, commit, Path(scratch) / "files", task.seconds)
            _keep(task, store, folder, {"modules": "", **header}, modules)
    except AgentReachError as error:
        return Outcome(repository.name, "failed", str(error))
    except (OSError, MemoryError, RecursionError) as error:
        return Outcome(repository.name, "failed", f"{type(error).__name__}: {error}".rstrip(": "))
    return Outcome(repository.name, "scanned")


def is_kept(kept: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether a result is of this commit, and was made by this version in this way."""
    return kept.items() >= wanted.items()


def _identity(task: Task, commit: str) -> dict[str, str]:
    return {
        "schema": SCHEMA_VERSION,
        "tool": __version__,
        "repository": task.repository.name,
        "commit": commit,
        "configuration": task.organization.digest,
    }


def _keep(task: Task, store: Store, folder: Path, header: dict[str, str], modules: Sequence[Resolved]) -> None:
    sources = () if task.modules is None else store.sources(task.repository.name)
    placed = modules_of.placed(modules, folder, task.seconds)
    remote = remote_of(task.repository)
    here = Described(task.repository.name, url_name(remote) if remote else "", place(remote) if remote else "", sources)
    with _FOLDER:
        start = Path.cwd()
        os.chdir(folder)
        try:
            found = list(rows(scan(options=replace(task.organization.options, module_sources=placed)), here))
        finally:
            os.chdir(start)
    store.keep(task.repository.name, table(found, {**header, "slug": here.slug, "place": here.place}))
