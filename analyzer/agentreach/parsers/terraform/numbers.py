"""Arithmetic as Terraform does it: binary floats with a mantissa of 512 bits, rounded half to even.

A number is an int or a Fraction whose denominator is a power of two; a float stands only for negative zero and the
infinities, which neither of them has. Some functions yield mantissas of 64 or 53 bits, so `precision` is an argument.
"""

from __future__ import annotations

from fractions import Fraction
from math import copysign, inf, isinf

from agentreach.late_regex import late_regex

Real = int | Fraction | float

PRECISION = 512
DIGITS = 1_500
_BITS = 5_000
NEGATIVE_ZERO = -0.0

_DECIMAL = late_regex(
    r"(?P<sign>[+-]?)(?:(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]*))?|\.(?P<only>[0-9]+))"
    r"(?:(?P<base>[eEpP])(?P<exponent>[+-]?[0-9]+))?"
)
_INFINITY = late_regex(r"(?P<sign>[+-]?)[iI]nf")


class UndefinedError(ArithmeticError):
    """The operation has no result, such as zero divided by zero."""


class HugeError(ArithmeticError):
    """The number is beyond 10**1500, or has more digits than that."""


def rounded(value: Real, precision: int = PRECISION) -> Real:
    """The nearest number with a mantissa of so many bits; whole numbers are ints. Raises HugeError."""
    if isinstance(value, int):
        excess = value.bit_length() - precision
        if excess > _BITS:
            raise HugeError
        return value if excess <= 0 else _half_even(value, 1 << excess) << excess
    if isinstance(value, float):
        return value
    if abs(value.numerator.bit_length() - value.denominator.bit_length()) > _BITS:
        raise HugeError
    shift = precision - exponent_of(value)
    scaled = Fraction(_half_even(value.numerator << max(shift, 0), value.denominator << max(-shift, 0)))
    return whole(scaled / (1 << shift) if shift >= 0 else scaled * (1 << -shift))


def whole(value: Real) -> Real:
    """An int where the value is one."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _half_even(numerator: int, denominator: int) -> int:
    quotient, remainder = divmod(abs(numerator), denominator)
    double = 2 * remainder
    if double > denominator or (double == denominator and quotient & 1):
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def exponent_of(value: Fraction) -> int:
    """Return the e with 2**(e-1) <= |value| < 2**e."""
    numerator, denominator = abs(value.numerator), value.denominator
    guess = numerator.bit_length() - denominator.bit_length()
    scaled = numerator << max(-guess, 0), denominator << max(guess, 0)
    return guess + 1 if scaled[0] >= scaled[1] else guess


def is_negative(value: Real) -> bool:
    """True below zero and for negative zero."""
    return copysign(1, value) < 0 if isinstance(value, float) else value < 0


def negate(value: Real) -> Real:
    """The number with the other sign; zero has one too."""
    return NEGATIVE_ZERO if value == 0 and not is_negative(value) else (0 if value == 0 else -value)


def add(left: Real, right: Real, precision: int = PRECISION) -> Real:
    """The sum. Raises UndefinedError for opposing infinities."""
    if isinstance(left, float) or isinstance(right, float):
        return _special_sum(left, right)
    return rounded(whole(left + right), precision)


def _special_sum(left: Real, right: Real) -> Real:
    if is_infinite(left) and is_infinite(right) and is_negative(left) != is_negative(right):
        raise UndefinedError("infinity minus infinity")
    if is_infinite(left) or is_infinite(right):
        return left if is_infinite(left) else right
    if left == 0 and right == 0:
        return NEGATIVE_ZERO if is_negative(left) and is_negative(right) else 0
    return right if left == 0 else left


def subtract(left: Real, right: Real, precision: int = PRECISION) -> Real:
    """The difference. Raises UndefinedError for an infinity minus itself."""
    return add(left, negate(right), precision)


def multiply(left: Real, right: Real, precision: int = PRECISION) -> Real:
    """The product. Raises UndefinedError for zero times infinity."""
    if is_infinite(left) or is_infinite(right):
        if left == 0 or right == 0:
            raise UndefinedError("zero times infinity")
        return _signed(inf, left, right)
    if left == 0 or right == 0:
        return _signed(0, left, right)
    return rounded(whole(Fraction(left) * Fraction(right)), max(precision, PRECISION))


def divide(left: Real, right: Real, precision: int = PRECISION) -> Real:
    """The quotient; by zero it is infinite. Raises UndefinedError for zero or infinity divided by itself."""
    if (left == 0 and right == 0) or (is_infinite(left) and is_infinite(right)):
        raise UndefinedError("zero divided by zero")
    if right == 0 or is_infinite(left):
        return _signed(inf, left, right)
    if left == 0 or is_infinite(right):
        return _signed(0, left, right)
    return rounded(whole(Fraction(left) / Fraction(right)), precision)


def modulo(left: Real, right: Real, precision: int = PRECISION) -> Real:
    """The remainder of a division rounded towards zero: it has the sign of `left`, and is `left` itself for zero."""
    if is_infinite(left) or is_infinite(right):
        return multiply(left, right)
    if right == 0:
        return left
    quotient = truncated(divide(left, right, precision))
    return subtract(left, rounded(whole(Fraction(right) * quotient), precision), precision)


def truncated(value: Real) -> int:
    """The whole part of a finite number."""
    return int(value)


def _signed(magnitude: Real, left: Real, right: Real) -> Real:
    return negate(magnitude) if is_negative(left) != is_negative(right) else magnitude


def is_infinite(value: Real) -> bool:
    """True for both infinities."""
    return isinstance(value, float) and isinf(value)


def parse(text: str) -> Real | None:
    """The number a string holds, None if it holds none. Raises HugeError for an exponent beyond reason."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        infinite = _INFINITY.fullmatch(text)
        return None if infinite is None else (-inf if infinite["sign"] == "-" else inf)
    part = match["only"] or match["part"] or ""
    digits = (match["whole"] or "") + part
    if len(digits) > DIGITS:
        raise HugeError
    value = rounded(whole(_scaled(int(digits), match["base"], match["exponent"], len(part))))
    return negate(value) if match["sign"] == "-" else value


def _scaled(mantissa: int, base: str | None, exponent: str | None, places: int) -> Fraction:
    power = min(int(exponent[:9]), DIGITS + 1) if exponent else 0
    if abs(power) > DIGITS:
        raise HugeError
    ten, two = (power, 0) if base in ("e", "E") else (0, power)
    return Fraction(mantissa) * Fraction(10) ** (ten - places) * Fraction(2) ** two
