"""What the last run of the same command said, for as long as everything that it looked at is as it was.

Remembered are the reports as they were written, which hold no secret, and the digests of what they were made from;
of a run for a change also which files each finding rests on, so that any change of the same state is answered.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import agentreach
from agentreach import cache, configured
from agentreach.cli.presented import OF_A_COMMIT
from agentreach.digest import blake2b
from agentreach.named_tuples import NamedTuple
from agentreach.sources.confinement import confinement_root
from agentreach.sources.observed import Observed
from agentreach.sources.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.changes import Changes
    from agentreach.cli.shared import Request
    from agentreach.configuration import Configuration
    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

# What makes a run depend on more than the scanned files and the flags.
_OUTWARD = (
    "check_files",
    "framework_files",
    "imports",
    "with_tools",
    "variable_files",
    "parameter_files",
    "helm_values",
)
_OUTWARD_IN_FILE = (
    "baseline",
    "checks",
    "framework_file",
    "helm_values",
    "modules",
    "parameter_file",
    "var_file",
    "with_",
)


_ANSWERS = 16
"""How many choices of findings are remembered of one state."""


class Outcome(NamedTuple):
    """The reports in the order of the targets, and the exit code."""

    texts: tuple[str, ...]
    code: int


class Memory:
    """One command's place in the cache: what it said for each choice of findings, of one state of the files."""

    def __init__(self, store: cache.Store, key: str, tree: Tree, *, renders: bool) -> None:
        self.observed = Observed()
        self._store = store
        self._key = key
        self._tree = tree
        self._renders = renders
        self._answers: dict[str, Any] = {}

    def recall(self, change: Changes | None = None) -> Outcome | None:
        """What the run said that saw what is there now, or what differs from it in nothing that it looked at."""
        entry = self._store.get(self._key)
        if entry is None:
            return None
        known = json.loads(entry)
        edited = self._tree.edited(known["inputs"])
        if edited is None:
            return None
        if not edited:
            self._answers = known["answers"]
        answer = known["answers"].get(_choice(known["concerns"], change))
        if answer is None or (edited and not self._says_the_same(edited, known, answer)):
            return None
        return Outcome(tuple(answer["texts"]), answer["code"])

    def _says_the_same(self, edited: Iterable[str], known: dict[str, Any], answer: dict[str, Any]) -> bool:
        from agentreach.cli.unaffected import says_the_same  # noqa: PLC0415 - where nothing was edited, nothing asks

        cited = (*answer["texts"], *(path for paths, _ in known["concerns"] for path in paths))
        return says_the_same(self._tree, edited, known["unread"], cited)

    def keep(self, outcome: Outcome, whole: Scan, change: Changes | None = None) -> None:
        """Remember what this run says of the whole scan, or of what the change touches in it."""
        if self.observed.changed or (self._renders and self.observed.has_charts):
            return
        from agentreach.changes import concerns  # noqa: PLC0415 - a remembered run does without
        from agentreach.cli.unaffected import unread_of  # noqa: PLC0415 - likewise

        found = concerns(whole) if change is not None else ()
        answers = {**self._answers, _choice(found, change): {"texts": outcome.texts, "code": outcome.code}}
        entry = {
            "inputs": self.observed.inputs,
            "unread": unread_of(whole.sources, self._tree.limits),
            "concerns": found,
            "answers": dict(list(answers.items())[-_ANSWERS:]),
        }
        self._store.put(self._key, json.dumps(entry).encode())


def _choice(concerns: Sequence[Sequence[Any]], change: Changes | None) -> str:
    """The findings that are reported of those that there are."""
    if change is None:
        return "all"
    from agentreach.changes import Concern, touched  # noqa: PLC0415 - only for a change

    return " ".join(map(str, touched([Concern(*one) for one in concerns], change)))


def memory_of(
    request: Request,
    found: Configuration,
    targets: Sequence[tuple[str, Path | None]],
    looks: Sequence[Presentation],
    change: Changes | None = None,
) -> Memory | None:
    """The memory of a scan with these flags, this configuration and these reports; None where it may not have one.

    All changes share one: which findings are reported is a part of each answer.
    """
    if request.no_cache or found.no_cache or not _is_of_files_alone(request, found, targets):
        return None
    if change is not None and change.base is not None:
        return None
    paths = request.paths or (Path(),)
    store = cache.opened(confinement_root(path.resolve()) for path in paths)
    if store is None:
        return None
    of_change = change is not None
    asked = (request, found, [(name, str(path)) for name, path in targets], looks, of_change, Path.cwd(), *_program())
    key = blake2b(repr(asked).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    tree = Tree(paths, exclude=(*found.exclude, *request.exclude), limits=configured.limits(found))
    return Memory(store, key, tree, renders=(request.helm or found.helm) != "off")


def _is_of_files_alone(request: Request, found: Configuration, targets: Sequence[tuple[str, Path | None]]) -> bool:
    """A commit's name, a clock, standard input, other files and other programs are nothing that a tree shows."""
    outward = any(getattr(request, name) for name in _OUTWARD) or any(getattr(found, name) for name in _OUTWARD_IN_FILE)
    timed = request.verbose or any(name in OF_A_COMMIT for name, _ in targets)
    return not outward and not timed and all(str(path) != "-" for path in request.paths)


def _program() -> Iterator[object]:
    """What computes: this version on this Python; in a checkout also every file of it, as it may be edited."""
    yield from (agentreach.__version__, sys.version, os.environ.get("SOURCE_DATE_EPOCH"), datetime.now(UTC).date())
    package = Path(agentreach.__file__).parent
    yield package.stat().st_mtime_ns
    checkout = package.parent.parent
    if (checkout / "pyproject.toml").is_file():
        for part in ("analyzer", "checks", "reports"):
            yield from _edited(checkout / part)


def _edited(folder: Path) -> Iterator[tuple[str, int, int]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(f"{place}/{name}")  # noqa: PTH116 - a thousand of them
            yield name, status.st_mtime_ns, status.st_size
