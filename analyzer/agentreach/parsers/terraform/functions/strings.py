"""Functions on strings; known parts of a string with holes stay known where the function works part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.arguments import whole
from agentreach.parsers.terraform.functions.casing import lower_case, title_case, upper_case
from agentreach.parsers.terraform.functions.declaring import function, pure, texts
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.graphemes import clusters
from agentreach.parsers.terraform.text import SPACE
from agentreach.parsers.terraform.texts import longest, text_of
from agentreach.parsers.terraform.types import BOOL, NUMBER, STRING
from agentreach.parsers.terraform.values import (
    Bool,
    Number,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import known_text

if TYPE_CHECKING:
    from collections.abc import Callable
FUNCTIONS: dict[str, Function] = {}


def _part_by_part(call: Call, value: Value, change: Callable[[str], str]) -> Value:
    """Apply a change that does not depend on neighbouring characters to every known part."""
    return text_of([change(part) if isinstance(part, str) else part for part in texts(value)], call.at)


def _by_parts(name: str, change: Callable[[str], str]) -> None:
    def run(call: Call, value: Value) -> Value:
        return _part_by_part(call, value, change)

    run.__name__ = name
    function(FUNCTIONS, STRING, returns=STRING, sure=True)(run)


_by_parts("lower", lower_case)


_by_parts("upper", upper_case)


def _at_ends(
    call: Call, value: Value, trim_start: Callable[[str], str] | None, trim_end: Callable[[str], str] | None
) -> Value:
    """Trim both ends. Where an end is unknown, what might be trimmed next to it becomes part of the unknown."""
    parts = list(texts(value))
    if trim_start:
        parts = _trimmed(parts, trim_start)
    if trim_end:
        parts = _trimmed(parts[::-1], trim_end)[::-1]
    return text_of(parts, call.at)


def _trimmed(parts: list[str | Unknown], change: Callable[[str], str]) -> list[str | Unknown]:
    for position, part in enumerate(parts):
        if isinstance(part, str):
            trimmed = change(part)
            parts[position] = trimmed
            if trimmed:
                break
    return parts


@function(FUNCTIONS, STRING, returns=STRING, sure=True, unknowns=True)
def _trimspace(call: Call, value: Value) -> Value:
    return _at_ends(call, value, lambda text: text.lstrip(SPACE), lambda text: text.rstrip(SPACE))


@function(FUNCTIONS, STRING, STRING, returns=STRING, sure=True)
def _trim(call: Call, value: Value, cutset: Value) -> Value:
    characters = known_text(cutset)
    if characters is None:
        return call.unknown(STRING, cutset)
    if not characters:
        return value
    return _at_ends(call, value, lambda text: text.lstrip(characters), lambda text: text.rstrip(characters))


@function(FUNCTIONS, STRING, STRING, returns=STRING, sure=True)
def _trimprefix(call: Call, value: Value, prefix: Value) -> Value:
    return _without_affix(call, value, prefix, _without_prefix)


@function(FUNCTIONS, STRING, STRING, returns=STRING, sure=True)
def _trimsuffix(call: Call, value: Value, suffix: Value) -> Value:
    return _without_affix(call, value, suffix, _without_suffix)


def _without_affix(
    call: Call, value: Value, affix: Value, remove: Callable[[list[str | Unknown], str], list[str | Unknown] | None]
) -> Value:
    text = known_text(affix)
    parts = None if text is None else remove(list(texts(value)), text)
    return call.unknown(STRING, value, affix) if parts is None else text_of(parts, call.at)


def _without_prefix(parts: list[str | Unknown], prefix: str) -> list[str | Unknown] | None:
    first = parts[0] if parts else ""
    if not isinstance(first, str):
        # The prefix may reach from the hole into what follows.
        after = parts[1] if len(parts) > 1 else ""
        reach = [prefix[count:] for count in range(len(prefix))]
        return None if any(isinstance(after, str) and after.startswith(rest) for rest in reach) else parts
    if len(parts) > 1 and len(first) < len(prefix):
        return None if prefix.startswith(first) else parts
    return [first.removeprefix(prefix), *parts[1:]]


def _without_suffix(parts: list[str | Unknown], suffix: str) -> list[str | Unknown] | None:
    turned = [part[::-1] if isinstance(part, str) else part for part in reversed(parts)]
    found = _without_prefix(turned, suffix[::-1])
    return None if found is None else [part[::-1] if isinstance(part, str) else part for part in reversed(found)]


@function(FUNCTIONS, STRING, returns=STRING, sure=True, unknowns=True)
def _chomp(call: Call, value: Value) -> Value:
    return _at_ends(call, value, None, lambda text: text.rstrip("\r\n"))


@function(FUNCTIONS, NUMBER, STRING, returns=STRING)
def _indent(call: Call, spaces: Number, value: Value) -> Value:
    count = whole(spaces)
    if count < 0:
        raise FunctionError("the number of spaces must not be negative")
    if count * sum(part.count("\n") for part in texts(value) if isinstance(part, str)) > longest():
        return call.unknown(STRING)
    return _part_by_part(call, value, lambda text: text.replace("\n", "\n" + " " * count))


@pure(FUNCTIONS, STRING, sure=True)
def _title(text: str) -> str:
    return title_case(text)


@pure(FUNCTIONS, STRING, sure=True)
def _strrev(text: str) -> str:
    return "".join(reversed(clusters(text)))


@function(FUNCTIONS, STRING, NUMBER, NUMBER, returns=STRING)
def _substr(call: Call, value: Value, offset: Number, length: Number) -> Value:
    start, count = whole(offset), whole(length)
    parts = list(texts(value))
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    if len(parts) > 1 or (parts and not isinstance(parts[0], str)):
        # What lies before the first hole is enough for some.
        units = clusters(first)[:-1]
        if start < 0 or count < 0 or start + count > len(units):
            return call.unknown(STRING, value)
        return call.string("".join(units[start : start + count]))
    return call.string(_cut(clusters(first), start, count))


def _cut(units: list[str], start: int, count: int) -> str:
    if start < 0:
        start += len(units)
    elif count == 0:
        return ""
    start = max(start, 0)
    # A length of zero after an offset from the end takes the rest, as in go-cty.
    return "".join(units[start:] if count <= 0 else units[start : start + count])


@function(FUNCTIONS, STRING, STRING, returns=BOOL, sure=True)
def _startswith(call: Call, value: Value, prefix: Value) -> Value:
    return _affix(call, value, prefix, str.startswith, 0)


@function(FUNCTIONS, STRING, STRING, returns=BOOL, sure=True)
def _endswith(call: Call, value: Value, suffix: Value) -> Value:
    return _affix(call, value, suffix, str.endswith, -1)


def _affix(call: Call, value: Value, affix: Value, check: Callable[[str, str], bool], end: int) -> Value:
    text, parts = known_text(affix), list(texts(value))
    known = parts[end] if parts and isinstance(parts[end], str) else ""
    if text == "" or (text is not None and check(known, text)):  # type: ignore[arg-type]  # a str
        return Bool(True, call.at)  # noqa: FBT003 - the answer
    if text is None:
        return call.unknown(BOOL, affix)
    if len(parts) > 1 and len(known) < len(text) and check(text, known):  # type: ignore[arg-type]
        return call.unknown(BOOL, value)
    if len(parts) == 1 and not isinstance(parts[0], str):
        return call.unknown(BOOL, value)
    return Bool(False, call.at)  # noqa: FBT003 - the answer


@function(FUNCTIONS, STRING, STRING, returns=BOOL, sure=True)
def _strcontains(call: Call, value: Value, part: Value) -> Value:
    text, parts = known_text(part), list(texts(value))
    if text is not None and any(isinstance(one, str) and text in one for one in parts):
        return Bool(True, call.at)  # noqa: FBT003 - the answer
    if text is None or any(not isinstance(one, str) for one in parts):
        return call.unknown(BOOL, part, value)
    return Bool(text == "", call.at)
