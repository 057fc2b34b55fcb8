"""Files as they are on disk, and their replacement: whole or not at all, with their marks, mode and encoding."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.errors import UsageError
from agentreach.named_tuples import NamedTuple
from agentreach.sources.confinement import confinement_root, is_inside
from agentreach.sources.reading import Unreadable, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.model import Source

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Original(NamedTuple):
    """A file's real path, its bytes, and what has to stand before the text again."""

    path: Path
    data: bytes
    mark: bytes
    encoding: str


class Files:
    """The files that may be written: those of the given paths, reached without leaving their confinement root."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._starts = [Path(os.path.realpath(path)) for path in paths]
        self._roots = [confinement_root(start) for start in self._starts]

    def refusal(self, source: Source) -> str:
        """Why the file of a source is left alone; nothing when it may be written."""
        path = Path.cwd() / source.path
        real = Path(os.path.realpath(path))
        pairs = zip(self._starts, self._roots, strict=True)
        if not any(is_inside(str(real), str(root)) for root in self._roots):
            return "the file lies outside the scanned tree, or is a link that leads there: change it there"
        if not any(is_inside(str(path), str(start)) or is_inside(str(real), str(start)) for start, _ in pairs):
            return "the file lies outside the given paths: run this where all that uses it is scanned"
        if "\\" in source.path or not real.is_file():
            return "it is no file that can be edited: change what it is made from"
        if not os.access(real, os.W_OK):
            return "the file is read-only: make it writable, or change it where it comes from"
        original = _original(real)
        if original is None or _text(original) != source.text:
            return "the file holds something else than what was analysed: run again"
        return ""

    def write(self, source: Source, text: str) -> None:
        """Replace the file of a source. Raises `UsageError` when it changed since, or cannot be written."""
        real = Path(os.path.realpath(Path.cwd() / source.path))
        original = _original(real)
        if self.refusal(source) or original is None:
            raise UsageError(f"{source.path} was not written: {self.refusal(source)}")
        try:
            _replace(real, original.mark + text.encode(original.encoding))
        except OSError as error:
            raise UsageError(f"cannot write {source.path}: {error.strerror or error}") from error


def _original(path: Path) -> Original | None:
    data = read_bytes(str(path), path.stat().st_size)
    if isinstance(data, Unreadable):
        return None
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    return Original(path, data, mark, encoding)


def _text(original: Original) -> str | None:
    text = decode(original.data)
    return None if isinstance(text, Unreadable) else text


def _replace(path: Path, data: bytes) -> None:
    """Through a file beside it with the same mode, so that a reader sees the old bytes or the new ones."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
