"""The template that an `AWS::CloudFormation::StackSet` holds as text, or as a structure written as text.

A block of YAML is read where it stands, so its resources have lines of the file. Other text is decoded
first, and everything in it is placed at the text. What the outer stack fills in with `Fn::Sub` is filled in
afterwards, text by text: a part only known at deployment leaves the rest readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, Encoded, ListValue, MapValue, Scalar, Source, Span, Value, child
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation.substitution import sub
from agentreach.parsers.cloudformation.tags import long_form
from agentreach.parsers.cloudformation.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.parsers.cloudformation.evaluate import Evaluator
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

TYPE = "AWS::CloudFormation::StackSet"
_BLOCK = late_regex(r"(?:![A-Za-z:]{1,40}[ \t]+)?[|][-+0-9]*[ \t]*(?:#[^\n]*)?\n")


def inline(outer: Scope, entry: Entry, body: Value) -> Template | None:
    """The template in a TemplateBody; None, with a note, when it cannot be read."""
    evaluator = outer.evaluator.bound(entry.bindings)
    text, variables = _substituted(body)
    resolved = text or evaluator.resolve(body)
    if isinstance(resolved, Encoded) and isinstance(resolved.value, MapValue):
        return Template(source=body.at.source, absolute=outer.template.absolute, root=resolved.value)
    if not isinstance(resolved, Scalar) or not isinstance(resolved.value, str):
        outer.skip(f"the template of {entry.name} is only known at deployment", entry.at)
        return None
    root = _root(resolved, resolved.value)
    if root is None:
        outer.skip(f"the template of {entry.name} cannot be read", entry.at)
        return None
    if text is not None:
        root = _map(root, lambda one: _filled(evaluator, one, variables))
    return Template(source=resolved.at.source, absolute=outer.template.absolute, root=root)


def _substituted(body: Value) -> tuple[Scalar | None, Value | None]:
    """The text of a raw `Fn::Sub` and its variables; nothing where the body is something else."""
    argument = child(body, "Fn::Sub")
    match argument:
        case Scalar():
            return argument, None
        case ListValue(items=(Scalar() as text, MapValue() as variables)):
            return text, variables
        case _:
            return None, None


def _filled(evaluator: Evaluator, text: Scalar, variables: Value | None) -> Value:
    if not isinstance(text.value, str) or "${" not in text.value:
        return text
    return sub(evaluator, text if variables is None else ListValue((text, variables), text.at), text.at)


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


def _placed(root: MapValue, at: Span) -> MapValue:
    return _map(root, lambda one: Scalar(one.value, at), at)


def _map(root: MapValue, change: Callable[[Scalar], Value], at: Span | None = None) -> MapValue:
    """The same structure with other scalars, at another place if one is given."""
    entries = {name: _changed(entry, change, at) for name, entry in root.entries.items()}
    return MapValue(entries, at or root.at, dict.fromkeys(entries, at) if at else root.keys)


def _changed(value: Value, change: Callable[[Scalar], Value], at: Span | None) -> Value:
    match value:
        case MapValue():
            return _map(value, change, at)
        case ListValue(items=items):
            return ListValue(tuple(_changed(item, change, at) for item in items), at or value.at)
        case Scalar():
            return change(value)
        case _:
            return value
