"""All facts of a scan, by type and by key, in one order whatever order they came in."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar, cast

from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.identity import Fact
    from agentreach.model import Span

F = TypeVar("F")

NOWHERE = Key("", "")
"""Where facts stand that are declared under no key of their own."""

_Order = tuple[str, str, str, int, str]


class FactIndex:
    """Facts grouped by type and by the key they are declared under (their `key`, else their subject)."""

    __slots__ = ("_by_type", "by_key")

    def __init__(self, facts: Iterable[Fact]) -> None:
        keyed = sorted(((_order(fact), fact) for fact in facts), key=itemgetter(0))
        by_type: defaultdict[type, list[Fact]] = defaultdict(list)
        by_key: defaultdict[Key, list[Fact]] = defaultdict(list)
        for _, fact in _untied(keyed):
            by_type[type(fact)].append(fact)
            by_key[key_of(fact) or NOWHERE].append(fact)
        self._by_type = {kind: tuple(group) for kind, group in by_type.items()}
        self.by_key = {key: tuple(group) for key, group in by_key.items()}

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """Every fact of one type."""
        return cast("tuple[F, ...]", self._by_type.get(kind, ()))


def key_of(fact: Fact) -> Key | None:
    """Return the key a fact is declared under: its own, else its subject's when that is a key."""
    key = getattr(fact, "key", None) or getattr(fact, "subject", None)
    if key is None:
        key = getattr(fact, "principal", None) or getattr(fact, "agent", None)
    return key if isinstance(key, Key) else None


def _order(fact: Fact) -> _Order:
    key = key_of(fact) or NOWHERE
    at: Span = fact.at
    return key.root, key.address, at.source.path, at.start, type(fact).__name__


def _untied(keyed: list[tuple[_Order, Fact]]) -> list[tuple[_Order, Fact]]:
    """Facts that share key and place are ordered by what they say."""
    result: list[tuple[_Order, Fact]] = []
    start = 0
    for end in range(1, len(keyed) + 1):
        if end == len(keyed) or keyed[end][0] != keyed[start][0]:
            group = keyed[start:end]
            result += group if len(group) == 1 else sorted(group, key=lambda one: repr(one[1]))
            start = end
    return result
