"""Values as people read them, and as shapes that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.model import Encoded, Kind, ListValue, MapValue, OneOf, Reference, Scalar, Text, Unknown, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.model import Value

_SHOWN: Final = 3

HOLE = "\0"
"""Stands for a part only known at deploy time in a `pattern`; no declared text can contain it."""


class Arn(NamedTuple):
    """The six parts of an ARN; a part that is only known at deploy time holds `HOLE`."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def name(self) -> str:
        """The last path segment of the resource: "ops" of "role/path/ops"."""
        return self.resource.rpartition("/")[2] if "/" in self.resource else self.resource.rpartition(":")[2]


def spell(value: Value | None) -> str:
    """A value for people: `…` for what is only known at deploy time, `${address.attribute}` for references.

    A partition that the code leaves open is shown as the usual one.
    """
    match value:
        case None:
            return ""
        case Scalar():
            return string(value) or ""
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else spell(part) for part in parts)
        case Reference(key=key, attribute=attribute):
            return f"${{{key.address}.{attribute}}}"
        case Unknown(kind=kind):
            return "aws" if kind is Kind.PARTITION else "…"
        case Encoded(value=inner):
            return spell(inner)
        case OneOf(alternatives=several) | ListValue(items=several):
            return " or ".join(dict.fromkeys(map(spell, several)))
        case MapValue():
            return "{…}"


def called(text: str) -> str:
    """A spelled value in a sentence: what a reference refers to, without the attribute that is read of it."""
    alone = text.startswith("${") and text.endswith("}") and text.count("${") == 1
    return text[2:-1].rpartition(".")[0] if alone and "." in text else text


def resources_said(resources: Iterable[str]) -> tuple[str, ...]:
    """Resources for a sentence: one of which the code says nothing is said so, not shown as a hole."""
    return tuple("a resource only known at deploy time" if not one.strip("…") else one for one in resources)


def listed(items: Iterable[str]) -> str:
    """`a, b and c`; of more than three the first three and how many more."""
    names = list(items)
    if len(names) > _SHOWN:
        return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""


def pattern(value: Value | None) -> str | None:
    """Text in which every unknown run is one `HOLE`; None for structures, null and nothing known at all."""
    if isinstance(value, Text):
        parts = (part if isinstance(part, str) else HOLE for part in value.parts)
        text = "".join(parts)
        while HOLE + HOLE in text:
            text = text.replace(HOLE + HOLE, HOLE)
        return None if text == HOLE else text
    return string(value)


def arn(text: str) -> Arn | None:
    """Split an ARN pattern; None when it is none. The first part may be a hole."""
    parts = text.split(":", 5)
    if parts[0] not in {"arn", HOLE} or len(parts) <= len(Arn._fields):
        return None
    return Arn(*parts[1:])


def literal(text: str) -> bool:
    """True when every part is known."""
    return HOLE not in text


def overlap(left: str, right: str) -> bool:
    """Could two patterns name the same text? A hole stands for any text, quotes are literal.

    Decided by the known prefix and suffix of both, which is exact when either has one hole only.
    """
    if literal(left) and literal(right):
        return left == right
    if literal(left):
        return _fits(right, left)
    if literal(right):
        return _fits(left, right)
    heads = left.partition(HOLE)[0], right.partition(HOLE)[0]
    tails = left.rpartition(HOLE)[2], right.rpartition(HOLE)[2]
    return _agree(*heads, start=True) and _agree(*tails, start=False)


def _agree(left: str, right: str, *, start: bool) -> bool:
    short, long = sorted((left, right), key=len)
    return long.startswith(short) if start else long.endswith(short)


def _fits(holed: str, text: str) -> bool:
    """Does a literal text fit a pattern with holes? Greedy, linear: no backtracking."""
    first, *middle, last = holed.split(HOLE)
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, limit = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, limit)
        if found < 0:
            return False
        position = found + len(part)
    return True
