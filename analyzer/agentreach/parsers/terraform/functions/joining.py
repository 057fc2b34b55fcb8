"""`join`, `split` and `replace`, each also for text with holes."""

from __future__ import annotations

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.functions.declaring import function, texts
from agentreach.parsers.terraform.functions.re2 import PatternError, compile_pattern
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, reason_of
from agentreach.parsers.terraform.texts import combined, longest, text_of
from agentreach.parsers.terraform.types import STRING, ListType
from agentreach.parsers.terraform.values import (
    Encoded,
    List,
    Null,
    Perhaps,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import as_text, hole, known_text

FUNCTIONS: dict[str, Function] = {}
STRINGS = ListType(STRING)


class _Gap(NamedTuple):
    """Any number of elements, with the separators between them and their neighbours."""

    hole: Unknown


@function(FUNCTIONS, STRING, rest=STRINGS, returns=STRING, unknowns=True)
def _join(call: Call, separator: Value, *lists: Value) -> Value:
    if not lists:
        return call.failure("at least one list is required")
    parts: list[Value | _Gap] = []
    for given in lists:
        failure = _add_elements(call, given, parts)
        if failure is not None:
            return failure
    call.evaluation.spend(len(parts))
    return _separated(call, as_text(separator) if isinstance(separator, Encoded) else separator, parts)


def _add_elements(call: Call, given: Value, parts: list[Value | _Gap]) -> Value | None:
    if not isinstance(given, List):
        call.doubt()
        parts.append(_Gap(hole(reason_of(given), call.at)))
        return None
    for item in given.items:
        value = item.value if isinstance(item, Perhaps) else item
        if isinstance(value, Null):
            return call.failure("an element is null")
        if isinstance(value, Unknown) and value.nullable:
            call.doubt()
        if isinstance(item, Perhaps):
            parts.append(_Gap(hole("elements that may be missing", call.at)))
        else:
            parts.append(as_text(value) if isinstance(value, Encoded) else value)
    return None


def _separated(call: Call, separator: Value, parts: list[Value | _Gap]) -> Value:
    together: list[Value] = []
    after_gap = True
    for part in parts:
        if isinstance(part, _Gap):
            together.append(part.hole)
            after_gap = True
            continue
        if not after_gap:
            together.append(separator)
        together.append(part)
        after_gap = False
    return combined(together, call.at) if together else call.string("")


@function(FUNCTIONS, STRING, STRING, returns=STRINGS, sure=True)
def _split(call: Call, separator: Value, value: Value) -> Value:
    text, parts = known_text(separator), list(texts(value))
    if text is None:
        return call.unknown(STRINGS, separator)
    if all(isinstance(part, str) for part in parts):
        plain = "".join(part for part in parts if isinstance(part, str))
        pieces = list(plain) if text == "" else plain.split(text)
        call.evaluation.spend(len(pieces))
        return List(tuple(call.string(piece) for piece in pieces), call.at, STRING)
    if len(text) != 1:
        return call.unknown(STRINGS, value)
    return _split_parts(call, text, parts)


def _split_parts(call: Call, separator: str, parts: list[str | Unknown]) -> Value:
    """Each hole may hold separators: between the pieces around it there may be more."""
    pieces: list[list[str | Unknown]] = [[]]
    for part in parts:
        if isinstance(part, Unknown):
            pieces[-1].append(part)
            continue
        first, *others = part.split(separator)
        pieces[-1].append(first)
        pieces += [[other] for other in others]
    items: list[Value | Perhaps] = []
    for piece in pieces:
        items += _split_piece(call, piece)
    return List(tuple(items), call.at, STRING)


def _split_piece(call: Call, piece: list[str | Unknown]) -> list[Value | Perhaps]:
    """The first and the last part of a piece, with any number of others between them if a hole has separators."""
    holes = [part for part in piece if isinstance(part, Unknown)]
    if not holes:
        return [text_of(piece, call.at)]
    first, last = piece.index(holes[0]), len(piece) - 1 - piece[::-1].index(holes[-1])
    start, end = text_of(piece[: first + 1], call.at), text_of(piece[last:], call.at)
    if start == end:
        return [start, Perhaps(start, many=True)]
    return [start, Perhaps(holes[0], many=True), Perhaps(end)]


@function(FUNCTIONS, STRING, STRING, STRING, returns=STRING)
def _replace(call: Call, value: Value, search: Value, replacement: Value) -> Value:
    pattern, new, text = known_text(search), known_text(replacement), known_text(value)
    if pattern is None or new is None:
        call.doubt()
        return call.unknown(STRING, search, replacement)
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return _replaced_pattern(call, text, pattern[1:-1], new, value)
    if text is None:
        return _replaced_parts(call, list(texts(value)), pattern, new)
    if (text.count(pattern) if pattern else len(text) + 1) * len(new) > longest():
        return call.unknown(STRING)
    return call.string(text.replace(pattern, new))


def _replaced_pattern(call: Call, text: str | None, pattern: str, new: str, value: Value) -> Value:
    try:
        program = compile_pattern(pattern)
    except PatternError as error:
        raise FunctionError(str(error)) from None
    if text is None:
        return call.unknown(STRING, value)
    replaced = program.replaced(text, new, call.evaluation.spend)
    return call.unknown(STRING) if replaced is None else call.string(replaced)


def _replaced_parts(call: Call, parts: list[str | Unknown], search: str, new: str) -> Value:
    """Replace in known parts; one in which a match may reach into a hole becomes part of the hole."""
    unknown = next(part for part in parts if isinstance(part, Unknown))
    if not search:
        return call.unknown(STRING, unknown)
    last = len(parts) - 1
    replaced: list[str | Unknown] = []
    for position, part in enumerate(parts):
        if not isinstance(part, str):
            replaced.append(part)
        elif _reaches(part, search, before=position > 0, after=position < last):
            replaced.append(unknown)
        else:
            replaced.append(part.replace(search, new))
    return text_of(replaced, call.at)


def _reaches(part: str, search: str, *, before: bool, after: bool) -> bool:
    """Whether a match may begin in this part and end in the hole after it, or the other way round."""
    splits = range(1, len(search))
    return (
        (after and any(part.endswith(search[:count]) for count in splits))
        or (before and any(part.startswith(search[count:]) for count in splits))
        or (before and after and part in search)
    )
