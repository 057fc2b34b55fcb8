"""Number literals, exactly."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from agentreach.late_regex import late_regex

_DIGITS = 1_500
_NUMERAL = late_regex(r"([0-9]++)(?:\.([0-9]*+))?(?:[eE]([+-]?[0-9]++))?")


class Huge(Enum):
    """A number that is one, but is never written out."""

    NUMBER = "a number beyond 10**1500, or of more than 1,500 digits"


def numeral(text: str) -> int | Fraction | Huge | None:
    """The value of a number literal, None for what is none."""
    if text.isdigit() and len(text) <= _DIGITS:
        return int(text)
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return None
    if len(text) > _DIGITS:
        return Huge.NUMBER
    whole, fraction, exponent = match[1], match[2] or "", int(match[3] or "0")
    digits = int(whole + fraction)
    if abs(exponent) > _DIGITS:
        return Huge.NUMBER if digits else 0
    value = Fraction(digits) * Fraction(10) ** (exponent - len(fraction))
    return value.numerator if value.denominator == 1 else value
