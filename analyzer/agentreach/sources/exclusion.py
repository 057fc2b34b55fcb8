"""`--exclude` globs: `*` and `?` within a name, `**` across directories, a name alone at any depth."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ANY_DEPTH = None
_Segment = re.Pattern[str] | None


class Exclusion:
    """Whether a path is excluded by any of the globs; excluding a directory excludes what is below it.

    A glob with a slash is matched against the path as displayed and against the path below the scanned PATH;
    one without a slash against every name.
    """

    def __init__(self, globs: Sequence[str]) -> None:
        self._names = [_compile(glob) for glob in map(_trimmed, globs) if "/" not in glob]
        self._paths = [
            [_ANY_DEPTH if segment == "**" else _compile_pattern(segment) for segment in glob.split("/")]
            for glob in map(_trimmed, globs)
            if "/" in glob
        ]

    def __bool__(self) -> bool:
        return bool(self._names or self._paths)

    def covers(self, name: str, *paths: str) -> bool:
        """Whether the file or directory `name`, at any of these relative paths, is excluded."""
        if any(matches(name) for matches in self._names):
            return True
        return any(_matches(segments, path.split("/")) for segments in self._paths for path in paths)


def _trimmed(glob: str) -> str:
    return glob.removeprefix("./").strip("/") if glob.strip("/") else glob


def _compile_pattern(segment: str) -> re.Pattern[str]:
    return re.compile(translate(segment))


def _compile(segment: str) -> Callable[[str], object]:
    return _compile_pattern(segment).match


def _matches(segments: Sequence[_Segment], names: Sequence[str]) -> bool:
    """Greedy with one point of return, so a pattern of many `**` stays quadratic at worst."""
    at = pattern = 0
    retry: tuple[int, int] | None = None
    while at < len(names):
        segment = segments[pattern] if pattern < len(segments) else _EXHAUSTED
        if segment is _ANY_DEPTH:
            pattern += 1
            retry = (at, pattern)
        elif segment.match(names[at]):
            at += 1
            pattern += 1
        elif retry is not None:
            retry = (retry[0] + 1, retry[1])
            at, pattern = retry
        else:
            return False
    return all(segment is _ANY_DEPTH for segment in segments[pattern:])


_EXHAUSTED = late_regex(r"(?!)")
