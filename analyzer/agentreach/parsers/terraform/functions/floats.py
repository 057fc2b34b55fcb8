"""`log` and `pow` on floats of 64 bits, rounded as Go rounds them; the C library differs in the last digit.

The logarithm is FreeBSD's e_log.c, as in Go's math package.
"""

from __future__ import annotations

import math

from agentreach.parsers.terraform.functions.specification import UndecidedError

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)
_MOST = 1 << 12


def logarithm(value: float) -> float:
    """The natural logarithm; not a number below zero."""
    if value == 0 or math.isinf(value):
        return -math.inf if value == 0 else value if value > 0 else math.nan
    if value < 0:
        return math.nan
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction *= 2
        exponent -= 1
    part = fraction - 1
    s = part / (2 + part)
    s2 = s * s
    s4 = s2 * s2
    odd = s2 * (_ODD[0] + s4 * (_ODD[1] + s4 * (_ODD[2] + s4 * _ODD[3])))
    even = s4 * (_EVEN[0] + s4 * (_EVEN[1] + s4 * _EVEN[2]))
    half = 0.5 * part * part
    return exponent * _LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * _LN2_LOW)) - part)


def power(base: float, exponent: float) -> float:
    """The base to the power of the exponent; not a number for a root of a negative base."""
    if exponent == 0 or base == 1:
        return 1.0
    if base == 0 or math.isinf(base) or math.isinf(exponent) or math.isnan(base):
        return _special_power(base, exponent)
    if abs(exponent) == 0.5:  # noqa: PLR2004 - the square root
        return math.nan if base < 0 else math.sqrt(base) ** (1 if exponent > 0 else -1)
    part, whole = math.modf(abs(exponent))
    if not part:
        return _whole_power(base, int(whole), 1.0, negative=exponent < 0)
    if base < 0:
        return math.nan
    raise UndecidedError("the last digit of this power depends on the processor")


def _special_power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        odd = exponent == int(exponent) and int(exponent) % 2 == 1
        return math.copysign(math.inf, base) if odd else math.inf


def _whole_power(base: float, count: int, result: float, *, negative: bool) -> float:
    fraction, exponent = math.frexp(base)
    scale = 0
    while count:
        if abs(exponent) > _MOST:
            scale += exponent
            break
        if count & 1:
            result *= fraction
            scale += exponent
        fraction *= fraction
        exponent *= 2
        if fraction < 0.5:  # noqa: PLR2004 - normalised
            fraction *= 2
            exponent -= 1
        count >>= 1
    if negative:
        result, scale = 1 / result, -scale
    try:
        return math.ldexp(result, scale)
    except OverflowError:
        return math.copysign(math.inf, result)
