"""Lifetimes as custom resources write them: Go durations and points in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Unknown, string

if TYPE_CHECKING:
    from agentreach.model import Value

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3_600.0}
_PART = late_regex(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)(ns|us|µs|ms|s|m|h)")
_LONGEST = 64


def go_duration(text: str) -> float | None:
    """Seconds of a Go duration ("1h30m", "720h", "0"); None for anything else. Days do not exist there."""
    if text in {"0", "+0", "-0"}:
        return 0.0
    sign, body = (-1.0, text[1:]) if text.startswith("-") else (1.0, text.removeprefix("+"))
    if not body or len(body) > _LONGEST:
        return None
    total, end = 0.0, 0
    while end < len(body):
        part = _PART.match(body, end)
        if part is None:
            return None
        total += float(part[1]) * _UNITS[part[2]]
        end = part.end()
    return sign * total


def lifetime(written: Value | None, default: float | None) -> float | Unknown | None:
    """Seconds of a Go duration; the default where nothing is written; Unknown for what no controller accepts."""
    if written is None:
        return default
    text = string(written)
    seconds = None if text is None else go_duration(text.strip())
    if seconds is None:
        return Unknown("the lifetime is not a duration such as 1h30m", written.at)
    if seconds < 0:
        return Unknown("the lifetime is negative", written.at)
    return seconds


def is_point_in_time(value: Value | None) -> bool:
    """Whether a value is an RFC 3339 time."""
    text = string(value)
    if text is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
