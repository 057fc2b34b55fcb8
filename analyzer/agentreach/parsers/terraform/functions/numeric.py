"""Functions on numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.arguments import from_float, real, whole
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.floats import logarithm, power
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.types import DYNAMIC, NUMBER
from agentreach.parsers.terraform.values import (
    SEQUENCES,
    Encoded,
    Null,
    Number,
    Partial,
    String,
    Unknown,
    Value,
    is_known,
)

if TYPE_CHECKING:
    from agentreach.parsers.terraform.numbers import Real

FUNCTIONS: dict[str, Function] = {}
_FLOAT = 53
_INTEGER = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@function(FUNCTIONS, NUMBER, returns=NUMBER, sure=True)
def _abs(call: Call, number: Number) -> Value:
    value = number.value
    return call.number(numbers.negate(value) if numbers.is_negative(value) else value, number.precision)


@function(FUNCTIONS, NUMBER, returns=NUMBER, sure=True)
def _ceil(call: Call, number: Number) -> Value:
    return _rounded(call, number, math.ceil)


@function(FUNCTIONS, NUMBER, returns=NUMBER, sure=True)
def _floor(call: Call, number: Number) -> Value:
    return _rounded(call, number, math.floor)


def _rounded(call: Call, number: Number, direction: object) -> Value:
    value = number.value
    if numbers.is_infinite(value) or isinstance(value, int):
        return number
    return call.number(0 if value == 0 else direction(value), number.precision)  # type: ignore[operator]


@function(FUNCTIONS, NUMBER, NUMBER, returns=NUMBER)
def _log(call: Call, number: Number, base: Number) -> Value:
    dividend, divisor = logarithm(real(number)), logarithm(real(base))
    if math.isnan(dividend) or math.isnan(divisor) or (dividend == 0 == divisor):
        raise FunctionError("there is no such logarithm")
    value = math.copysign(math.inf, dividend) if divisor == 0 else dividend / divisor
    if math.isnan(value):
        raise FunctionError("there is no such logarithm")
    return call.number(from_float(value), _FLOAT)


@function(FUNCTIONS, NUMBER, NUMBER, returns=NUMBER)
def _pow(call: Call, number: Number, exponent: Number) -> Value:
    value = power(real(number), real(exponent))
    if math.isnan(value):
        raise FunctionError("there is no such power")
    return call.number(from_float(value), _FLOAT)


@function(FUNCTIONS, rest=NUMBER, returns=NUMBER)
def _max(call: Call, *given: Number) -> Value:
    return _extreme(call, given, largest=True)


@function(FUNCTIONS, rest=NUMBER, returns=NUMBER)
def _min(call: Call, *given: Number) -> Value:
    return _extreme(call, given, largest=False)


def _extreme(call: Call, given: tuple[Number, ...], *, largest: bool) -> Value:
    if not given:
        return call.failure("at least one number is required")
    return (max if largest else min)(given, key=lambda number: number.value)


@function(FUNCTIONS, NUMBER, returns=NUMBER)
def _signum(call: Call, number: Number) -> Value:
    value = whole(number)
    return call.number((value > 0) - (value < 0), _INTEGER)


@function(FUNCTIONS, DYNAMIC, NUMBER, returns=NUMBER)
def _parseint(call: Call, text: Value, base: Number) -> Value:
    radix = whole(base)
    if not 2 <= radix <= len(_DIGITS):  # noqa: PLR2004 - the smallest base
        raise FunctionError("the base must be between 2 and 62")
    if isinstance(text, Partial | Encoded):
        call.doubt()
        return call.unknown(NUMBER, text)
    if not isinstance(text, String):
        raise FunctionError("the first argument must be a string")
    value = _parsed(text.text, radix)
    return call.number(value, max(value.bit_length(), _INTEGER))


def _parsed(text: str, radix: int) -> int:
    digits = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    folded = digits.lower() if radix <= 36 else digits  # noqa: PLR2004 - digits and one alphabet
    allowed = _DIGITS[:radix]
    if not folded or any(digit not in allowed for digit in folded):
        raise FunctionError(f"not an integer of base {radix}")
    if len(folded) > numbers.DIGITS:
        raise numbers.HugeError
    value = 0
    for digit in folded:
        value = value * radix + allowed.index(digit)
    return -value if text.startswith("-") else value


@function(FUNCTIONS, DYNAMIC, returns=NUMBER)
def _sum(call: Call, values: Value) -> Value:
    if not isinstance(values, SEQUENCES):
        raise FunctionError("a list, set or tuple is required")
    if not values.items:
        raise FunctionError("there is nothing to add")
    if not is_known(values):
        call.doubt()
        return call.unknown(NUMBER, *values.items)  # type: ignore[arg-type]  # a Perhaps has no reason
    return _added(call, [convert(item, NUMBER) for item in values.items])  # type: ignore[arg-type]


def _added(call: Call, terms: list[Value]) -> Value:
    total: Real = 0
    precision = 0
    for position, term in enumerate(terms):
        if not isinstance(term, Number):
            what = "null is not a number" if isinstance(term, Null) else "all elements must be numbers"
            return term if isinstance(term, Unknown) else call.failure(what)
        precision = max(precision, term.precision)
        total = term.value if position == 0 else numbers.add(total, term.value, precision)
    return call.number(total, precision)
