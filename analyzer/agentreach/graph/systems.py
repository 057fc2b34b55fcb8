"""Which declared systems a resource pattern reaches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from agentreach.access.arns import split
from agentreach.access.globs import STAR, Hole, Wild, match, merged
from agentreach.access.patterns import literal
from agentreach.access.verdict import Verdict
from agentreach.graph.sentences import pattern_of
from agentreach.identity import System
from agentreach.model import Key, Reference, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.globs import Tokens
    from agentreach.graph.index import FactIndex
    from agentreach.graph.limits import Limits
    from agentreach.graph.production import Environments
    from agentreach.graph.sentences import Pattern, Sentence

_BEHIND = ("/", ":")
"""A bucket's objects, a table's indexes, a function's versions belong to what stands before these."""


_OF_MANY_KINDS = frozenset({"bedrock", "bedrock-agentcore"})
"""Services whose actions each speak of one of many kinds of things: invoking a model reaches no agent."""


class _Place(NamedTuple):
    """An ARN split: service, region, account, and the resource."""

    service: Tokens
    region: Tokens
    account: Tokens
    resource: Tokens


class Reached(NamedTuple):
    """The systems that a statement reaches, whether one is production, and their environments."""

    systems: tuple[System, ...]
    production: bool = False
    environments: frozenset[str] = frozenset()


_NOTHING = Reached(())


class SystemBook:
    """Systems by service, with their ARNs split."""

    __slots__ = ("_by_service", "_environments", "_found", "_matching", "_order", "_places")

    def __init__(self, index: FactIndex, environments: Environments) -> None:
        self._environments = environments
        self._by_service: defaultdict[str, list[System]] = defaultdict(list)
        self._places: dict[Key, tuple[_Place, ...]] = {}
        self._matching: dict[tuple[Tokens, str], tuple[System, ...]] = {}
        self._found: dict[tuple[bool, tuple[Tokens, ...], str, str, tuple[str, ...]], Reached] = {}
        for system in index.of(System):
            if "/" not in system.service and not system.provider:
                self._by_service[system.service].append(system)
                self._places[system.key] = tuple(_places(system))
        self._order = {key: place for place, key in enumerate(self._places)}

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

    def described(self, systems: Iterable[System]) -> Reached:
        """Say which environments systems belong to."""
        kept = tuple(systems)
        around = frozenset(found for one in kept if (found := self._environments.of(one.key)) is not None)
        return Reached(kept, any(self._environments.is_production(one.key) for one in kept), around)

    def _reached(self, sentence: Sentence, service: str, root: str, actions: tuple[str, ...]) -> Iterator[System]:
        for name in sorted(self._by_service) if service == "*" else [service]:
            for system in self._included(sentence, name, root):
                if service not in _OF_MANY_KINDS or _speaks_of(system, actions):
                    yield system

    def _included(self, sentence: Sentence, service: str, root: str) -> Iterable[System]:
        several = self._by_service.get(service, ())
        if sentence.everything:
            return (one for one in several if one.key.root == root)
        if sentence.excludes_resources:
            excluded = {one.key for pattern in sentence.excluded for one in self._means(pattern, service)}
            return (one for one in several if one.key.root == root and one.key not in excluded)
        meant = {
            one.key: one
            for pattern in sentence.resources
            for one in self._means(pattern, service)
            if one.key.root == root or not pattern.anything
        }
        return (meant[key] for key in sorted(meant, key=self._order.__getitem__))

    def _means(self, pattern: Pattern, service: str) -> tuple[System, ...]:
        """The systems of a service that a pattern certainly includes."""
        key = (pattern.tokens, service)
        found = self._matching.get(key)
        if found is None:
            place = _split(pattern.tokens)
            several = self._by_service.get(service, ())
            found = self._matching[key] = tuple(one for one in several if self._fits(pattern, place, one))
        return found

    def _fits(self, pattern: Pattern, place: _Place | None, system: System) -> bool:
        if any(isinstance(part, Reference) and part.key == system.key for part in pattern.parts):
            return True
        return place is not None and any(_near(place, one) and _fits(place, one) for one in self._places[system.key])

    def owner(self, resource: str) -> Key | None:
        """The system that an ARN certainly names, or names a part of."""
        place = _split((resource,))
        if place is None:
            return None
        found = (key for key, places in self._places.items() if any(_holds(one, place) for one in places))
        return next(found, None)

    def is_left(self, system: System, bits: int, limits: Limits) -> bool:
        """Whether any of these actions is still allowed on a system."""
        for name in system.names:
            parts = text_parts(name)
            if split(literal(parts)) is not None:
                return any(limits.left(bits, pattern_of(parts, name)))
        return True


def _speaks_of(system: System, actions: tuple[str, ...]) -> bool:
    word = system.kind.replace("-", "")
    return any(word in action.lower() for action in actions)


def _places(system: System) -> Iterator[_Place]:
    for name in system.names:
        place = _split(literal(text_parts(name)))
        if place is not None:
            yield place


def _split(tokens: Tokens) -> _Place | None:
    parts = split(tokens)
    return None if parts is None else _Place(*parts[2:])


def _near(pattern: _Place, place: _Place) -> bool:
    """Whether the known beginnings agree: a quick look before the whole is matched."""
    left, right = pattern.resource[:1], place.resource[:1]
    if not (left and right and isinstance(left[0], str) and isinstance(right[0], str)):
        return True
    return left[0].startswith(right[0]) or right[0].startswith(left[0])


def _fits(pattern: _Place, place: _Place) -> bool:
    """Whether a pattern includes a thing, anything behind it, or lies behind it. An unknown account fits any."""
    if not all(_may_be(*pair) for pair in zip(pattern[:3], place[:3], strict=True)):
        return False
    if any(match(pattern.resource, subject) is Verdict.ALLOWED for subject in _subjects(place.resource)):
        return True
    within = tuple(Hole() if isinstance(token, Wild) else token for token in pattern.resource)
    return any(match(merged((*place.resource, sign, STAR)), within) is Verdict.ALLOWED for sign in _BEHIND)


def _holds(place: _Place, asked: _Place) -> bool:
    """Whether what is asked about is the place or behind it."""
    around = all(_may_be(*pair) for pair in zip(place[:3], asked[:3], strict=True))
    patterns = (place.resource, *(merged((*place.resource, sign, STAR)) for sign in _BEHIND))
    return around and any(match(pattern, asked.resource) is Verdict.ALLOWED for pattern in patterns)


def _may_be(pattern: Tokens, subject: Tokens) -> bool:
    return match(pattern, subject) is not Verdict.DENIED or not subject


def _subjects(resource: Tokens) -> Iterator[Tokens]:
    """The thing itself, and anything behind it."""
    yield resource
    for sign in _BEHIND:
        yield merged((*resource, sign, Hole()))
