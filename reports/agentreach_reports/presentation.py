"""How the caller wants a report to look; what it says comes from the scan alone."""

from __future__ import annotations

from datetime import UTC, datetime

from agentreach.findings import Severity
from agentreach.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """`width` is in columns. `fail_on` is None for "never". `frameworks` empty means all.

    `timestamp` is seconds since 1970, set when runs must give the same bytes; `moment` is the same for other runs (the
    commit's date, else now) and stands only where a format demands a time, see `dated`; `revision` is the commit that
    was scanned; `previous` is the text of an earlier JSON report to compare with. `links` is the URI that relative
    paths are appended to in terminal hyperlinks ("file:///work/app"), None where the terminal shows none.
    """

    color: bool = False
    width: int = 100
    fail_on: Severity | None = Severity.MEDIUM
    show_suppressed: bool = False
    frameworks: tuple[str, ...] = ()
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    timestamp: int | None = None
    moment: int | None = None
    revision: str | None = None
    previous: str | None = None
    links: str | None = None

    @property
    def dated(self) -> datetime:
        """The time that formats which demand one are given: never the clock's when runs must be repeatable."""
        seconds = self.timestamp if self.timestamp is not None else self.moment
        return datetime.fromtimestamp(seconds or 0, UTC)
