"""Where the cache is, and whether it is the user's own."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.cache.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLE = "AGENTREACH_CACHE_DIR"


def opened(scanned: Iterable[Path]) -> Store | None:
    """The store of this user; None where there is no place for it, or the place is not the user's alone.

    A folder inside what is scanned is none: whoever wrote the tree could have written the entries.
    """
    folder = _folder()
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        real = folder.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        return None
    if not _is_private(status) or any(real.is_relative_to(root) for root in scanned):
        return None
    return Store(real)


def _is_private(status: os.stat_result) -> bool:
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _folder() -> Path | None:
    """`AGENTREACH_CACHE_DIR` (empty: no cache), else the platform's cache folder."""
    if not hasattr(os, "geteuid"):
        # Without owners of files, nothing says that an entry is the user's own.
        return None
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if Path(named).is_absolute() else None
    own = os.environ.get("XDG_CACHE_HOME", "")
    if own.startswith("/"):
        return Path(own) / "agentreach"
    home = os.environ.get("HOME", "")
    if not home.startswith("/"):
        return None
    return Path(home) / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "agentreach"
