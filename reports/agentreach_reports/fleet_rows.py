"""Rows of an answer as a table, as JSON and as CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from agentreach_reports.rows import written
from agentreach_reports.visible import columns, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Names = Sequence[str]
    Rows = Sequence[Sequence[object]]

_WIDEST: Final = 60


def as_table(names: Names, rows: Rows) -> str:
    """Aligned columns under their names; long cells are cut in the middle."""
    cells = [[visible(_text(value), _WIDEST) for value in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(names, *cells, strict=True)]
    lines = [_aligned(names, widths), _aligned(["-" * width for width in widths], widths)]
    return "\n".join([*lines, *(_aligned(row, widths) for row in cells)]) + "\n"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def as_json(names: Names, rows: Rows) -> str:
    """An array of objects."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=2, default=str)


def as_csv(names: Names, rows: Rows) -> str:
    """A header and a line a row, safe against formula injection."""
    return written(tuple(names), (tuple(map(_text, row)) for row in rows))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(_text, value)) if isinstance(value, list | tuple) else str(value)


FORMATS: Final[dict[str, Callable[[Names, Rows], str]]] = {"table": as_table, "json": as_json, "csv": as_csv}
