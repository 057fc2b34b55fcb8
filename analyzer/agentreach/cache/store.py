"""A bounded folder of entries that several processes may use at once, and that may fail without anyone noticing."""

from __future__ import annotations

import os
import stat
import time
import zlib
from typing import TYPE_CHECKING

from agentreach.digest import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 64 * 1024 * 1024
_MAGIC = b"agentreach cache 1\n"
_CHECKSUM = 32
_PARTIAL = ".partial"
# A file that is being written is not a day old.
_ABANDONED = 24 * 3600


class Store:
    """Entries by key (hexadecimal digits), at most `limit` bytes of them; the ones not asked for longest go first."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def get(self, key: str) -> bytes | None:
        """The entry, or None where there is none or it is not as it was written."""
        path = self._folder / key
        try:
            content = _opened(key, _read(path, self._limit), self._limit)
        except OSError:
            return None
        if content is None:
            path.unlink(missing_ok=True)
            return None
        try:
            os.utime(path)
        except OSError:
            # A cache that cannot be written still answers.
            return content
        return content

    def put(self, key: str, content: bytes) -> None:
        """Write an entry whole, or not at all."""
        data = _closed(key, content)
        if len(data) > self._limit:
            return
        partial = self._folder / f"{key}.{os.getpid()}.{time.monotonic_ns()}{_PARTIAL}"
        try:
            _write(partial, data)
            partial.replace(self._folder / key)
            self._make_room()
        except OSError:
            partial.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Down to three quarters of the limit, so that not every entry makes room for itself alone."""
        found = sorted(self._entries())
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return
        for _, size, path in found:
            if total <= self._limit * 3 // 4:
                return
            os.unlink(path)  # noqa: PTH108 - the path is scandir's text
            total -= size

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        """Age, size and path; what a killed process left half written is removed on the way."""
        with os.scandir(self._folder) as listing:
            for entry in listing:
                try:
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(_PARTIAL) and status.st_mtime < time.time() - _ABANDONED:
                        os.unlink(entry.path)  # noqa: PTH108 - the path is scandir's text
                    elif stat.S_ISREG(status.st_mode):
                        yield status.st_mtime, status.st_size, entry.path
                except FileNotFoundError:
                    # Another process was faster.
                    continue


def _read(path: Path, limit: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            return b""
        return file.read(limit + 1)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _closed(key: str, content: bytes) -> bytes:
    return _MAGIC + _checksum(key, content) + zlib.compress(content, 1)


def _opened(key: str, data: bytes, limit: int) -> bytes | None:
    head = len(_MAGIC) + _CHECKSUM
    if not data.startswith(_MAGIC) or len(data) > limit:
        return None
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data[head:], limit * 8)
    except zlib.error:
        return None
    whole = unpacking.eof and not unpacking.unused_data
    return content if whole and _checksum(key, content) == data[len(_MAGIC) : head] else None


def _checksum(key: str, content: bytes) -> bytes:
    return blake2b(key.encode() + b"\0" + content, digest_size=_CHECKSUM).digest()
