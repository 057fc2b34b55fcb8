from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.lowering.durations import DAY, HOUR, MINUTE, Unit, seconds
from agentreach.model import Key as ResourceKey
from agentreach.model import OneOf, Reference, Scalar, Source, Span, Text, Unknown, Value

AT = Span(Source("a", ""), 0, 0)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def of(value: str | float | None, unit: Unit = Unit.SECONDS) -> float | Unknown | None:
    return seconds(Scalar(value, AT), unit, now=NOW)


@pytest.mark.parametrize(
    ("written", "unit", "expected"),
    [
        (43200, Unit.SECONDS, 12 * HOUR),
        ("43200", Unit.SECONDS, 12 * HOUR),
        (30, Unit.MINUTES, 30 * MINUTE),
        (12, Unit.HOURS, 12 * HOUR),
        (90, Unit.DAYS, 90 * DAY),
        ("PT8H", Unit.ISO_8601, 8 * HOUR),
        ("P1DT2H30M", Unit.ISO_8601, DAY + 2 * HOUR + 30 * MINUTE),
        ("P180D", Unit.SECONDS, 180 * DAY),
        ("8760h", Unit.DURATION, 365 * DAY),
        ("1h30m", Unit.DURATION, 90 * MINUTE),
        ("168h0m0s", Unit.SECONDS, 7 * DAY),
        ("3600s", Unit.SECONDS, HOUR),
        ("1.5h", Unit.SECONDS, 1.5 * HOUR),
        ("01.00:00:00", Unit.DAYS_AND_CLOCK, DAY),
        ("90.12:30:15", Unit.DAYS_AND_CLOCK, 90 * DAY + 12 * HOUR + 30 * MINUTE + 15),
        ("2026-11-02T00:00:00Z", Unit.DATE, DAY),
        ("2026-12-01", Unit.DATE, 30 * DAY),
        (NOW.timestamp() + 60, Unit.EPOCH, MINUTE),
        (0, Unit.SECONDS, 0.0),
    ],
)
def test_every_way_to_write_a_lifetime_is_seconds(written: str | float, unit: Unit, expected: float) -> None:
    assert of(written, unit) == pytest.approx(expected)


def test_a_date_that_has_passed_leaves_nothing() -> None:
    assert of("2020-01-01", Unit.DATE) == 0


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_written_is_nothing(nothing: str | None) -> None:
    assert of(nothing) is None
    assert seconds(None) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (-1, "'-1' is negative"),
        ("-8h", "'-8h' is negative"),
        (10**12, "'1000000000000' is longer than any lifetime"),
        ("${var.ttl}", "'${var.ttl}' is not a lifetime"),
        ("{{ .Values.ttl }}", "'{{ .Values.ttl }}' is not a lifetime"),
        ("soon", "'soon' is not a lifetime"),
        ("P", "'P' is not a lifetime"),
        ("1h30", "'1h30' is not a lifetime"),
        ("nan", "'nan' is not a lifetime"),
        (True, "'true' is not a lifetime"),
    ],
)
def test_what_cannot_be_a_lifetime_is_unknown_with_the_reason(written: str | float, reason: str) -> None:
    found = of(written)
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_unknowns_are_carried() -> None:
    hole = Unknown("variable 'ttl' has no value", AT)
    assert seconds(hole) is hole
    for value in (Text(("1", hole), AT), Reference(ResourceKey(".", "a.b"), "ttl", AT)):
        found = seconds(value)
        assert isinstance(found, Unknown)
        assert found.reason == "the lifetime is only known at deploy time"


def test_a_choice_is_decided_only_when_all_agree() -> None:
    def choice(*values: float) -> Value:
        return OneOf(tuple(Scalar(value, AT) for value in values), AT, "depends on var.stage")

    assert seconds(choice(60, 60)) == 60
    found = seconds(choice(60, 3600))
    assert isinstance(found, Unknown)
    assert found.reason == "depends on var.stage"


@given(st.integers(0, 10_000), st.integers(0, 59), st.integers(0, 59))
def test_go_and_iso_durations_agree(hours: int, minutes: int, rest: int) -> None:
    expected = hours * HOUR + minutes * MINUTE + rest
    assert of(f"{hours}h{minutes}m{rest}s") == expected
    assert of(f"PT{hours}H{minutes}M{rest}S") == expected
    assert of(f"0.{hours % 24:02}:{minutes:02}:{rest:02}") == hours % 24 * HOUR + minutes * MINUTE + rest


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    for unit in Unit:
        of(text, unit)
