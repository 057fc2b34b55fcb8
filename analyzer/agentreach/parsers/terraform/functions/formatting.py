"""`format` and `formatlist`: Go's verbs as go-cty has them; an unknown argument leaves a hole in the text."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform import number_text, numbers
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, Parameter, reason_of
from agentreach.parsers.terraform.graphemes import clusters
from agentreach.parsers.terraform.texts import combined, longest, text_of
from agentreach.parsers.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, ListType
from agentreach.parsers.terraform.values import (
    SEQUENCES,
    Bool,
    Encoded,
    Failure,
    Item,
    List,
    Null,
    Number,
    OneOf,
    Partial,
    Perhaps,
    String,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import as_text, cannot_write, hole, quoted, written_json

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

FUNCTIONS: dict[str, Function] = {}
_ANY = Parameter(DYNAMIC, null=True)
_VERB = late_regex(
    r"%(?:%|(?P<flags>[0#\-+ ]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<places>[0-9]*))?(?:\[(?P<index>[1-9][0-9]*)\])?"
    r"(?P<letter>[a-zA-Z]))"
)
_INTEGERS = frozenset("bodxX")
_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}
_WIDEST = 10_000


class Verb(NamedTuple):
    """One `%…` of a format; width and places are -1 where they are not given."""

    flags: str
    width: int
    places: int
    letter: str


@function(FUNCTIONS, STRING, rest=_ANY, returns=STRING, unknowns=True)
def _format(call: Call, form: Value, *given: Value) -> Value:
    text = as_text(form) if isinstance(form, Encoded) else form
    if not isinstance(text, String):
        call.doubt()
        return call.unknown(STRING, text)
    return combined(list(_formatted(call, text.text, given)), call.at)


def _formatted(call: Call, form: str, given: tuple[Value, ...]) -> Iterator[Value]:
    position = highest = 0
    following = 1
    while (start := form.find("%", position)) >= 0:
        yield call.string(form[position:start])
        match = _VERB.match(form, start)
        if match is None:
            raise FunctionError("the format has a % that is no verb")
        position = match.end()
        if match["letter"] is None:
            yield call.string("%")
            continue
        number = int(match["index"][:9]) if match["index"] else following
        if number > len(given):
            raise FunctionError("there are too few arguments")
        yield _written(call, _verb(match), given[number - 1])
        following = number + 1
        highest = max(highest, number)
    yield call.string(form[position:])
    if highest < len(given):
        raise FunctionError("there are more arguments than verbs")


def _verb(match: re.Match[str]) -> Verb:
    width = int(match["width"][:9]) if match["width"] else -1
    places = -1 if match["places"] is None else int(match["places"][:9] or "0")
    if max(width, places) > _WIDEST:
        raise FunctionError("a width or precision is too large")
    return Verb(match["flags"], width, places, match["letter"])


def _written(call: Call, verb: Verb, value: Value) -> Value:
    write = _WRITERS.get(verb.letter)
    if write is None:
        raise FunctionError(f"the verb %{verb.letter} does not exist")
    if isinstance(value, OneOf):
        results = [_written(call, verb, one) for one in value.alternatives]
        return call.evaluation.distributed(results, call.at, value.reason)
    if isinstance(value, Failure):
        return value
    if isinstance(value, Null) and verb.letter != "v":
        raise FunctionError("null cannot be formatted")
    if isinstance(value, Unknown):
        if value.nullable or verb.letter != "s":
            call.doubt()
        return hole(value.reason, value.at) if verb.width > 0 or verb.places > 0 else _as_hole(value)
    return write(call, verb, value)


def _as_hole(value: Unknown) -> Unknown:
    return Unknown(STRING, value.reason, value.at, value.kind, nullable=False, reference=value.reference)


def _converted(value: Value, type_: object, what: str) -> Value:
    result = convert(value, type_)  # type: ignore[arg-type]  # a type
    if isinstance(result, Failure):
        raise FunctionError(f"a verb needs {what}")
    return result


def _string(call: Call, verb: Verb, value: Value) -> Value:
    text = _converted(value, STRING, "a string")
    if isinstance(text, Encoded):
        text = as_text(text)
    if isinstance(text, Partial):
        return _partial(call, verb, text)
    if not isinstance(text, String):
        return hole(reason_of(text), call.at)
    shown = text.text
    if verb.places > 0:
        shown = "".join(clusters(shown)[: verb.places])
    return call.string(_padded(verb, quoted(shown) if verb.letter == "q" else shown))


def _partial(call: Call, verb: Verb, value: Partial) -> Value:
    if verb.width > 0 or verb.places > 0:
        return hole(reason_of(value), call.at)
    if verb.letter == "q":
        return text_of(
            ('"', *(quoted(part)[1:-1] if isinstance(part, str) else part for part in value.parts), '"'), call.at
        )
    return value


def _padded(verb: Verb, text: str) -> str:
    missing = verb.width - len(clusters(text)) if verb.width >= 0 else 0
    if missing <= 0:
        return text
    pad = ("0" if "0" in verb.flags else " ") * missing
    return text + pad if "-" in verb.flags else pad + text


def _as_is(call: Call, verb: Verb, value: Value) -> Value:
    if "#" not in verb.flags:
        if isinstance(value, String | Partial | Encoded):
            return _string(call, verb._replace(places=-1), value)
        if isinstance(value, Number):
            written = number_text.verb(value.value, "g", -1, value.precision)
            sign = "+" if value.value == math.inf else number_text.sign(value.value)
            return call.string(_padded(verb, sign + written))
    if (failure := cannot_write(value)) is not None:
        raise FunctionError(failure.message)
    text = text_of(list(written_json(value)), call.at)
    return call.string(_padded(verb, text.text)) if isinstance(text, String) else text


def _truth(call: Call, _: Verb, value: Value) -> Value:
    truth = _converted(value, BOOL, "a bool")
    return (
        call.string("true" if truth.value else "false") if isinstance(truth, Bool) else hole(reason_of(truth), call.at)
    )


def _number(call: Call, verb: Verb, value: Value) -> Value:
    number = _converted(value, NUMBER, "a number")
    if not isinstance(number, Number):
        return hole(reason_of(number), call.at)
    write = _integer if verb.letter in _INTEGERS else _real
    return call.string(write(verb, number))


def _integer(verb: Verb, number: Number) -> str:
    value = number.value
    if isinstance(value, Fraction) or numbers.is_infinite(value):
        raise FunctionError("a whole number is required")
    digits = format(abs(int(value)), verb.letter)
    if digits == "0" and verb.places == 0:
        return ""
    sign = "-" if value < 0 else _positive(verb)
    prefix = _PREFIXES.get(verb.letter, "") if "#" in verb.flags else ""
    zeros = max(verb.places - len(digits), 0)
    missing = max(verb.width - len(sign) - len(prefix) - zeros - len(digits), 0)
    if "-" in verb.flags:
        return sign + prefix + "0" * zeros + digits + " " * missing
    if "0" in verb.flags and verb.places < 0:
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + "0" * zeros + digits


def _positive(verb: Verb) -> str:
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _real(verb: Verb, number: Number) -> str:
    letter = verb.letter.lower()
    places = verb.places if verb.places >= 0 or letter == "g" else 6
    text = number_text.verb(number.value, letter, places, number.precision)
    infinite = numbers.is_infinite(number.value)
    text = text.upper() if verb.letter in "EG" and not infinite else text
    sign = number_text.sign(number.value) or _positive(verb)
    if infinite and not sign:
        sign = "+"
    missing = max(verb.width - len(sign) - len(text), 0)
    if "-" in verb.flags:
        return sign + text + " " * missing
    if "0" in verb.flags and not infinite:
        return sign + "0" * missing + text
    return " " * missing + sign + text


_WRITERS: dict[str, Callable[[Call, Verb, Value], Value]] = {
    "v": _as_is,
    "t": _truth,
    "s": _string,
    "q": _string,
    **dict.fromkeys("bdoxXeEfFgG", _number),
}


@function(FUNCTIONS, STRING, rest=_ANY, returns=ListType(STRING), unknowns=True)
def _formatlist(call: Call, form: Value, *given: Value) -> Value:
    lists = [value for value in given if isinstance(value, SEQUENCES)]
    unknown = next((value for value in given if _may_be_list(value)), None)
    if unknown is not None or any(isinstance(item, Perhaps) for value in lists for item in value.items):
        return _each_unknown(call, form, given)
    lengths = {len(value.items) for value in lists} or {1}
    if len(lengths) > 1:
        raise FunctionError("the lists have different lengths")
    count = lengths.pop()
    call.evaluation.spend(count)
    results: list[Item] = []
    for position in range(count):
        chosen = [value.items[position] if isinstance(value, SEQUENCES) else value for value in given]
        result = _format(call, form, *chosen)
        if isinstance(result, Failure):
            return result
        results.append(result)
    if sum(len(one.text) for one in results if isinstance(one, String)) > longest():
        return call.unknown(ListType(STRING))
    return List(tuple(results), call.at, STRING)


def _may_be_list(value: Value) -> bool:
    return isinstance(value, Unknown) and not (value.type is STRING or value.type is NUMBER or value.type is BOOL)


def _each_unknown(call: Call, form: Value, given: tuple[Value, ...]) -> Value:
    """One text for all elements of lists whose length is not known."""
    call.doubt()
    chosen: list[Value] = []
    for value in given:
        if isinstance(value, SEQUENCES) or _may_be_list(value):
            chosen.append(hole(reason_of(value) or "elements that may be missing", call.at))
        else:
            chosen.append(value)
    try:
        result = _format(call, form, *chosen)
    except FunctionError as error:
        result = call.failure(str(error))
    # Where the text cannot be made, there are no elements to make it of.
    items = () if isinstance(result, Failure) else (Perhaps(result, many=True),)
    return List(items, call.at, STRING)
