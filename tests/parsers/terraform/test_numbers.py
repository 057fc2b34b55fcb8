"""Numbers are binary floats of 512 bits: exact integers, shortest decimals, half to even."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.number_text import sign, text, verb

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**12), max_value=10**12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def parsed(written: str) -> numbers.Real:
    value = numbers.parse(written)
    assert value is not None
    return value


@given(DECIMALS)
def test_a_decimal_reads_back_as_written(decimal: object) -> None:
    written = f"{decimal:f}"
    shown = text(parsed(written))
    assert parsed(shown) == parsed(written)
    assert "e" not in shown
    assert Fraction(shown) == Fraction(written)


@given(st.integers(min_value=-(2**512), max_value=2**512))
def test_integers_of_512_bits_are_exact(value: int) -> None:
    assert text(numbers.rounded(value)) == str(value)


@given(st.fractions(), st.fractions())
def test_rounding_keeps_512_bits_and_the_nearest_value(left: Fraction, right: Fraction) -> None:
    exact = left + right
    rounded = Fraction(numbers.rounded(exact))
    assert abs(rounded - exact) <= abs(exact) / 2**512
    assert numbers.rounded(numbers.rounded(exact)) == rounded


@given(FLOATS, FLOATS)
def test_addition_is_subtraction_undone(left: float, right: float) -> None:
    one, other = numbers.rounded(Fraction(left)), numbers.rounded(Fraction(right))
    assert numbers.add(one, other) == numbers.add(other, one)
    assert numbers.subtract(one, other) == numbers.negate(numbers.subtract(other, one)) or one == other


@given(st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
def test_a_remainder_has_the_sign_of_the_dividend(left: int, right: int) -> None:
    remainder = Fraction(numbers.modulo(left, right))
    assert abs(remainder) < abs(right)
    assert remainder == 0 or (remainder < 0) is (left < 0)
    assert (left - remainder) % right == 0


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1e21", "1000000000000000000000"),
        ("1.0", "1"),
        ("2.50", "2.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+7", "7"),
        ("1p3", "8"),
        ("1e-7", "0.0000001"),
        ("9007199254740993", "9007199254740993"),
        ("-0", "-0"),
        ("1E2", "100"),
    ],
)
def test_text_is_the_shortest_decimal_without_exponent(written: str, shown: str) -> None:
    assert text(parsed(written)) == shown


@pytest.mark.parametrize("written", ["", " 1", "1 ", "0x10", "1_000", "abc", "1e", "--1", "١", "NaN"])
def test_what_is_no_decimal_is_no_number(written: str) -> None:
    assert numbers.parse(written) is None


@pytest.mark.parametrize("written", ["1e999999999", "1e-999999999", "9" * 5000])
def test_numbers_beyond_reason_are_refused_without_making_them(written: str) -> None:
    with pytest.raises(numbers.HugeError):
        numbers.parse(written)


def test_division_by_zero_is_infinite_and_zero_by_zero_undefined() -> None:
    assert numbers.divide(1, 0) == inf
    assert numbers.divide(-1, 0) == -inf
    assert numbers.divide(1, numbers.NEGATIVE_ZERO) == -inf
    for left, right in ((0, 0), (inf, inf)):
        with pytest.raises(numbers.UndefinedError):
            numbers.divide(left, right)
    with pytest.raises(numbers.UndefinedError):
        numbers.multiply(0, inf)
    with pytest.raises(numbers.UndefinedError):
        numbers.subtract(inf, inf)


def test_negative_zero_has_a_sign_and_equals_zero() -> None:
    zero = numbers.negate(0)
    assert zero == 0
    assert sign(zero) == "-"
    assert numbers.add(zero, zero) == 0
    assert sign(numbers.add(zero, zero)) == "-"
    assert sign(numbers.add(zero, 0)) == ""
    assert sign(numbers.multiply(-1, 0)) == "-"
    assert numbers.negate(zero) == 0


def test_a_mantissa_of_64_bits_divides_to_fewer_digits() -> None:
    assert text(numbers.divide(1, 3, 64), 64) == "0.33333333333333333334"


@pytest.mark.parametrize(
    ("value", "letter", "places", "shown"),
    [
        ("1e100", "g", -1, "1e+100"),
        ("1234567", "g", -1, "1.234567e+06"),
        ("123456", "g", -1, "123456"),
        ("0.00001", "g", -1, "1e-05"),
        ("100000", "g", 3, "1e+05"),
        ("2.5", "f", 0, "2"),
        ("3.5", "f", 0, "4"),
        ("999.96", "f", 1, "1000.0"),
        ("12345.678", "e", 6, "1.234568e+04"),
        ("0", "e", 2, "0.00e+00"),
        ("0.04", "f", 1, "0.0"),
        ("0.06", "f", 1, "0.1"),
    ],
)
def test_verbs_write_as_go_does(value: str, letter: str, places: int, shown: str) -> None:
    assert verb(parsed(value), letter, places) == shown


@given(FLOATS.filter(bool), st.integers(0, 20))
def test_verbs_agree_with_python_on_floats(value: float, places: int) -> None:
    exact = numbers.whole(Fraction(value))
    assert verb(exact, "e", places) == f"{abs(value):.{places}e}"
    assert verb(exact, "f", places) == f"{abs(value):.{places}f}"
