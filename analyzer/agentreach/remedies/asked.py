"""What remedies ask for, in the words of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.findings import Remedy

AUTOMOUNT = "automountServiceAccountToken"
IN_OPENAPI = "x-requireConfirmation"
ON_THE_ACCOUNT = f"set {AUTOMOUNT}: false on the service account it runs as"
ASK = "name the tool's operations, and say there which of them a person confirms"


def path(attribute: str) -> tuple[str, ...]:
    """The names on the way to an attribute; the key of an annotation holds dots of its own."""
    return (attribute,) if "/" in attribute else tuple(attribute.split("."))


def same(written: str, wanted: str) -> bool:
    """The same attribute as each language spells it."""
    return written.replace("_", "").lower() == wanted.replace("_", "").lower()


def lifetimes(remedy: Remedy) -> tuple[float, float]:
    """What holds now and what shall hold, in seconds."""
    assert isinstance(remedy.value, tuple)
    now, then = remedy.value
    return float(now), float(then)
