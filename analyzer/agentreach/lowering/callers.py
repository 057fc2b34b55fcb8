"""What an address asks of those who call it: nothing, or who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Confidence, Setting

if TYPE_CHECKING:
    from agentreach.model import Key, Span


def unasked(subject: Key, at: Span, note: str) -> Setting:
    """An address without a declared authenticator: less sure, as what is behind it may ask by itself."""
    return Setting(
        subject=subject,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=True,
        at=at,
        note=note,
        confidence=Confidence.MEDIUM,
    )


def asked(subject: Key, at: Span, note: str) -> Setting:
    """An address that lets in only whom it knows, or where it lists them."""
    return Setting(subject=subject, aspect=Aspect.ANONYMOUS_INBOUND, state=False, at=at, note=note)
