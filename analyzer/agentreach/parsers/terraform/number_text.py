"""Numbers as text: the shortest decimal that reads back, and the verbs `e`, `f` and `g`."""

from __future__ import annotations

from fractions import Fraction

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.numbers import PRECISION, Real, exponent_of, is_infinite, is_negative

_SHORTEST = -1
_SHORTEST_G = 6
_SMALLEST_G = -4


class Decimal(NamedTuple):
    """0.digits * 10**point; no zeros at either end of the digits, none at all for zero."""

    digits: str
    point: int


def text(value: Real, precision: int = PRECISION) -> str:
    """The shortest decimal that reads back as this number, never with an exponent."""
    if isinstance(value, float):
        return "-0" if value == 0 else ("-Inf" if value < 0 else "+Inf")
    sign = "-" if value < 0 else ""
    if isinstance(value, int) and value.bit_length() < precision:
        return str(value)
    number = shortest(-value if value < 0 else value, precision)
    return sign + _fixed(number, max(len(number.digits) - number.point, 0))


def shortest(value: int | Fraction, precision: int) -> Decimal:
    """The shortest decimal that no other number of this precision is nearer to."""
    exact = Fraction(value)
    exponent = exponent_of(exact)
    mantissa = exact * Fraction(2) ** (precision - exponent)
    unit = Fraction(2) ** (exponent - precision)
    below = unit / 4 if mantissa == 1 << (precision - 1) else unit / 2
    inclusive = mantissa.numerator % 2 == 0
    digits, point = decimal(exact)
    lower, upper = decimal(exact - below).digits, decimal(exact + unit / 2).digits
    return _shortened(digits, point, lower, upper, inclusive=inclusive)


def decimal(value: Fraction) -> Decimal:
    """Every digit of the number."""
    if value == 0:
        return Decimal("", 0)
    places = value.denominator.bit_length() - 1
    digits = str(value.numerator * 5**places)
    return Decimal(digits.rstrip("0"), len(digits) - places)


def _shortened(digits: str, point: int, lower: str, upper: str, *, inclusive: bool) -> Decimal:
    for index, digit in enumerate(digits):
        low = lower[index] if index < len(lower) else "0"
        high = upper[index] if index < len(upper) else "0"
        down = low != digit or (inclusive and index + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or index + 1 < len(upper))
        if down and up:
            return nearest(Decimal(digits, point), index + 1)
        if down:
            return Decimal(digits[: index + 1].rstrip("0"), point)
        if up:
            return _incremented(digits[: index + 1], point)
    return Decimal(digits, point)


def nearest(number: Decimal, count: int) -> Decimal:
    """The digits rounded to so many, half to even."""
    digits, point = number
    if count >= len(digits):
        return Decimal(digits, point)
    if count < 0:
        return Decimal("", 0)
    rest = digits[count:]
    odd = count > 0 and int(digits[count - 1]) % 2 == 1
    up = rest[0] > "5" or (rest[0] == "5" and (len(rest) > 1 or odd))
    return _incremented(digits[:count], point) if up else _trimmed(digits[:count], point)


def _trimmed(digits: str, point: int) -> Decimal:
    digits = digits.rstrip("0")
    return Decimal(digits, point) if digits else Decimal("", 0)


def _incremented(digits: str, point: int) -> Decimal:
    kept = digits.rstrip("9")
    if not kept:
        return Decimal("1", point + 1)
    return Decimal(kept[:-1] + str(int(kept[-1]) + 1), point)


def verb(value: Real, letter: str, places: int, precision: int = PRECISION) -> str:
    """The number as `%e`, `%f` or `%g` write it, without sign; `places` is -1 for as many as needed."""
    if isinstance(value, float) and is_infinite(value):
        return "Inf"
    magnitude = 0 if isinstance(value, float) else -value if value < 0 else value
    if places == _SHORTEST:
        number = shortest(magnitude, precision) if magnitude else Decimal("", 0)
        return _VERBS[letter](number, _needed(number, letter), is_shortest=True)
    number = decimal(Fraction(magnitude))
    count = {"e": places + 1, "f": number.point + places, "g": max(places, 1)}[letter]
    return _VERBS[letter](nearest(number, count), max(places, 1) if letter == "g" else places, is_shortest=False)


def sign(value: Real) -> str:
    """The minus sign of a negative number, zero included."""
    return "-" if is_negative(value) else ""


def _needed(number: Decimal, letter: str) -> int:
    if letter == "f":
        return max(len(number.digits) - number.point, 0)
    return max(len(number.digits) - (letter == "e"), 0)


def _fixed(number: Decimal, places: int, *, is_shortest: bool = False) -> str:  # noqa: ARG001 - one signature
    digits, point = number
    whole = digits[:point].ljust(point, "0") if point > 0 else "0"
    if places <= 0:
        return whole
    part = ("0" * -point + digits if point <= 0 else digits[point:])[:places]
    return f"{whole}.{part.ljust(places, '0')}"


def _scientific(number: Decimal, places: int, *, is_shortest: bool = False) -> str:  # noqa: ARG001 - one signature
    digits = number.digits or "0"
    exponent = number.point - 1 if number.digits else 0
    part = digits[1 : places + 1].ljust(places, "0")
    return f"{digits[0]}{'.' if places > 0 else ''}{part}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: Decimal, places: int, *, is_shortest: bool) -> str:
    count = len(number.digits)
    threshold = count if places > count >= number.point else places
    exponent = number.point - 1
    if exponent < _SMALLEST_G or exponent >= (_SHORTEST_G if is_shortest else threshold):
        return _scientific(number, min(places, count) - 1)
    return _fixed(number, max(count - number.point, 0))


_VERBS = {"e": _scientific, "f": _fixed, "g": _general}
