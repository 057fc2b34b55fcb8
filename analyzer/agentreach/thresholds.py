"""From which lifetime a credential is long for an agent, and who says so.

The figures are recommendations inferred from the sources named beside them and can be configured; a finding
prints the source. Seconds throughout.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from agentreach.findings import Severity
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.identity import Credential

HOUR = 3600.0
DAY = 24 * HOUR
YEAR = 365 * DAY
_UNITS = ((365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """One class of credentials: above `note`, above `warn`, at or above `high` (`exclusive`: above it).

    `never` is the severity of a credential that never expires; `source` says where the figures come from.
    """

    note: float
    warn: float
    high: float
    source: str
    never: Severity = Severity.HIGH
    exclusive: bool = False

    def level(self, seconds: float) -> Severity | None:
        """Low for a note, medium for a warning, high; None for a lifetime that is fine."""
        if seconds == math.inf:
            return self.never
        if seconds > self.high or (seconds == self.high and not self.exclusive):
            return Severity.HIGH
        if seconds > self.warn:
            return Severity.MEDIUM
        return Severity.LOW if seconds > self.note else None


DEFAULT: Mapping[str, Lifetimes] = {
    "role-session": Lifetimes(
        note=HOUR,
        warn=4 * HOUR,
        high=12 * HOUR,
        exclusive=True,
        source="IAM's default of 1 h and maximum of 12 h; OWASP ASI03:2026; AISVS 1.0 C5.1.2",
    ),
    "access-token": Lifetimes(
        note=HOUR, warn=12 * HOUR, high=DAY, source="MCP authorization specification; OWASP MCP01:2025"
    ),
    "refresh-token": Lifetimes(
        note=DAY, warn=7 * DAY, high=30 * DAY, source="MCP authorization specification (rotate for public clients)"
    ),
    "static-secret": Lifetimes(
        note=0.0, warn=90 * DAY, high=YEAR, source="AWS Security Hub IAM.3; CIS; OWASP NHI7:2025; AISVS 1.0 C9.4.3"
    ),
    "bedrock-api-key": Lifetimes(
        note=12 * HOUR, warn=12 * HOUR, high=YEAR, source="AWS: long-term keys are for exploration only"
    ),
    "vault-token": Lifetimes(note=HOUR, warn=DAY, high=768 * HOUR, source="Vault's system maximum of 768 h"),
    "app-secret": Lifetimes(
        note=90 * DAY, warn=90 * DAY, high=YEAR, exclusive=True, source="CIS; OWASP NHI7:2025 (90 d)"
    ),
    "memory": Lifetimes(
        note=DAY, warn=30 * DAY, high=90 * DAY, exclusive=True, source="OWASP MCP10:2025 (24 h); AISVS 1.0 C8.3"
    ),
    "elevated": Lifetimes(note=HOUR, warn=8 * HOUR, high=math.inf, source="AISVS 1.0 C5.2.6"),
    "idle-session": Lifetimes(note=HOUR / 2, warn=HOUR, high=8 * HOUR, source="AISVS 1.0 C5.1.2"),
}


def seconds_of(credential: Credential) -> float | None:
    """The lifetime in seconds, infinity for never; None when it is not stated or only known at deploy time."""
    if credential.never_expires:
        return math.inf
    return float(credential.ttl) if isinstance(credential.ttl, int | float) else None


def lasting(seconds: float | None) -> str:
    """`12 hours`, `never expires`, `lifetime not known from the code`; the largest unit that divides it."""
    if seconds is None:
        return "lifetime not known from the code"
    if seconds == math.inf:
        return "never expires"
    for size, name in _UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count:,} {name}{'s' if count != 1 else ''}"
    return f"{seconds:g} seconds"


def unknown_because(credential: Credential) -> str:
    """Why a lifetime that is written is not known: negative, absurd, a template, a contradiction; else empty."""
    return "" if credential.never_expires else getattr(credential.ttl, "reason", "")


def level(credential: Credential, table: Mapping[str, Lifetimes] = DEFAULT) -> Severity | None:
    """How long the credential lives by its class; None when that is fine, unknown, or its class has no row.

    A default that nobody wrote counts only when it never expires or is high.
    """
    lifetimes, seconds = table.get(credential.thresholds), seconds_of(credential)
    if lifetimes is None or seconds is None:
        return None
    found = lifetimes.level(seconds)
    if credential.defaulted and found is not Severity.HIGH:
        return None
    return found
