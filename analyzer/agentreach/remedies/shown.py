"""Edits as people read them: the lines that change, and a unified diff."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from agentreach.remedies.edits import edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.model import Source
    from agentreach.remedies.edits import Edit


def as_lines(edits: Iterable[Edit]) -> Iterator[str]:
    """`- ` and `+ ` lines of the first file that is edited, without context."""
    edits = list(edits)
    source = edits[0].source
    mine = [one for one in edits if one.source is source]
    for line in unified_diff(_lines(source.text), _lines(edited(source.text, mine)), n=0):
        if line[:1] in {"-", "+"} and not line.startswith(("---", "+++")):
            yield line.rstrip("\r\n")


def as_diff(source: Source, after: str) -> str:
    """What changes in a source, as a unified diff that `patch -p1` and `git apply` take."""
    name = source.path
    written = unified_diff(_lines(source.text), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in written)


def _lines(text: str) -> list[str]:
    """Lines with their ends; other line separators of Unicode end none."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
