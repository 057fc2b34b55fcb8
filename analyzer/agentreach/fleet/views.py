"""The documented views of a store: their columns, and tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from agentreach.fleet.extra import library

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS: Final = {"line": "int32", "hop": "int32", "rank": "int32", "candidates": "int32", "ttl_seconds": "float64"}
_FLAGS: Final = {"never_expires", "production", "bounded", "standing", "certain", "suppressed"}

VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "agents": (
        *("root", "address", "name", "platform", "kind", "role", "confidence", "owner"),
        *("highest", "highest_standing", "production", "bounded", "rank", "path", "line"),
    ),
    "identities": ("root", "agent", "address", "identity_repository", "relation", "name", "kind", "account", "certain"),
    "reach": (
        *("root", "agent", "step", "service", "action", "resource", "standing", "verdict"),
        *("acts_as", "acts_as_repository", "production", "system", "system_repository", "path", "line"),
    ),
    "credentials": (
        *("root", "agent", "kind", "address", "ttl_seconds", "never_expires", "stored_in"),
        *("credential_repository", "path", "line"),
    ),
    "findings": (
        *("check_id", "severity", "confidence", "root", "agent", "subject", "message", "path", "line", "fingerprint"),
        *("suppressed", "origin", "suppressed_because"),
    ),
    "paths": (
        *("root", "agent", "identity", "hop", "from_address", "to_address", "relation", "path", "line"),
        *("from_repository", "to_repository", "path_repository"),
    ),
    "links": ("other", "name", "sense", "candidates"),
    "skipped": ("path", "line", "reason"),
    "repositories": ("state", "reason", "slug"),
}
"""Columns of each view, after `repository` and `commit`."""


def columns(view: str) -> tuple[str, ...]:
    """All columns of a view, in order."""
    return ("repository", "commit", *VIEWS[view])


def table(view: str, rows: Iterable[tuple[object, ...]]) -> Any:  # noqa: ANN401 - a pyarrow table
    """Rows of a view as a table, sorted, each row once."""
    arrow = library("pyarrow")
    names = columns(view)
    ordered = sorted(set(rows), key=_comparable)
    arrays = [
        arrow.array([row[place] for row in ordered], type=arrow.type_for_alias(_type(name)))
        for place, name in enumerate(names)
    ]
    return arrow.Table.from_arrays(arrays, names=list(names))


def _type(name: str) -> str:
    return "bool" if name in _FLAGS else _NUMBERS.get(name, "string")


def _comparable(row: tuple[object, ...]) -> tuple[tuple[bool, Any], ...]:
    """Sort with None last."""
    return tuple((one is None, "" if one is None else one) for one in row)
