"""A bar on stderr while long work goes on; it is gone before anything else is printed."""

from __future__ import annotations

import sys
import time
from os import environ
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

# Seconds: work that is done sooner shows nothing, and a terminal is not drawn to more often than that.
PATIENCE, APART = 0.5, 0.1
WIDTH = 30
ERASE = "\r\x1b[2K"


class Bar:
    """Told what is being done and which part is behind; draws on a terminal only, and only when it takes long."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.shows = not quiet and sys.stderr.isatty() and environ.get("TERM") != "dumb"
        self._next = time.monotonic() + PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line as it was."""
        if self._drawn:
            self._write(ERASE)

    def __call__(self, doing: str, part: float) -> None:
        """Draw it again, unless it was drawn just now."""
        now = time.monotonic()
        if self.shows and now >= self._next:
            self._next = now + APART
            self._drawn = True
            full = round(part * WIDTH)
            self._write(f"{ERASE}{'━' * full}{'╌' * (WIDTH - full)} {part:4.0%} {doing}")

    def _write(self, text: str) -> None:
        """A terminal that is gone, or that cannot spell the bar, ends no scan."""
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, UnicodeError):
            self.shows = False
