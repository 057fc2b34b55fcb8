"""Which directories are root modules: those with Terraform files that no other directory calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.configuration import META
from agentreach.parsers.terraform.module_sources import NOT_HERE, Missing, literal_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from agentreach.parsers.terraform.configuration import Configuration, Declaration
    from agentreach.parsers.terraform.module_sources import ModuleSources


def root_directories(directories: Iterable[Path], callees: Callable[[Path], Iterable[Path]]) -> list[Path]:
    """The roots among the scanned directories, in order.

    Directories that only call each other in a circle have no root: the first of them counts as one.
    """
    every = sorted(directories)
    called = {callee for directory in every for callee in callees(directory) if callee != directory}
    roots = [directory for directory in every if directory not in called]
    seen = set(_reached(roots, callees))
    for directory in every:
        if directory not in seen:
            roots.append(directory)
            seen.update(_reached([directory], callees))
    return sorted(roots)


def _reached(starts: Iterable[Path], callees: Callable[[Path], Iterable[Path]]) -> Iterator[Path]:
    seen = set(starts)
    pending = sorted(seen, reverse=True)
    while pending:
        directory = pending.pop()
        yield directory
        new = [callee for callee in callees(directory) if callee not in seen]
        seen.update(new)
        pending += new


class Reach:
    """Whether a module, or one that it calls, declares something that is wanted; without evaluating anything.

    `missing(call, reason)` is told about every module that is not read.
    """

    def __init__(
        self, sources: ModuleSources, wanted: Callable[[str], bool], missing: Callable[[Declaration, str], None]
    ) -> None:
        self._sources = sources
        self._wanted = wanted
        self._missing = missing
        self._known: dict[int, bool] = {}

    def __call__(self, configuration: Configuration, path: tuple[str, ...] = ()) -> bool:
        """Ask for a configuration that is called as `path` from the root."""
        known = self._known.get(id(configuration))
        if known is None:
            self._known[id(configuration)] = False
            below = [self._call(configuration, path, call) for call in configuration.calls.values()]
            known = any(below) or any(map(self._wanted, configuration.types))
            self._known[id(configuration)] = known
        return known

    def _call(self, configuration: Configuration, path: tuple[str, ...], call: Declaration) -> bool:
        source = literal_source(call)
        if source is None:
            return True  # it has to be evaluated, and may lead anywhere
        found = self._sources.find(configuration.directory, (*path, call.name), source)
        if isinstance(found, Missing):
            self._missing(call, found.reason)
            return False
        if found.is_public and not configuration.is_public:
            self._missing(call, f"{source} {NOT_HERE}; what it declares is derived from its inputs{_but(call, found)}")
        return self(found, (*path, call.name))


def _but(call: Declaration, module: Configuration) -> str:
    """The arguments of a call that a public module, as far as it is known here, does not have."""
    unknown = sorted(call.content.arguments.keys() - module.variables.keys() - META - {"source", "version"})
    return f", but not from {', '.join(unknown)}" if unknown else ""
