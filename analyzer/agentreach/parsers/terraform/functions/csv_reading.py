"""CSV as Go's encoding/csv reads it: RFC 4180, blank lines skipped, white space kept, bare quotes an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.json_reading import document
from agentreach.parsers.terraform.functions.specification import Call, FunctionError
from agentreach.parsers.terraform.texts import normal
from agentreach.parsers.terraform.types import STRING, ObjectType
from agentreach.parsers.terraform.values import List, Object, String, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span

Field = tuple[str, int, int]


def read_csv(call: Call, value: String) -> Value:
    """The rows as objects, by the names in the first row."""
    records = _records(value.text.replace("\r\n", "\n") if "\r" in value.text else value.text)
    header = next(records, None)
    if header is None:
        raise FunctionError("there is no header line")
    names = [normal(name) for name, _, _ in header]
    if len(set(names)) < len(names):
        raise FunctionError("two columns have one name")
    locate = document(value).locate if "\r" not in value.text else (lambda _start, _end: value.at)
    rows: list[Value] = []
    for record in records:
        if len(record) != len(names):
            raise FunctionError("a row has not as many fields as there are columns")
        entries: dict[str, Value] = {
            name: String(normal(text), locate(start, end))
            for name, (text, start, end) in zip(names, record, strict=True)
        }
        at: Span = locate(record[0][1], record[-1][2])
        rows.append(Object(dict(sorted(entries.items())), at))
    return List(tuple(rows), call.at, ObjectType(dict.fromkeys(sorted(names), STRING)))


def _records(text: str) -> Iterator[list[Field]]:
    position = 0
    while position < len(text):
        if text[position] == "\n":
            position += 1
            continue
        record: list[Field] = []
        more = True
        while more:
            field, position, more = _field(text, position)
            record.append(field)
        yield record


def _field(text: str, start: int) -> tuple[Field, int, bool]:
    """A field, where the next begins, and whether it belongs to the same record."""
    if text.startswith('"', start):
        content, end = _quoted(text, start + 1)
    else:
        ends = [found for found in (text.find(",", start), text.find("\n", start)) if found >= 0]
        end = min(ends, default=len(text))
        content = text[start:end]
        if '"' in content:
            raise FunctionError("a quote stands in a field that is not quoted")
    return (content, start, max(end, start + 1)), end + 1, text.startswith(",", end)


def _quoted(text: str, start: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = text.find('"', start)
        if end < 0:
            raise FunctionError("a quoted field is not closed")
        pieces.append(text[start:end])
        if not text.startswith('"', end + 1):
            break
        pieces.append('"')
        start = end + 2
    if end + 1 < len(text) and text[end + 1] not in ",\n":
        raise FunctionError("text follows the end of a quoted field")
    return "".join(pieces), end + 1
