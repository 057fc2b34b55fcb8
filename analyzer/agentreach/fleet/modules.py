"""Modules of one repository that another of the fleet declares: read where Terraform would read them.

Only where one repository has the place that a git source names, and has the revision. Everything else stays a link
that is possible: names alone, several candidates, sources of a registry.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from posixpath import normpath
from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach.errors import UsageError
from agentreach.fleet.checkout import commit_of, materialize
from agentreach.fleet.module_sources import git_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from agentreach.fleet.repositories import Repository

_FOLDER: Final = ".terraform/modules"
"""Where `terraform init` puts modules: read when something calls them, and never as roots."""

_PLAIN: Final = re.compile(r"[^\w-]")


class Module(NamedTuple):
    """A module's source as code writes it, and what it means: a folder of a repository at a revision."""

    source: str
    repository: Repository
    revision: str
    folder: str


class Resolved(NamedTuple):
    """A module and the commit that its revision names now."""

    module: Module
    commit: str


def places(repositories: Iterable[Repository], headers: Mapping[str, Mapping[str, str]]) -> dict[str, Repository]:
    """The repository at each place that exactly one of them has."""
    found: dict[str, list[Repository]] = {}
    for one in repositories:
        where = headers.get(one.name, {}).get("place", "").lower()
        if where:
            found.setdefault(where, []).append(one)
    return {where: several[0] for where, several in found.items() if len(several) == 1}


def needed(repository: str, sources: Mapping[str, Sequence[str]], at: Mapping[str, Repository]) -> tuple[Module, ...]:
    """The modules that a repository calls, and that those call in turn, as far as the fleet has them."""
    found: dict[str, Module] = {}
    pending = list(sources.get(repository, ()))
    while pending:
        source = pending.pop()
        git = git_source(source)
        owner = at.get(git.place.lower()) if git else None
        if git and owner and source not in found:
            found[source] = Module(source, owner, git.revision, git.folder)
            pending += sources.get(owner.name, ())
    return tuple(found[source] for source in sorted(found))


def resolved(modules: Iterable[Module], seconds: float) -> tuple[Resolved, ...]:
    """The modules whose revision their repository has."""
    return tuple(_resolved(modules, seconds))


def _resolved(modules: Iterable[Module], seconds: float) -> Iterator[Resolved]:
    commits: dict[tuple[Repository, str], str] = {}
    for module in modules:
        asked = (module.repository, module.revision)
        if asked not in commits:
            try:
                commits[asked] = commit_of(*asked[:1], seconds, module.revision)
            except UsageError:
                commits[asked] = ""
        if commits[asked]:
            yield Resolved(module, commits[asked])


def spelt(modules: Sequence[Resolved]) -> str:
    """Sources and commits as a result's metadata keep them; empty for none."""
    return json.dumps({one.module.source: one.commit for one in modules}, sort_keys=True) if modules else ""


def called(headers: Iterable[Mapping[str, str]], at: Mapping[str, Repository]) -> dict[str, frozenset[str]]:
    """The folders of repositories that others read as modules: they are no roots of their own."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for header in headers:
        for source in json.loads(header.get("modules") or "{}"):
            git = git_source(source)
            owner = at.get(git.place.lower()) if git else None
            if git and owner:
                found[owner.name].add(normpath(git.folder or "."))
    return {name: frozenset(roots) for name, roots in found.items()}


def placed(modules: Sequence[Resolved], files: Path, seconds: float) -> tuple[tuple[str, Path], ...]:
    """Write the modules beside a repository's files: the folder of each source, first those that name a revision."""
    folders: dict[tuple[Repository, str], Path] = {}
    for one in modules:
        wanted = (one.module.repository, one.commit)
        if wanted not in folders:
            name = "/".join(_PLAIN.sub("-", part) for part in one.module.repository.name.split("/"))
            folders[wanted] = materialize(*wanted, files / _FOLDER / f"{name}@{one.commit[:12]}", seconds)
    ordered = sorted(modules, key=lambda one: (not one.module.revision, one.module.source))
    pairs = ((one, folders[one.module.repository, one.commit]) for one in ordered)
    return tuple((one.module.source, _within(folder, one.module.folder)) for one, folder in pairs)


def _within(folder: Path, inside: str) -> Path:
    path = (folder / inside).resolve()
    return path if path.is_relative_to(folder.resolve()) else folder
