"""Which declared systems a resource pattern reaches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from agentreach.access.arns import split
from agentreach.access.globs import STAR, Hole, match, merged
from agentreach.access.patterns import literal
from agentreach.access.verdict import Verdict
from agentreach.graph.sentences import pattern_of
from agentreach.identity import System
from agentreach.model import Key, Reference, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.globs import Tokens
    from agentreach.graph.index import FactIndex
    from agentreach.graph.limits import Limits
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


class SystemBook:
    """Systems by service, with their ARNs split."""

    __slots__ = ("_by_service", "_places")

    def __init__(self, index: FactIndex) -> None:
        self._by_service: defaultdict[str, list[System]] = defaultdict(list)
        self._places: dict[Key, tuple[_Place, ...]] = {}
        for system in index.of(System):
            if "/" not in system.service:
                self._by_service[system.service].append(system)
                self._places[system.key] = tuple(_places(system))

    def reached(self, sentence: Sentence, service: str, root: str, actions: tuple[str, ...]) -> tuple[System, ...]:
        """The systems of a service ("*": of all) that a statement's resources certainly include.

        A pattern that names nothing in particular reaches the systems of its own root; another root may well be
        another account.
        """
        names = sorted(self._by_service) if service == "*" else [service]
        systems = (system for name in names for system in self._by_service.get(name, ()))
        meant = (one for one in systems if service not in _OF_MANY_KINDS or _speaks_of(one, actions))
        return tuple(one for one in meant if self._includes(sentence, one, near=one.key.root == root))

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

    def _includes(self, sentence: Sentence, system: System, *, near: bool) -> bool:
        if sentence.everything:
            return near
        if sentence.excludes_resources:
            return near and not any(self._means(one, system) for one in sentence.excluded)
        named = (one for one in sentence.resources if near or not one.anything)
        return any(self._means(one, system) for one in named)

    def _means(self, pattern: Pattern, system: System) -> bool:
        if any(isinstance(part, Reference) and part.key == system.key for part in pattern.parts):
            return True
        place = _split(pattern.tokens)
        return place is not None and any(_fits(place, one) for one in self._places[system.key])


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


def _fits(pattern: _Place, place: _Place) -> bool:
    """An unknown region or account fits any."""
    around = all(_may_be(*pair) for pair in zip(pattern[:3], place[:3], strict=True))
    return around and any(match(pattern.resource, subject) is Verdict.ALLOWED for subject in _subjects(place.resource))


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
