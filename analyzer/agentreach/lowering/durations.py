"""Lifetimes in seconds, whatever unit the attribute counts in.

Every provider writes time differently, the same provider by attribute: plain numbers of seconds,
minutes, hours or days, ISO 8601, Go durations, "3600s", DD.HH:MM:SS, dates. What cannot be a lifetime
(negative, longer than two centuries, a template) is unknown with the reason, never a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from os import environ
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import OneOf, Reference, Scalar, Text, Unknown, string

if TYPE_CHECKING:
    from agentreach.model import Value

MINUTE = 60.0
HOUR = 3_600.0
DAY = 86_400.0
YEAR = 365 * DAY
LONGEST = 200 * YEAR


class Unit(StrEnum):
    """What a bare number counts, or how the text is written."""

    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "days"
    ISO_8601 = "iso-8601"
    DURATION = "duration"
    DAYS_AND_CLOCK = "dd.hh:mm:ss"
    DATE = "date"
    EPOCH = "epoch"


_SCALE = {Unit.SECONDS: 1.0, Unit.MINUTES: MINUTE, Unit.HOURS: HOUR, Unit.DAYS: DAY}
_ISO_8601 = late_regex(
    r"P(?:(?P<Y>\d+(?:\.\d+)?)Y)?(?:(?P<M>\d+(?:\.\d+)?)M)?(?:(?P<W>\d+(?:\.\d+)?)W)?(?:(?P<D>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<h>\d+(?:\.\d+)?)H)?(?:(?P<m>\d+(?:\.\d+)?)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?\Z",
    re.IGNORECASE,
)
_ISO_SCALE = {"Y": YEAR, "M": 30 * DAY, "W": 7 * DAY, "D": DAY, "h": HOUR, "m": MINUTE, "s": 1.0}
_GO_PART = late_regex(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w|y)")
_GO_SCALE = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": MINUTE,
    "h": HOUR,
    "d": DAY,
    "w": 7 * DAY,
    "y": YEAR,
}
_CLOCK = late_regex(r"(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?\Z")


def seconds(value: Value | None, unit: Unit = Unit.SECONDS, *, now: datetime | None = None) -> float | Unknown | None:
    """Return a written lifetime in seconds; None when nothing is written.

    `unit` says what a bare number counts. A text with its own unit ("24h", "PT1H", "3600s") keeps it.
    A date counts from `now` (UTC by default) and is 0 when it has passed.
    """
    match value:
        case None | Scalar(value=None) | Scalar(value=""):
            return None
        case Scalar():
            return _known(value, unit, now)
        case Unknown():
            return value
        case OneOf():
            return _longest(value, unit, now)
        case Text() | Reference():
            return Unknown("the lifetime is only known at deploy time", value.at)
        case _:
            return Unknown("the lifetime is not a single value", value.at)


def _longest(value: OneOf, unit: Unit, now: datetime | None) -> float | Unknown:
    """Return what all alternatives agree on; a choice between lifetimes is unknown."""
    found = [seconds(one, unit, now=now) for one in value.alternatives]
    first = found[0]
    if isinstance(first, float) and all(one == first for one in found):
        return first
    return Unknown(value.reason or "one of several lifetimes", value.at)


def _known(value: Scalar, unit: Unit, now: datetime | None) -> float | Unknown:
    text = (string(value) or "").strip()
    found = _parsed(text, unit, now)
    if found is None:
        return Unknown(f"{_shown(text)} is not a lifetime", value.at)
    if found < 0:
        return Unknown(f"{_shown(text)} is negative", value.at)
    if found > LONGEST:
        return Unknown(f"{_shown(text)} is longer than any lifetime", value.at)
    return found


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "…")  # noqa: PLR2004 - long enough to recognise


def _parsed(text: str, unit: Unit, now: datetime | None) -> float | None:
    number = _number(text)
    if number is not None and unit is Unit.EPOCH:
        return max(0.0, number - _now(now).timestamp())
    if number is not None:
        return number * _SCALE.get(unit, 1.0)
    if unit in (Unit.DATE, Unit.EPOCH):
        return _until(text, now)
    return _iso_8601(text) if text[:1] in "Pp" else _clock(text) if ":" in text else _go(text)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - not a number


def _iso_8601(text: str) -> float | None:
    match = _ISO_8601.match(text)
    if match is None or not any(match.groups()):
        return None
    return sum(float(amount) * _ISO_SCALE[name] for name, amount in match.groupdict().items() if amount)


def _go(text: str) -> float | None:
    sign, body = (-1.0, text[1:]) if text.startswith("-") else (1.0, text.removeprefix("+"))
    total, position = 0.0, 0
    while position < len(body):
        match = _GO_PART.match(body, position)
        if match is None:
            return None
        total += float(match[1]) * _GO_SCALE[match[2]]
        position = match.end()
    return sign * total if position else None


def _clock(text: str) -> float | None:
    match = _CLOCK.match(text)
    if match is None:
        return None
    days, hours, minutes, rest = (float(group or 0) for group in match.groups())
    return days * DAY + hours * HOUR + minutes * MINUTE + rest


def _until(text: str, now: datetime | None) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - _now(now)).total_seconds())


def _now(now: datetime | None) -> datetime:
    """The moment dates are held against: `SOURCE_DATE_EPOCH` when set, so that runs can be repeated."""
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    return now or (datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC))
