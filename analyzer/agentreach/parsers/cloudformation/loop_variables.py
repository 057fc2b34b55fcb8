"""`${Name}` and `&{Name}` of an `Fn::ForEach` in plain text and in keys.

`&{Name}` keeps only letters and digits, for logical ids
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Scalar, Span, Value, string
from agentreach.parsers.cloudformation.dynamic_references import MARK, with_dynamic_references
from agentreach.parsers.cloudformation.strings import concatenate

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

_VARIABLE = late_regex(r"([$&])\{([A-Za-z0-9]{1,256})\}")
_SIGNS = late_regex(r"[^A-Za-z0-9]+")
UNKNOWN_KEY = "[?]"


def substituted(bindings: Mapping[str, Value], value: Scalar) -> Value:
    """A plain text with its loop variables replaced; other holes stay text."""
    text = str(value.value)
    pieces = list(_pieces(bindings, text, value.at))
    if not pieces:
        return with_dynamic_references(value) if MARK in text else value
    return concatenate(pieces, value.at)


def _pieces(bindings: Mapping[str, Value], text: str, at: Span) -> Iterator[Value]:
    end = 0
    for hole in _VARIABLE.finditer(text):
        if hole[2] in bindings:
            yield Scalar(text[end : hole.start()], at)
            yield bound_text(bindings, hole, at)
            end = hole.end()
    if 0 < end < len(text):
        yield Scalar(text[end:], at)


def bound_text(bindings: Mapping[str, Value], hole: re.Match[str], at: Span) -> Value:
    """What one hole means; itself where nothing is bound to it."""
    value = bindings.get(hole[2])
    if value is None:
        return Scalar(hole[0], at)
    text = string(value)
    return Scalar(_SIGNS.sub("", text), at) if hole[1] == "&" and text is not None else value


def key(bindings: Mapping[str, Value], name: str) -> str:
    """A key with its loop variables replaced, `[?]` for one only known at deployment."""
    if "{" not in name:
        return name

    def replacement(hole: re.Match[str]) -> str:
        if hole[2] not in bindings:
            return hole[0]
        text = string(bindings[hole[2]])
        if text is None:
            return UNKNOWN_KEY
        return _SIGNS.sub("", text) if hole[1] == "&" else text

    return _VARIABLE.sub(replacement, name)
