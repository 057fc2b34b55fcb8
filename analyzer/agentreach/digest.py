"""SHA-256 and BLAKE2 without OpenSSL: `hashlib` loads it first, which takes longer than reading a small file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, sha256
else:

    def _found(name: str, *modules: str) -> object:
        """The function of the first module that has it; where a module is, is no promise of Python's."""
        for module in (*modules, "hashlib"):
            try:
                return getattr(import_module(module), name)
            except (ImportError, AttributeError):
                continue
        raise ImportError(f"no {name} in this Python")

    sha256 = _found("sha256", "_sha2", "_sha256")
    blake2b = _found("blake2b", "_blake2")

__all__ = ["blake2b", "sha256"]
