"""What denies, boundaries and control policies leave of a statement's actions on one of its resources.

Reach asks whether there is *some* resource on which an action is allowed. So a Deny on part of the resources takes
that part only; a Deny that covers them all takes the action, and under a condition makes it possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.globs import Hole, Wild, match
from agentreach.access.request import Request
from agentreach.access.statements import asked_from
from agentreach.access.verdict import Verdict
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.access.globs import Tokens
    from agentreach.access.request import Layers, PrincipalFacts
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.graph.sentences import Pattern, Sentence
    from agentreach.identity import Statement


class Left(NamedTuple):
    """What is left of a set of actions: those still certain, and those only possible."""

    certain: int
    possible: int


class _Rated(NamedTuple):
    """A statement, and how surely it applies as far as effect, conditions and existence go."""

    sentence: Sentence
    verdict: Verdict

    @property
    def reach(self) -> int:
        """The actions it may speak about."""
        return self.sentence.reach

    @property
    def surely(self) -> int:
        """The actions it certainly speaks about."""
        return self.sentence.bits if self.verdict is Verdict.ALLOWED and not self.sentence.unknown else 0


class Limits:
    """The limits of one principal, compiled once."""

    __slots__ = ("_ceilings", "_denies", "_sentences", "asked")

    def __init__(self, layers: Layers, facts: PrincipalFacts, sentences: SentenceBook) -> None:
        self._sentences = sentences
        self.asked = asked_from(Request(action="", resource=(), principal=facts), facts.account)
        ceilings = [one for one in (layers.boundary, layers.session) if one is not None]
        ceilings += layers.service_control
        everywhere = (*layers.identity, *(one for ceiling in ceilings for one in ceiling))
        self._denies = self._rated(everywhere, "Deny")
        self._ceilings = tuple(self._rated(ceiling, "Allow") for ceiling in ceilings)

    def applies(self, statement: Statement) -> Verdict:
        """How surely a statement applies, whatever its actions and resources."""
        return self._sentences.applies(statement, self.asked)

    @property
    def free(self) -> bool:
        """Whether nothing limits the identity policies."""
        return not self._denies and not self._ceilings

    def denies(self, bits: int) -> bool:
        """Whether a Deny speaks about any of these actions, on whatever resource."""
        return bool(self._denies) and any(deny.reach & bits for deny in self._denies)

    def concern(self, one: Sentence) -> bool:
        """Whether they may take anything of what a statement gives."""
        return bool(self._ceilings) or self.denies(one.bits | one.maybe)

    def left(self, bits: int, resource: Pattern) -> Left:
        """What the principal may do of these actions on (some of) this resource."""
        certain, possible = bits, 0
        if self.free:
            return Left(certain, possible)
        subject = _subject(resource)
        for deny in self._denies:
            if deny.reach & bits and _covers(deny.sentence, subject, resource):
                certain &= ~deny.surely
                possible = (possible & ~deny.surely) | (certain & deny.reach)
                certain &= ~deny.reach
        for ceiling in self._ceilings:
            sure, perhaps = _allowed(ceiling, subject, resource)
            possible = (possible | certain & ~sure) & (sure | perhaps)
            certain &= sure
        return Left(certain, possible)

    def _rated(self, statements: Iterable[Statement], effect: str) -> tuple[_Rated, ...]:
        rated = (
            _Rated(self._sentences.of(one), self.applies(one))
            for one in statements
            if one.effect == effect or not isinstance(one.effect, str)
        )
        return tuple(one for one in rated if one.verdict is not Verdict.DENIED)


def _subject(resource: Pattern) -> Tokens:
    """A resource pattern as a subject: its wildcards may hold anything."""
    return tuple(Hole() if isinstance(token, Wild) else token for token in resource.tokens)


def _covers(deny: Sentence, subject: Tokens, resource: Pattern) -> bool:
    """Whether a Deny speaks about every resource that the pattern means, or about an unknown one."""
    if deny.everything or any(one.unknown for one in deny.resources):
        return True
    if deny.excludes_resources:
        return not any(match(one.tokens, subject) is not Verdict.DENIED for one in deny.excluded)
    return any(one.text == resource.text or match(one.tokens, subject) is Verdict.ALLOWED for one in deny.resources)


def _allowed(ceiling: tuple[_Rated, ...], subject: Tokens, resource: Pattern) -> tuple[int, int]:
    """The actions that a layer surely and perhaps lets through on some of the resource."""
    sure, perhaps = 0, 0
    for one in ceiling:
        if _meets(one.sentence, subject, resource):
            sure |= one.surely
            perhaps |= one.reach
    return sure, perhaps & ~sure


def _meets(allow: Sentence, subject: Tokens, resource: Pattern) -> bool:
    if allow.everything or resource.text == "*":
        return True
    if allow.excludes_resources:
        return not any(match(one.tokens, subject) is Verdict.ALLOWED for one in allow.excluded)
    return any(match(one.tokens, subject) is not Verdict.DENIED for one in allow.resources)
