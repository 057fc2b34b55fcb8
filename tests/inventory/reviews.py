"""What a `review.md` states, and what `agentreach review --format json` says, as rows that can be compared.

A review is Markdown with one table for each question; cells hold addresses and places in backticks. The columns are

    Agents        entry · role · kind · owner · bounded · where
    Identities    entry · acts as · relation · chain
    Credentials   entry · credential · kind · lifetime · rotated · where
    Tools         entry · tool · executor · acts as · confirmation · where
    Gates         entry · kind · on · covers · holds · where
    Reach         entry · step · actions · on · as · standing · where
    Unknown       entry · what · where
    Not needed    entry · action · step · as · where
    Smaller       entry · as · left · where
    Silent        where · why

A cell with several entries stands for one row each. Places are `file:line`, relative to the stack; `:12` repeats the
file before it. A lifetime is a number with a unit, "never" or "unknown", with "(default)" behind it where nobody wrote
it. "-" is nothing, or not known from the code. An address is written `root::address` where a stack has several roots.
`left` is what the smaller statement still allows, "-" where nothing is called for. `on` in the table of reach is what is declared and reached, else the resources as the policy writes them, with `…` for
what only deployment knows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from click.testing import CliRunner

from agentreach.cli import group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

Row = tuple[str, ...]
Tables = dict[str, "Counter[Row]"]

COLUMNS = {
    "Agents": ("entry", "role", "kind", "owner", "bounded", "where"),
    "Identities": ("entry", "acts as", "relation", "chain"),
    "Credentials": ("entry", "credential", "kind", "lifetime", "rotated", "where"),
    "Tools": ("entry", "tool", "executor", "acts as", "confirmation", "where"),
    "Gates": ("entry", "kind", "on", "covers", "holds", "where"),
    "Reach": ("entry", "step", "actions", "on", "as", "standing", "where"),
    "Unknown": ("entry", "what", "where"),
    "Not needed": ("entry", "action", "step", "as", "where"),
    "Smaller": ("entry", "as", "left", "where"),
}
UNITS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400, "days": 86_400}
_CODE = re.compile(r"`([^`]+)`")


class Review(NamedTuple):
    """The tables of a review, and the places where nothing may be reported."""

    tables: Tables
    silent: dict[str, str]
    clean: bool


# The review ----------------------------------------------------------------------------------------------------


def written(stack: Path) -> Review:
    """Read a stack's review."""
    text = (stack / "review.md").read_text("utf-8")
    sections = dict(_sections(text))
    tables = {name: Counter(_rows(name, sections.get(name, []))) for name in COLUMNS}
    silent = {place: why for where, why in sections.get("Silent", []) for place in _places(where)}
    return Review(tables, silent, clean="\nNothing to report.\n" in text)


def _sections(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each heading of the second level with the body of its table."""
    for section in text.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        yield heading.strip(), [_cells(line) for line in lines[2:]]


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _rows(name: str, body: Iterable[list[str]]) -> Iterator[Row]:
    columns = COLUMNS[name]
    for cells in body:
        if len(cells) != len(columns):
            raise ValueError(f"{name}: {cells} should have {len(columns)} cells")
        named = dict(zip(columns, cells, strict=True))
        for entry in _code(named["entry"]):
            yield (entry, *(_normal(column, named[column]) for column in columns[1:]))


def _normal(column: str, cell: str) -> str:
    match column:
        case "where" | "chain":
            return " → ".join(_places(cell))
        case "actions" | "on" | "covers" | "left":
            return ", ".join(sorted(_code(cell))) or "-"
        case "lifetime":
            return _lifetime(cell)
        case _:
            found = _code(cell)
            return found[0] if found else cell


def _code(cell: str) -> list[str]:
    return _CODE.findall(cell)


def _places(cell: str) -> list[str]:
    """Places in order; one that begins with a colon is of the file before it."""
    found = _code(cell)
    for index, (before, place) in enumerate(pairwise([":", *found])):
        if place.startswith(":"):
            found[index] = f"{(found[index - 1] if index else before).rpartition(':')[0]}{place}"
    return found


def _lifetime(cell: str) -> str:
    amount, _, rest = cell.partition(" ")
    if not amount.replace(".", "").isdigit():
        return cell
    unit, _, remark = rest.partition(" ")
    return f"{float(amount) * UNITS[unit]:g} s{' ' + remark if remark else ''}"


# The tool ------------------------------------------------------------------------------------------------------


def reviewed(paths: Iterable[str] = (".",)) -> dict[str, Any]:
    """The review of the working directory as JSON."""
    result = CliRunner().invoke(group, ["review", "--format", "json", "--helm", "off", *paths])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def said(document: dict[str, Any]) -> Tables:
    """The same tables, from the JSON."""
    agents = document["agents"]
    several = len({one["root"] for one in agents}) > 1
    tables: Tables = {name: Counter() for name in COLUMNS}
    for one in agents:
        entry = f"{one['root']}::{one['address']}" if several else one["address"]
        for name, row in _said(one):
            tables[name][(entry, *row)] += 1
    return tables


def _said(one: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    yield "Agents", (one["role"], one["kind"], one["owner"] or "-", _answer(one["bounded"]), _place(one))
    for identity in one["identities"]:
        relation = identity["relation"] + ("" if identity["certain"] else " (possible)")
        chain = " → ".join(map(_place, identity["via"]))
        yield "Identities", (identity["address"], relation, chain)
    for held in one["credentials"]:
        yield (
            "Credentials",
            (held["address"], held["kind"], _span(held), _answer(held["rotated"]), _place(held)),
        )
    for tool in one["tools"]:
        acts_as = tool["acts_as"] or "-"
        yield (
            "Tools",
            (tool["name"], tool["executor"], acts_as, _answer(tool["confirmation"]), _place(tool)),
        )
    for gate in one["gates"]:
        yield (
            "Gates",
            (gate["kind"], gate["subject"], _list(gate["covers"]), _answer(gate["holds"]), _place(gate)),
        )
    for reach in one["reach"]:
        on = _list(reach["systems"] or reach["resources"])
        standing = _answer(reach["standing"]) + ("" if reach["verdict"] == "allowed" else " (possible)")
        yield "Reach", (reach["step"], _list(reach["actions"]), on, reach["as"], standing, _place(reach))
    for unknown in one["unknown"]:
        yield "Unknown", (unknown["attribute"], _place(unknown))
    for row in one["privilege_map"]:
        if row["needed"] is False:
            yield "Not needed", (row["action"], row["step"], row["as"], _place(row))
    for smaller in one["proposals"]:
        yield "Smaller", (smaller["identity"], _list(_left(smaller["statement"] or {})), _place(smaller))


def _left(statement: dict[str, Any]) -> list[str]:
    """What a smaller statement still allows: actions, or the verbs of a rule."""
    found: Any = next((statement[key] for key in ("Action", "verbs", "permissions", "role") if key in statement), [])
    return [found] if isinstance(found, str) else list(found)


def _place(record: dict[str, Any]) -> str:
    return f"{record['path']}:{record['line']}"


def _answer(value: bool | None) -> str:  # noqa: FBT001 - three values
    return {True: "yes", False: "no", None: "-"}[value]


def _span(held: dict[str, Any]) -> str:
    if held["never_expires"]:
        found = "never"
    elif held["ttl_seconds"] is None:
        found = "unknown"
    else:
        found = f"{float(held['ttl_seconds']):g} s"
    return found + (" (default)" if held["defaulted"] else "")


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(values))) or "-"
