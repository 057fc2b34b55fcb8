"""What `<<-` does to a heredoc's lines. Trimming markers have been applied before: that order shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.text import SPACE, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def dedent(items: Sequence[object]) -> None:
    """Drop the smallest indentation of all lines from each; only literal text counts, blank lines do not.

    A line that begins with an interpolation or directive has no indentation, and then nothing is dropped.
    """
    smallest: int | None = None
    indented = []
    begins = True
    for item in items:
        value = item.value if isinstance(item, Text) else ""
        if begins and not _is_blank_line(value):
            indentation = len(value) - len(value.lstrip(SPACE))
            smallest = indentation if smallest is None else min(smallest, indentation)
            if isinstance(item, Text):
                indented.append(item)
        begins = value.endswith("\n")
    for text in indented:
        text.drop(smallest or 0)


def _is_blank_line(value: str) -> bool:
    return value.endswith("\n") and not value.strip(SPACE)
