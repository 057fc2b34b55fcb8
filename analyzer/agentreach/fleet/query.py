"""Questions in SQL over the views of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agentreach.errors import UsageError
from agentreach.fleet.extra import library
from agentreach.fleet.views import VIEWS, columns, table

if TYPE_CHECKING:
    from agentreach.fleet.store import Store


_MACROS: Final = """
create macro rung(step) as coalesce(list_position(
    ['observe', 'read-data', 'write-data', 'execute', 'deploy', 'secrets', 'identity', 'admin'], step), 0);
create macro gravity(severity) as coalesce(list_position(['low', 'medium', 'high', 'critical'], severity), 0);
"""
"""Steps and severities as numbers, to sort and to compare by."""


class Answer(NamedTuple):
    """Column names and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """Rows as objects."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def ask(store: Store, question: str, *, generation: str | None = None) -> Answer:
    """The answer to one `select` over the views. Raises UsageError with the database's words for anything else.

    The database reads nothing but the views, and keeps nothing.
    """
    database = opened(store, generation)
    try:
        result = database.execute(question)
        names = tuple(column[0] for column in result.description or ())
        return Answer(names, result.fetchall())
    except library("duckdb").Error as error:
        said = " ".join(str(error).split())
        raise UsageError(f"{said}. The views are {_described()}") from error


def opened(store: Store, generation: str | None = None) -> Any:  # noqa: ANN401 - a DuckDB connection
    """A database in memory with the views of a generation, the current one by default, and no way out."""
    store.require()
    database = library("duckdb").connect()
    given = dict(store.views(generation or store.generations()[0]))
    for view in VIEWS:
        empty = table(view, ())
        found = given.get(view, empty)
        # Views of an earlier version lack the columns that came later.
        for added in empty.schema:
            if added.name not in found.column_names:
                found = found.append_column(added, library("pyarrow").nulls(found.num_rows, added.type))
        database.from_arrow(found).create(view)
    database.execute(_MACROS)
    database.execute("set enable_external_access = false")
    database.execute("set lock_configuration = true")
    return database


def _described() -> str:
    return "; ".join(f"{view}({', '.join(columns(view))})" for view in VIEWS)
