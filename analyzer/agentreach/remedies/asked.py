"""What remedies ask for, in the words of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.findings import Remedy

AUTOMOUNT = "automountServiceAccountToken"
IN_OPENAPI = "x-requireConfirmation"
ON_THE_ACCOUNT = f"set {AUTOMOUNT}: false on the service account it runs as"
ASK = "name the tool's operations, and say there which of them a person confirms"
STATEMENT = frozenset({"Effect", "Principal"})
"""Keys by which a statement of a trust or resource policy is known."""
OF_IDENTITY = frozenset({"Effect", "Action"})
"""Keys by which a statement of an identity's policy is known."""
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_OF_FUNCTION = frozenset({"name", "description", "parameters", "requireconfirmation"})


def is_function(names: Iterable[str]) -> bool:
    """Whether a mapping with these keys is a function of a Bedrock action group."""
    return {name.replace("_", "").lower() for name in names} <= _OF_FUNCTION


def condition(remedy: Remedy) -> str:
    """The condition as a sentence for who writes it by hand."""
    return f"add the condition {remedy.attribute.replace('.', ' ', 1)} by hand"


def is_statement(remedy: Remedy, names: Iterable[str]) -> bool:
    """Whether a mapping with these keys is the statement that a condition is for: who may come, or what may be done."""
    return set(names) >= (STATEMENT if remedy.value is None else OF_IDENTITY)


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
