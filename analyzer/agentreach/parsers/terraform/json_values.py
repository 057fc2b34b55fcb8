"""JSON values as Terraform's values, strings taken as they are: values files and defaults of variables.

In both, Terraform evaluates nothing: `"${x}"` is five characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.plan_text import DEPTH, NotJsonError, parse_at
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Bool, Null, Number, Object, String, Tuple, Unknown

if TYPE_CHECKING:
    from agentreach.model import Source, Span
    from agentreach.parsers.terraform.plan_text import Node
    from agentreach.parsers.terraform.values import Value


def json_literal(source: Source, start: int) -> Value | None:
    """The JSON value at an offset, strings taken as they are."""
    try:
        return json_value(parse_at(source, start))
    except NotJsonError:
        return None


def json_value(node: Node, depth: int = DEPTH) -> Value:
    """A JSON value with nothing evaluated."""
    at = node.at
    if depth == 0:
        return Unknown(DYNAMIC, "nested too deeply", at)
    first = node.text[node.start]
    if first == "{":
        entries = list(node.entries())
        values = {entry.name: json_value(entry.node, depth - 1) for entry in entries}
        return Object(dict(sorted(values.items())), at, {entry.name: entry.at for entry in entries})
    if first == "[":
        return Tuple(tuple(json_value(item, depth - 1) for item in node.items()), at)
    return _scalar(node, at)


def _scalar(node: Node, at: Span) -> Value:
    value = node.plain()
    if isinstance(value, str):
        return String(value, at)
    if isinstance(value, bool):
        return Bool(value, at)
    if value is None:
        return Null(at)
    try:
        number = numbers.parse(node.text[node.start : node.end])
    except numbers.HugeError:
        number = None
    return Unknown(DYNAMIC, "a number of too many digits", at) if number is None else Number(number, at)
