"""The template that an `AWS::CloudFormation::StackSet` holds as text.

A block of YAML is read where it stands, so its resources have lines of the file. Other text is decoded
first, and everything in it is placed at the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Span, Value
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation.tags import long_form
from agentreach.parsers.cloudformation.template import Template

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

TYPE = "AWS::CloudFormation::StackSet"
_BLOCK = late_regex(r"[|][-+0-9]*[ \t]*(?:#[^\n]*)?\n")


def inline(outer: Scope, entry: Entry, body: Value) -> Template | None:
    """The template in a TemplateBody; None, with a note, when it cannot be read."""
    resolved = outer.evaluator.bound(entry.bindings).resolve(body)
    if not isinstance(resolved, Scalar) or not isinstance(resolved.value, str):
        outer.skip(f"the template of {entry.name} is only known at deployment", entry.at)
        return None
    root = _root(resolved, resolved.value)
    if root is None:
        outer.skip(f"the template of {entry.name} cannot be read", entry.at)
        return None
    return Template(source=resolved.at.source, absolute=outer.template.absolute, root=root)


def _root(text: Scalar, written: str) -> MapValue | None:
    source, at = text.at.source, text.at
    block = _BLOCK.match(source.text, at.start, at.end)
    if block:
        return _parsed(source, block.end(), at.end)
    decoded = _parsed(Source(source.path, written), 0, len(written))
    return None if decoded is None else _placed(decoded, at)


def _parsed(source: Source, start: int, end: int) -> MapValue | None:
    found = yaml.parse(source, start=start, end=end, dialect=yaml.Dialect.CLOUDFORMATION, tag=long_form)
    document = found[0] if found else None
    if document is None or isinstance(document, Broken) or not isinstance(document.value, MapValue):
        return None
    return document.value


def _placed(value: MapValue, at: Span) -> MapValue:
    entries = {name: _placed_value(entry, at) for name, entry in value.entries.items()}
    return MapValue(entries, at, dict.fromkeys(entries, at))


def _placed_value(value: Value, at: Span) -> Value:
    match value:
        case MapValue():
            return _placed(value, at)
        case ListValue(items=items):
            return ListValue(tuple(_placed_value(item, at) for item in items), at)
        case Scalar(value=plain):
            return Scalar(plain, at)
        case _:
            return value
