"""Bytes to text: size limits, encodings, and the reason where a file cannot be read."""

from __future__ import annotations

import codecs
import os
import stat

from agentreach.named_tuples import NamedTuple

_CHUNK = 65536
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(NamedTuple):
    """Why bytes or text cannot be had. `expected` when that is a limit of the method, not a failure."""

    reason: str
    expected: bool = False
    line: int | None = None


def read_bytes(path: str, limit: int) -> bytes | Unreadable:
    """At most `limit` bytes of a regular file. Never blocks on a pipe or a device."""
    try:
        # Without O_NONBLOCK, opening a pipe that took a file's place would hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        return Unreadable(_reason(error), expected=isinstance(error, FileNotFoundError))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Unreadable("not a regular file")
        return _read_all(descriptor, min(limit, status.st_size) + 1, limit)
    except OSError as error:
        return Unreadable(_reason(error))
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, expected: int, limit: int) -> bytes:
    """Everything up to `limit` and at least one byte more where there is more, which tells a caller so."""
    chunks = []
    size = 0
    while size <= limit:
        wanted = max(expected - size, _CHUNK)
        chunk = os.read(descriptor, wanted)
        chunks.append(chunk)
        size += len(chunk)
        # A regular file gives less than asked for at its end only.
        if len(chunk) < wanted:
            break
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _reason(error: OSError | ValueError) -> str:
    message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be read: {message.lower()}"


def decode(data: bytes, *, only_utf8: bool = False) -> str | Unreadable:
    """Text of UTF-8 (a byte order mark is dropped), or of UTF-16 with its mark, as PowerShell writes JSON."""
    is_utf16 = data.startswith(_UTF16) and not only_utf8
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data[:8192] and not data.startswith(_UTF16):
            return Unreadable("binary, not text")
        line = data.count(b"\n", 0, error.start) + 1
        return Unreadable(f"not UTF-8: byte 0x{data[error.start]:02x} in line {line}", line=line)


def comparable(data: bytes) -> bytes:
    """The bytes to search for what a file is: UTF-16 turned into UTF-8, anything else as it is."""
    if not data.startswith(_UTF16):
        return data.removeprefix(codecs.BOM_UTF8)
    return data.decode("utf-16", "replace").encode("utf-8", "replace")
