"""How long something lasts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.thresholds import lasting, seconds_of, unknown_because
from agentreach_reports.visible import visible

if TYPE_CHECKING:
    from agentreach.identity import Credential


def lasts(held: Credential) -> str:
    """How long a credential lasts, in words; of what is not known, why."""
    because = unknown_because(held)
    return lasting(seconds_of(held)) + (f" ({visible(because)})" if because else "")
