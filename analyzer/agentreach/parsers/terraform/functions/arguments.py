"""Numbers that functions take as arguments, in the forms that their implementations need."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.specification import FunctionError
from agentreach.parsers.terraform.numbers import is_infinite

if TYPE_CHECKING:
    from agentreach.parsers.terraform.numbers import Real
    from agentreach.parsers.terraform.values import Number

_INT64 = 1 << 63


def whole(number: Number) -> int:
    """The argument as an integer of 64 bits; anything else is an error."""
    value = number.value
    if value == 0:
        return 0
    if not isinstance(value, int) or not -_INT64 <= value < _INT64:
        raise FunctionError("a whole number is required")
    return value


def integer(number: Number) -> int:
    """The argument as an integer of any size."""
    if number.value == 0:
        return 0
    if not isinstance(number.value, int):
        raise FunctionError("a whole number is required")
    return number.value


def real(number: Number) -> float:
    """The argument as a float of 64 bits."""
    try:
        return float(number.value)
    except OverflowError:
        raise FunctionError("the number is too large") from None


def from_float(value: float) -> Real:
    """The exact number that a float is."""
    if is_infinite(value) or value == 0:
        return value if is_infinite(value) or str(value) == "-0.0" else 0
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact
