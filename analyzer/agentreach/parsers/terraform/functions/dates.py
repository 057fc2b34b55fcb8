"""Functions on timestamps (RFC 3339) that are given; what depends on the current time is unknown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.parsers.terraform.functions.declaring import pure
from agentreach.parsers.terraform.functions.specification import Function, FunctionError, UndecidedError
from agentreach.parsers.terraform.types import NUMBER, STRING

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: dict[str, Function] = {}
_RFC3339 = late_regex(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_ALMOST = late_regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION = late_regex(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_FORMAT = late_regex(r"'(?:[^']|'')*'?|([A-Za-z])\1*|[^'A-Za-z]+", re.ASCII)
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NOON = 12


def parse(text: str, *, lenient: bool = False) -> datetime:
    """The moment that a timestamp stands for, to a microsecond."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        if lenient and _ALMOST.fullmatch(text):
            raise UndecidedError("a timestamp that not all of Go's parsers accept")
        raise FunctionError("not an RFC 3339 timestamp")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    zone = UTC if match[8] else _zone(match[9], int(match[10]), int(match[11]), lenient=lenient)
    try:
        return datetime(year, month, day, hour, minute, second, int((match[7] or "")[:6].ljust(6, "0")), zone)
    except ValueError:
        raise FunctionError("not an RFC 3339 timestamp: a part is out of range") from None


def _zone(sign: str, hours: int, minutes: int, *, lenient: bool) -> timezone:
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - a clock
        if lenient and hours <= 24 and minutes <= 60:  # noqa: PLR2004 - Go's bounds
            raise UndecidedError("an offset that not all of Go's parsers accept")
        raise FunctionError("not an RFC 3339 timestamp: the offset is out of range")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def _offset(moment: datetime, separator: str) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{separator}{abs(minutes) % 60:02d}"


def _written(moment: datetime) -> str:
    zone = "Z" if not moment.utcoffset() else _offset(moment, ":")
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}{zone}"


@pure(FUNCTIONS, STRING, STRING)
def _timeadd(timestamp: str, duration: str) -> str:
    moment = parse(timestamp)
    nanoseconds = _duration(duration)
    try:
        return _written(moment + timedelta(microseconds=nanoseconds // 1000))
    except OverflowError:
        raise UndecidedError("a year before 1 or after 9999") from None


def _duration(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total = Fraction(0)
    position = 0
    while position < len(rest):
        match = _DURATION.match(rest, position)
        if match is None or match.end() - position > 32:  # noqa: PLR2004 - more digits than nanoseconds have
            raise FunctionError("not a duration")
        total += Fraction("0" + match[1].rstrip(".")) * _NANOSECONDS[match[2]]
        position = match.end()
    if not rest or total >= 1 << 63:
        raise FunctionError("not a duration")
    return sign * int(total)


@pure(FUNCTIONS, STRING, STRING, returns=NUMBER)
def _timecmp(one: str, other: str) -> int:
    first, second = parse(one, lenient=True), parse(other, lenient=True)
    return (first > second) - (first < second)


@pure(FUNCTIONS, STRING, STRING)
def _formatdate(form: str, timestamp: str) -> str:
    moment = parse(timestamp)
    return "".join(_formatted(match[0], moment) for match in _FORMAT.finditer(form))


def _formatted(token: str, moment: datetime) -> str:
    if token.startswith("'"):
        if len(token) == 1 or not token.endswith("'"):
            raise FunctionError("a quoted part of the format is not closed")
        return token[1:-1].replace("''", "'") or "'"
    if not token[0].isascii() or not token[0].isalpha():
        return token
    write = _VERBS.get(token)
    if write is None:
        raise FunctionError(f"the format has no verb {token[:8]}")
    return write(moment)


def _hour12(moment: datetime) -> int:
    return moment.hour % _NOON or _NOON


def _named_zone(moment: datetime) -> str:
    text = _offset(moment, "")
    return "UTC" if text == "+0000" else text


_VERBS: dict[str, Callable[[datetime], str]] = {
    "YY": lambda moment: f"{moment.year % 100:02d}",
    "YYYY": lambda moment: f"{moment.year:04d}",
    "M": lambda moment: str(moment.month),
    "MM": lambda moment: f"{moment.month:02d}",
    "MMM": lambda moment: _MONTHS[moment.month - 1][:3],
    "MMMM": lambda moment: _MONTHS[moment.month - 1],
    "D": lambda moment: str(moment.day),
    "DD": lambda moment: f"{moment.day:02d}",
    "EEE": lambda moment: _DAYS[moment.weekday()][:3],
    "EEEE": lambda moment: _DAYS[moment.weekday()],
    "h": lambda moment: str(moment.hour),
    "hh": lambda moment: f"{moment.hour:02d}",
    "H": lambda moment: str(_hour12(moment)),
    "HH": lambda moment: f"{_hour12(moment):02d}",
    "AA": lambda moment: "AM" if moment.hour < _NOON else "PM",
    "aa": lambda moment: "am" if moment.hour < _NOON else "pm",
    "m": lambda moment: str(moment.minute),
    "mm": lambda moment: f"{moment.minute:02d}",
    "s": lambda moment: str(moment.second),
    "ss": lambda moment: f"{moment.second:02d}",
    "Z": lambda moment: "Z" if not moment.utcoffset() else _offset(moment, ":"),
    "ZZZ": _named_zone,
    "ZZZZ": lambda moment: _offset(moment, ""),
    "ZZZZZ": lambda moment: _offset(moment, ":"),
}
