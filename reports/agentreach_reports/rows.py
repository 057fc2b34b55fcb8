"""CSV that a spreadsheet cannot execute."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A cell that starts so is a formula to a spreadsheet; an apostrophe makes it text (OWASP "CSV Injection"). Every cell
# is quoted, so that a program that separates by semicolons does not find the start of another cell inside one.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table, every cell quoted and harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """The cell's text, never a formula."""
    shown = visible(text, 2000)
    return f"'{shown}" if shown.lstrip().startswith(DANGEROUS) else shown
