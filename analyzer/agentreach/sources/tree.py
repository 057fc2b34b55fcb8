"""The scanned files and everything they may refer to."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from agentreach.errors import UsageError
from agentreach.model import Skipped, Source
from agentreach.named_tuples import NamedTuple
from agentreach.sources.confinement import confinement_root, is_git_metadata, is_inside
from agentreach.sources.exclusion import Exclusion
from agentreach.sources.kinds import (
    FileKind,
    by_content,
    by_name,
    is_always_utf8,
    is_yaml,
    may_be_chart_template,
    of_unnamed,
)
from agentreach.sources.limits import Limits, megabytes
from agentreach.sources.observed import ABSENT, ENTRIES, NAMES, READ, REFUSAL, Observed
from agentreach.sources.reading import Unreadable, comparable, decode, read_bytes
from agentreach.sources.walk import Place, Walk, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_STDIN = "<stdin>"


class File(NamedTuple):
    """A file of the tree. `path` is shown: relative to the working directory, POSIX slashes."""

    path: str
    absolute: Path
    kind: FileKind


class Entry(NamedTuple):
    """A name in a directory."""

    name: str
    absolute: Path
    is_directory: bool


class Tree:
    """The files of the given paths, found by one walk, and a confined view of what they refer to.

    `files` holds what is, or may be, infrastructure code, in a fixed order; `skipped` what cannot be analysed.
    `on_read` is told how many files have been read and how many there are. Raises UsageError for a path that does not
    exist.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        exclude: Sequence[str] = (),
        limits: Limits | None = None,
        on_read: Callable[[int, int], None] | None = None,
        observed: Observed | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._observed = observed
        self._on_read = on_read
        self.working_directory = Path.cwd()
        self._exclusion = Exclusion(exclude)
        self._starts = [_start(Path(path)) for path in paths if str(path) != "-"]
        self._roots = {start: confinement_root(start) for start in self._starts}
        self._named = {str(start) for start in self._starts if not start.is_dir()}
        self._root_names = sorted({str(root) for root in self._roots.values()}) or [str(self.working_directory)]
        self._admitted: list[str] = []
        self._reads_stdin = any(str(path) == "-" for path in paths)
        self._skipped: dict[str, Skipped] = {}
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._sources: WeakValueDictionary[str, Source] = WeakValueDictionary()
        self._stdin: Source | Skipped | None = None

    def admit(self, paths: Iterable[Path]) -> None:
        """Let be read what the user names beside the scanned paths: a file, or a checkout and what it holds."""
        self._admitted += [os.path.realpath(path) for path in paths]

    @cached_property
    def files(self) -> tuple[File, ...]:
        """Every file of the paths that is, or may be, infrastructure code."""
        found = {file.absolute: file for file in self._files()}
        return tuple(found.values())

    def edited(self, inputs: Mapping[str, str]) -> frozenset[str] | None:
        """The files with other bytes than an earlier scan of the same paths observed (`Observed.inputs`).

        None where more than the bytes of files is not as it was: then nothing of that scan may hold.
        """
        self._observed = observed = Observed()
        for _ in self._places():
            pass
        looking = {
            READ: self._bytes,
            ENTRIES: lambda path: self.entries(Path(path)),
            REFUSAL: self._refusal,
            NAMES: self._observed.named,
            ABSENT: self._observed.absent,
        }
        for name in inputs:
            kind, _, path = name.partition(" ")
            if kind in looking:
                looking[kind](path)
        others = {name for name, digest in observed.inputs.items() if inputs.get(name) != digest}
        in_bounds = observed.size <= self.limits.total_bytes
        if observed.inputs.keys() != inputs.keys() or (others and not in_bounds):
            return None
        read = frozenset(path for kind, _, path in (name.partition(" ") for name in others) if kind == READ)
        return read if len(read) == len(others) else None

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What the walk left out and what could not be read so far, by path."""
        _ = self.files
        return tuple(self._skipped[key] for key in sorted(self._skipped))

    def read(self, file: File) -> Source | Skipped:
        """The text of a file of this tree."""
        if self._stdin is not None and file.path == _STDIN:
            return self._stdin
        absolute = str(file.absolute)
        # A file that became a link after the walk.
        refusal = self._refusal(absolute) if file.absolute.is_symlink() else None
        if refusal is not None:
            self._skipped[file.path] = refusal
            return refusal
        return self._source(absolute, file.path, expected=False)

    def open(self, path: Path) -> Source | Skipped:
        """The text of a file that scanned text refers to, by absolute path, inside the confinement root."""
        absolute = os.path.normpath(path)
        refusal = self._refusal(absolute)
        return refusal or self._source(absolute, self.shown(absolute), expected=True)

    def open_bytes(self, path: Path) -> bytes | Skipped:
        """As `open`, undecoded: for hashes and base64."""
        absolute = os.path.normpath(path)
        refusal = self._refusal(absolute)
        if refusal is not None:
            return refusal
        data = self._data(absolute)
        return data if isinstance(data, bytes) else self._unread(self.shown(absolute), data)

    def entries(self, directory: Path) -> tuple[Entry, ...] | Skipped:
        """What a directory that scanned text refers to holds, sorted; links that leave the root are left out."""
        absolute = os.path.normpath(directory)
        found = self._entries(absolute)
        if self._observed is not None:
            self._observed.listed(absolute, found if isinstance(found, tuple) else (found,))
        return found

    def _entries(self, absolute: str) -> tuple[Entry, ...] | Skipped:
        refusal = self._refusal(absolute)
        if refusal is not None:
            return refusal
        try:
            with os.scandir(absolute) as listing:
                return tuple(sorted(self._entry(entry) for entry in listing if self._may_follow(entry)))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return Skipped(self.shown(absolute), f"cannot be listed: {reason}".lower())

    def siblings(self, directory: Path) -> tuple[File, ...] | Skipped:
        """The files of one directory whose name decides their kind: a Terraform module, a chart, an overlay."""
        entries = self.entries(directory)
        if isinstance(entries, Skipped):
            return entries
        files = (
            File(self.shown(str(entry.absolute)), entry.absolute, by_name(entry.name) or FileKind.OTHER)
            for entry in entries
            if not entry.is_directory
        )
        return tuple(file for file in files if file.kind is not FileKind.OTHER)

    def is_named(self, path: Path) -> bool:
        """Whether a file was given by itself as a PATH, not found in a directory."""
        return str(path) in self._named

    def is_excluded(self, path: Path) -> bool:
        """Whether an exclusion covers a file, wherever a walk would have met it."""
        return any(
            self._exclusion.covers(one.name, self.shown(one))
            for one in (path, *path.parents)
            if self._is_below_root(one)
        )

    def _is_below_root(self, path: Path) -> bool:
        return any(is_inside(str(path), root) and str(path) != root for root in self._root_names)

    def confinement(self, path: Path) -> Path:
        """The directory outside of which nothing is read on behalf of `path`."""
        absolute = os.path.realpath(path)
        inside = [root for root in self._root_names if is_inside(absolute, root)]
        return Path(max(inside, key=len)) if inside else confinement_root(Path(absolute))

    def shown(self, absolute: str | Path) -> str:
        """A path relative to the working directory, POSIX slashes."""
        return shown(os.path.relpath(absolute, self.working_directory).replace(os.sep, "/"))

    def _files(self) -> Iterator[File]:
        if self._reads_stdin and (file := self._standard_input()).kind is not FileKind.OTHER:
            yield file
        for place in self._places():
            if (kind := self._kind(place)) is not FileKind.OTHER:
                yield File(place.shown, Path(place.absolute), kind)
                if kind is FileKind.HELM_CHART and self._observed is not None:
                    self._observed.has_charts = True

    def _places(self) -> Iterator[Place]:
        """Every file of the paths but those that their name rules out: a scan says the same with and without them."""
        walk = Walk(self._exclusion)
        seen: list[object] = []
        for start in self._starts:
            place, root = self._place(start), str(self._roots[start])
            seen += (place, root)
            for file in walk.files(place, root):
                if self._may_count(file):
                    seen.append(file)
                    yield file
        for refusal in walk.refused:
            self._skipped[refusal.shown] = Skipped(refusal.shown, refusal.reason, by_design=refusal.expected)
        if self._observed is not None:
            self._observed.walked((*seen, *walk.refused))

    def _place(self, start: Path) -> Place:
        name = self.shown(start)
        root = self._roots[start]
        above = [parent for parent in (start, *start.parents) if is_inside(str(parent), str(root))]
        charts = [parent for parent in above if (parent / "Chart.yaml").is_file()]
        in_templates = any(is_inside(str(start), str(chart / "templates")) for chart in charts)
        return Place(start.name, str(start), "" if name == "." else name, "", bool(charts), in_templates)

    def _may_count(self, place: Place) -> bool:
        """Whether a file may be infrastructure code, or has to be spoken of because it was named."""
        return by_name(place.name) is not FileKind.OTHER or place.in_templates or place.absolute in self._named

    def _kind(self, place: Place) -> FileKind:
        if place.in_templates and may_be_chart_template(place.name):
            return FileKind.HELM_TEMPLATE
        kind = by_name(place.name)
        if kind is None or (kind is FileKind.OTHER and place.absolute in self._named):
            return self._kind_by_content(place)
        return kind

    def _kind_by_content(self, place: Place) -> FileKind:
        data = self._bytes(place.absolute)
        if isinstance(data, Unreadable):
            self._skipped[place.shown] = Skipped(place.shown, data.reason, by_design=data.expected)
            return FileKind.OTHER
        kind = by_content(comparable(data), place.name)
        if kind is FileKind.OTHER and (place.absolute in self._named or self._is_foreign(place)):
            self._skipped[place.shown] = Skipped(place.shown, _not_infrastructure(data))
        return kind

    @staticmethod
    def _is_foreign(place: Place) -> bool:
        return is_yaml(place.name) and not place.in_chart

    def _standard_input(self) -> File:
        data = sys.stdin.buffer.read(self.limits.file_bytes + 1)
        text = self._too_large(data) or decode(data)
        kind = of_unnamed(comparable(data))
        if isinstance(text, str):
            self._stdin = Source(_STDIN, text)
        else:
            self._stdin = self._skipped[_STDIN] = Skipped(_STDIN, text.reason, by_design=False, line=text.line)
        if kind is FileKind.OTHER:
            self._skipped.setdefault(_STDIN, Skipped(_STDIN, _not_infrastructure(data), by_design=False))
        return File(_STDIN, self.working_directory / _STDIN, kind)

    def _source(self, absolute: str, name: str, *, expected: bool) -> Source | Skipped:
        known = self._sources.get(absolute)
        if known is not None:
            return known
        data = self._data(absolute)
        text = data if isinstance(data, Unreadable) else decode(data, only_utf8=is_always_utf8(absolute))
        if isinstance(text, Unreadable):
            return self._unread(name, text, expected=expected)
        source = self._sources[absolute] = Source(name, text)
        # Something refers to it after all: YAML that is part of an overlay, a chart, a module.
        self._skipped.pop(name, None)
        return source

    def _bytes(self, absolute: str) -> bytes | Unreadable:
        data = read_bytes(absolute, self.limits.file_bytes)
        if self._observed is not None:
            self._observed.read(absolute, data)
        return data

    def _data(self, absolute: str) -> bytes | Unreadable:
        data = self._bytes(absolute)
        if isinstance(data, Unreadable):
            return data
        return self._too_large(data) or self._beyond_total(absolute, len(data)) or data

    def _too_large(self, data: bytes) -> Unreadable | None:
        if len(data) > self.limits.file_bytes:
            return Unreadable(f"larger than the limit of {megabytes(self.limits.file_bytes)} a file")
        return None

    def _beyond_total(self, absolute: str, size: int) -> Unreadable | None:
        """Counts every file once, in the order of first reading."""
        if absolute not in self._sizes:
            if self._total + size > self.limits.total_bytes:
                return Unreadable(f"beyond the limit of {megabytes(self.limits.total_bytes)} in total")
            self._sizes[absolute] = size
            self._total += size
            if self._on_read is not None:
                self._on_read(len(self._sizes), len(self.files))
        return None

    def _unread(self, name: str, why: Unreadable, *, expected: bool = True) -> Skipped:
        skipped = Skipped(name, why.reason, by_design=why.expected, line=why.line)
        if not expected:
            self._skipped[name] = skipped
        return skipped

    def _refusal(self, absolute: str) -> Skipped | None:
        refusal = self._refused(absolute)
        if self._observed is not None:
            self._observed.refused(absolute, refusal.reason if refusal else "")
        return refusal

    def _refused(self, absolute: str) -> Skipped | None:
        """Why a path may not be read: it leaves every confinement root, or is git's own."""
        try:
            real = os.path.realpath(absolute)
        except (OSError, ValueError) as error:
            return Skipped(shown(absolute), f"cannot be read: {error}")
        if is_git_metadata(real):
            return Skipped(self.shown(absolute), "git's own files are not read")
        if any(is_inside(real, root) for root in (*self._root_names, *self._admitted)):
            return None
        return Skipped(self.shown(absolute), "outside the scanned project, so it is not read")

    def _may_follow(self, entry: os.DirEntry[str]) -> bool:
        return entry.name != ".git" and (not entry.is_symlink() or self._refusal(entry.path) is None)

    @staticmethod
    def _entry(entry: os.DirEntry[str]) -> Entry:
        return Entry(entry.name, Path(entry.path), entry.is_dir())


def _start(path: Path) -> Path:
    try:
        # A file that is a link keeps its own place: it belongs to the directory it is listed in.
        return path.parent.resolve(strict=True) / path.name if path.is_file() else path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"no such file or directory: {path}") from error


def _not_infrastructure(data: bytes) -> str:
    return "binary, not text" if b"\0" in comparable(data[:8192]) else "not infrastructure code"
