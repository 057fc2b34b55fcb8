"""Which declared systems a resource pattern reaches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.arns import split
from agentreach.access.patterns import literal
from agentreach.graph.beginnings import Beginnings, holds, includes, split_of
from agentreach.graph.sentences import pattern_of
from agentreach.identity import System
from agentreach.model import Key, Reference, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.access.globs import Tokens
    from agentreach.graph.beginnings import Split
    from agentreach.graph.index import FactIndex
    from agentreach.graph.limits import Limits
    from agentreach.graph.production import Environments
    from agentreach.graph.sentences import Pattern, Sentence

_OF_MANY_KINDS = frozenset({"bedrock", "bedrock-agentcore"})
"""Services whose actions each speak of one of many kinds of things: invoking any model reaches no agent."""


class Reached(NamedTuple):
    """The systems that a statement reaches, whether one is production, and their environments."""

    systems: tuple[System, ...]
    production: bool = False
    environments: frozenset[str] = frozenset()
    keys: frozenset[Key] = frozenset()


_NOTHING = Reached(())


class SystemBook:
    """Systems by service, and by how their ARNs begin."""

    __slots__ = (
        "_beginnings",
        "_by_root",
        "_by_service",
        "_environments",
        "_found",
        "_matching",
        "_numbers",
        "_places",
        "_systems",
    )

    def __init__(self, index: FactIndex, environments: Environments) -> None:
        self._environments = environments
        self._systems = [one for one in index.of(System) if "/" not in one.service and not one.provider]
        self._places: dict[int, tuple[Split, ...]] = {}
        self._numbers: dict[Key, int] = {}
        self._by_service: defaultdict[str, list[int]] = defaultdict(list)
        self._by_root: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, system in enumerate(self._systems):
            self._numbers.setdefault(system.key, number)
            self._by_service[system.service].append(number)
            self._by_root[system.service, system.key.root].append(number)
        self._beginnings: dict[tuple[str | None, str | None], Beginnings] = {}
        self._matching: dict[tuple[Tokens, str, str | None], tuple[int, ...]] = {}
        self._found: dict[tuple[bool, tuple[Tokens, ...], str, str, tuple[str, ...]], Reached] = {}

    def reached(self, sentence: Sentence, service: str, root: str, actions: tuple[str, ...]) -> Reached:
        """The systems of a service ("*": of all) that a statement's resources certainly include.

        A pattern that names nothing in particular reaches the systems of its own root; another root may well be
        another account.
        """
        if service != "*" and service not in self._by_service:
            return _NOTHING
        patterns = tuple(one.tokens for one in sentence.excluded or sentence.resources)
        kinds = actions if service in _OF_MANY_KINDS else ()
        key = (sentence.excludes_resources, patterns, service, root, kinds)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self.described(self._reached(sentence, service, root, actions))
        return found

    def _places_of(self, number: int) -> tuple[Split, ...]:
        """How a system's names begin, made out for those that a pattern is compared with."""
        found = self._places.get(number)
        if found is None:
            found = self._places[number] = tuple(_places(self._systems[number]))
        return found

    def described(self, systems: Iterable[System]) -> Reached:
        """Say which environments systems belong to."""
        kept = tuple(systems)
        around = frozenset(found for one in kept if (found := self._environments.of(one.key)) is not None)
        production = any(self._environments.is_production(one.key) for one in kept)
        return Reached(kept, production, around, frozenset([one.key for one in kept]))

    def _reached(self, sentence: Sentence, service: str, root: str, actions: tuple[str, ...]) -> Iterator[System]:
        vague = sentence.excludes_resources or any(one.anything for one in sentence.resources)
        for name in sorted(self._by_service) if service == "*" else [service]:
            for system in self._included(sentence, name, root):
                if name not in _OF_MANY_KINDS or not vague or _speaks_of(system, actions):
                    yield system

    def _included(self, sentence: Sentence, service: str, root: str) -> Iterable[System]:
        own = self._numbered(service, root)
        if sentence.everything:
            return (self._systems[number] for number in own)
        if sentence.excludes_resources:
            excluded = {number for pattern in sentence.excluded for number in self._means(pattern, service, root)}
            return (self._systems[number] for number in own if number not in excluded)
        meant = {
            number
            for pattern in sentence.resources
            for number in self._means(pattern, service, root if pattern.anything else None)
        }
        return (self._systems[number] for number in sorted(meant))

    def _means(self, pattern: Pattern, service: str, root: str | None) -> tuple[int, ...]:
        """The systems of a service, of one root or of all, that a pattern certainly includes."""
        key = (pattern.tokens, service, root)
        found = self._matching.get(key)
        if found is None:
            found = self._matching[key] = tuple({*self._referred(pattern, service, root), *self._like(*key)})
        return found

    def _referred(self, pattern: Pattern, service: str, root: str | None) -> Iterator[int]:
        """What a pattern is built from."""
        for part in pattern.parts:
            number = self._numbers.get(part.key) if isinstance(part, Reference) else None
            if number is not None and _belongs(self._systems[number], service, root):
                yield number

    def _like(self, tokens: Tokens, service: str, root: str | None) -> Iterator[int]:
        """What a pattern describes."""
        asked = split_of(tokens)
        if asked is None:
            return
        for number in self._near(service, root).near(asked.resource):
            if any(includes(asked, place) for place in self._places_of(number)):
                yield number

    def _near(self, service: str | None, root: str | None) -> Beginnings:
        found = self._beginnings.get((service, root))
        if found is None:
            places = ((one, place) for one in self._numbered(service, root) for place in self._places_of(one))
            found = self._beginnings[service, root] = Beginnings(places)
        return found

    def _numbered(self, service: str | None, root: str | None) -> Sequence[int]:
        """The systems of one service or of all, of one root or of all."""
        if service is None:
            return range(len(self._systems))
        return self._by_service.get(service, ()) if root is None else self._by_root.get((service, root), ())

    def owner(self, resource: str) -> Key | None:
        """The system that an ARN certainly names, or names a part of."""
        asked = split_of((resource,))
        if asked is None:
            return None
        near = self._near(None, None).near(asked.resource)
        found = (number for number in near if any(holds(place, asked) for place in self._places_of(number)))
        first = min(found, default=None)
        return None if first is None else self._systems[first].key

    def is_left(self, system: System, bits: int, limits: Limits) -> bool:
        """Whether any of these actions is still allowed on a system."""
        for name in system.names:
            parts = text_parts(name)
            if split(literal(parts)) is not None:
                return any(limits.left(bits, pattern_of(parts, name)))
        return True


def _belongs(system: System, service: str, root: str | None) -> bool:
    return system.service == service and root in {None, system.key.root}


def _speaks_of(system: System, actions: tuple[str, ...]) -> bool:
    word = system.kind.removeprefix("agentcore-").removeprefix("bedrock-").replace("-", "")
    return any(word in action.lower() for action in actions)


def _places(system: System) -> Iterator[Split]:
    for name in system.names:
        place = split_of(literal(text_parts(name)))
        if place is not None:
            yield place
