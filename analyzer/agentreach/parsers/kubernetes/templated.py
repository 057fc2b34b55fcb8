"""Text that something else fills in before it is applied: `{{ … }}` of Helm, Jinja, Argo and friends."""

from __future__ import annotations

import re

from agentreach.model import ListValue, MapValue, Scalar, Text, Unknown, Value

_HOLE = re.compile(r"\{\{[^{}]*(?:\}[^{}]+)*\}\}")
_MARKS = ("{{", "{%", "<%", "[[")


def is_template(text: str) -> bool:
    """Whether unreadable YAML is a template rather than a mistake."""
    return any(mark in text for mark in _MARKS[:3])


def with_holes(value: Value) -> Value:
    """The same structure with every `{{ … }}` in a scalar as a hole: known text around it stays known."""
    if isinstance(value, Scalar):
        return _scalar(value)
    if isinstance(value, MapValue):
        entries = {name: with_holes(item) for name, item in value.entries.items()}
        return MapValue(entries, value.at, value.keys, value.open)
    if isinstance(value, ListValue):
        return ListValue(tuple(with_holes(item) for item in value.items), value.at, value.open)
    return value


def _scalar(scalar: Scalar) -> Value:
    text = scalar.value
    if not isinstance(text, str) or "{{" not in text:
        return scalar
    parts: list[str | Unknown] = []
    end = 0
    for hole in _HOLE.finditer(text):
        if hole.start() > end:
            parts.append(text[end : hole.start()])
        parts.append(Unknown(f"{_shown(hole.group())} is filled in by a template", scalar.at))
        end = hole.end()
    if end == 0:
        return scalar
    if end < len(text):
        parts.append(text[end:])
    only = parts[0]
    return only if len(parts) == 1 and isinstance(only, Unknown) else Text(tuple(parts), scalar.at)


def _shown(hole: str) -> str:
    return hole if len(hole) <= 60 else f"{hole[:57]}…"  # noqa: PLR2004 - enough to recognise it
