"""Text that something else fills in before it is applied: `{{ … }}` of Helm, Jinja or Argo, `${NAME}` of envsubst.

A dollar sign also belongs to shell scripts, so `${NAME}` counts only where the API wants a name, an
image, an address or an annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Kind, ListValue, MapValue, Scalar, Text, Unknown, Value

if TYPE_CHECKING:
    import re

_HOLE = late_regex(r"\{\{[^{}]*(?:\}[^{}]+)*\}\}")
_VARIABLE = late_regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-=][^{}]*)?\}")
_MARKS = ("{{", "{%", "<%")
_NAMES = frozenset(
    {
        "name",
        "namespace",
        "serviceAccountName",
        "serviceAccount",
        "image",
        "url",
        "roleArn",
        "secretName",
        "generateName",
    }
)
_MAPS = frozenset({"annotations", "labels"})
_LONGEST = 60


def is_template(text: str) -> bool:
    """Whether unreadable YAML is a template rather than a mistake."""
    return any(mark in text for mark in _MARKS)


def has_holes(text: str) -> bool:
    """Whether a document may hold anything that is filled in later."""
    return "{{" in text or "${" in text


def with_holes(value: Value, name: str = "") -> Value:
    """The same structure with a hole for everything that is filled in; known text around it stays known."""
    if isinstance(value, Scalar):
        return _scalar(value, name)
    if isinstance(value, MapValue):
        entries = {key: with_holes(item, name if name in _MAPS else key) for key, item in value.entries.items()}
        return MapValue(entries, value.at, value.keys, value.open)
    if isinstance(value, ListValue):
        return ListValue(tuple(with_holes(item, name) for item in value.items), value.at, value.open)
    return value


def _scalar(scalar: Scalar, name: str) -> Value:
    text = scalar.value
    if not isinstance(text, str):
        return scalar
    if "{{" in text:
        return _split(scalar, text, _HOLE)
    if "${" in text and name in _NAMES | _MAPS:
        return _split(scalar, text, _VARIABLE)
    return scalar


def _split(scalar: Scalar, text: str, pattern: re.Pattern[str]) -> Value:
    parts: list[str | Unknown] = []
    end = 0
    for hole in pattern.finditer(text):
        if hole.start() > end:
            parts.append(text[end : hole.start()])
        parts.append(Unknown(f"{_shown(hole.group())} is filled in later", scalar.at, _kind(hole.group())))
        end = hole.end()
    if end == 0:
        return scalar
    if end < len(text):
        parts.append(text[end:])
    only = parts[0]
    return only if len(parts) == 1 and isinstance(only, Unknown) else Text(tuple(parts), scalar.at)


def _kind(hole: str) -> Kind:
    """An account or region that is filled in still matches like one."""
    upper = hole.upper()
    if "ACCOUNT_ID" in upper or "ACCOUNTID" in upper or "AWS_ACCOUNT" in upper:
        return Kind.ACCOUNT
    return Kind.REGION if "REGION" in upper else Kind.ANY


def _shown(hole: str) -> str:
    return hole if len(hole) <= _LONGEST else f"{hole[: _LONGEST - 1]}…"
