"""Number literals, exactly."""

from __future__ import annotations

from fractions import Fraction

from agentreach.late_regex import late_regex

_DIGITS = 1_500
_NUMERAL = late_regex(r"([0-9]++)(?:\.([0-9]*+))?(?:[eE]([+-]?[0-9]++))?")


def numeral(text: str) -> int | Fraction | None:
    """The value of a number literal; None for none, and beyond 10**1500 or 1,500 digits."""
    if len(text) > _DIGITS:
        return None
    if text.isdigit():
        return int(text)
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return None
    whole, fraction, exponent = match[1], match[2] or "", int(match[3] or "0")
    if abs(exponent) > _DIGITS:
        return None
    value = Fraction(int(whole + fraction)) * Fraction(10) ** (exponent - len(fraction))
    return value.numerator if value.denominator == 1 else value
