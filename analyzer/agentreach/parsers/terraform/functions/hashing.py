"""Hashes of text, as hexadecimal digits or base64."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.declaring import pure
from agentreach.parsers.terraform.functions.specification import Function, FunctionError
from agentreach.parsers.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: dict[str, Function] = {}
_NAMESPACES = {
    "dns": "6ba7b8109dad11d180b400c04fd430c8",
    "url": "6ba7b8119dad11d180b400c04fd430c8",
    "oid": "6ba7b8129dad11d180b400c04fd430c8",
    "x500": "6ba7b8149dad11d180b400c04fd430c8",
}
_DIGITS = 32


def digest(algorithm: str, data: bytes) -> bytes:
    """The hash of some bytes; none of these is used for security here."""
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def hexadecimal(data: bytes) -> str:
    """Bytes as hexadecimal digits."""
    return data.hex()


def as_base64(data: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(data).decode()


HASHES: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "md5": ("md5", hexadecimal),
    "sha1": ("sha1", hexadecimal),
    "sha256": ("sha256", hexadecimal),
    "sha512": ("sha512", hexadecimal),
    "base64sha256": ("sha256", as_base64),
    "base64sha512": ("sha512", as_base64),
}


def _hash(name: str, algorithm: str, write: Callable[[bytes], str]) -> None:
    def run(text: str) -> str:
        return write(digest(algorithm, text.encode("utf-8", "surrogatepass")))

    run.__name__ = name
    pure(FUNCTIONS, STRING, sure=True)(run)


for _name, (_algorithm, _write) in HASHES.items():
    _hash(_name, _algorithm, _write)


@pure(FUNCTIONS, STRING, STRING)
def _uuidv5(namespace: str, name: str) -> str:
    digits = _NAMESPACES.get(namespace) or _uuid_digits(namespace)
    data = bytearray(digest("sha1", bytes.fromhex(digits) + name.encode())[:16])
    data[6] = data[6] & 0x0F | 0x50
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _uuid_digits(text: str) -> str:
    digits = text.lower().removeprefix("urn:uuid:").strip("{}").replace("-", "")
    if len(digits) != _DIGITS or any(digit not in "0123456789abcdef" for digit in digits):
        raise FunctionError("the namespace is neither a known one nor a UUID")
    return digits
