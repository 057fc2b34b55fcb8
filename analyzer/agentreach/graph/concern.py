"""Which inventory entries reach a place, and which of them a finding names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.identity import Agent, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agentreach.graph.identities import IdentityFinder
    from agentreach.model import Key


class Concern:
    """`rank` is the review order; without one, keys are."""

    __slots__ = ("_alone", "_entries", "_holders", "_ordered", "_owners", "_rank", "used_by")

    def __init__(
        self, entries: Iterable[Agent], finder: IdentityFinder, belongings: Mapping[Key, Sequence[Key]]
    ) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._holders: defaultdict[Key, list[Key]] = defaultdict(list)
        self._owners: defaultdict[Key, list[Key]] = defaultdict(list)
        self._ordered: dict[Key, tuple[Key, ...]] = {}
        self._rank: Mapping[Key, int] = {key: rank for rank, key in enumerate(sorted(self._entries))}
        acting = frozenset(key for key, entry in self._entries.items() if entry.role is Role.AGENT)
        for key in sorted(self._entries):
            places = (key, *finder.reached(key).steps)
            _note(self._holders, key, places, belongings)
            linked = acting.intersection(places) - {key}
            own = (key, *finder.own(key, acting - {key})) if linked else places
            _note(self._owners, key, own, belongings)
        self.used_by = {key: tuple(self._users(key)) for key in self._entries}
        self._alone = {key for key in self._entries if key in acting or not self.used_by[key]}

    def _users(self, key: Key) -> list[Key]:
        holders = self._holders.get(key, ())
        return [one for one in holders if one != key and self._entries[one].role is Role.AGENT]

    def ordered(self, rank: Mapping[Key, int]) -> None:
        """From now on answer in review order."""
        self._rank = rank
        self._ordered.clear()

    def entries(self, *places: Key) -> tuple[Key, ...]:
        """All entries that reach one of the places or are one."""
        if len(places) == 1:
            return self._at(places[0])
        found = {key for place in places for key in self._holders.get(place, ())}
        return tuple(sorted(found, key=self.position))

    def _at(self, place: Key) -> tuple[Key, ...]:
        found = self._ordered.get(place)
        if found is None:
            found = self._ordered[place] = tuple(sorted(self._holders.get(place, ()), key=self.position))
        return found

    def owners(self, *places: Key) -> tuple[Key, ...]:
        """Entries that places belong to: those that reach them without passing through another agent."""
        found = {key for place in places for key in self._owners.get(place, ())}
        return tuple(sorted(found, key=self.position))

    def ordered_by_rank(self, entries: Iterable[Key]) -> tuple[Key, ...]:
        """Each entry once, in review order."""
        return tuple(sorted(set(entries), key=self.position))

    def position(self, entry: Key) -> int:
        """Where an entry stands in the review order."""
        return self._rank[entry]

    def agents(self, *places: Key) -> tuple[Key, ...]:
        """Those that a finding names: a tool that a declared agent uses is not one of them."""
        return self.named(self.entries(*places))

    def named(self, entries: Iterable[Key]) -> tuple[Key, ...]:
        """Keep the entries that a finding names."""
        return tuple(key for key in entries if key in self._alone)

    def places(self) -> set[Key]:
        """Every place that some entry reaches."""
        return set(self._holders)


def _note(
    holders: defaultdict[Key, list[Key]], key: Key, places: Iterable[Key], belongings: Mapping[Key, Sequence[Key]]
) -> None:
    """Write an entry down at its places and at what belongs to them."""
    kept = dict.fromkeys(places)
    kept.update(dict.fromkeys(one for place in tuple(kept) for one in belongings.get(place, ())))
    for place in kept:
        holders[place].append(key)
