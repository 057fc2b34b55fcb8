"""What denies, boundaries and control policies leave of a statement's actions on one of its resources.

Reach asks whether there is *some* resource on which an action is allowed. So a Deny on part of the resources takes
that part only; a Deny that covers them all takes the action, and under a condition makes it possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    from agentreach.graph.starts import Starts
    from agentreach.identity import Statement


_MATCHES: Final = frozenset({Verdict.ALLOWED})
_MAY_MATCH: Final = frozenset({Verdict.ALLOWED, Verdict.POSSIBLE})


class Left(NamedTuple):
    """What is left of a set of actions: those still certain, and those only possible."""

    certain: int
    possible: int


class _Rated(NamedTuple):
    """A statement, and how surely it applies as far as effect, conditions and existence go."""

    sentence: Sentence
    verdict: Verdict
    starts: Starts

    @property
    def reach(self) -> int:
        """The actions it may speak about."""
        return self.sentence.reach

    @property
    def surely(self) -> int:
        """The actions it certainly speaks about."""
        return self.sentence.bits if self.verdict is Verdict.ALLOWED and not self.sentence.unknown else 0


class Limits:
    """The limits of one principal, compiled once. `exhausted`: too many patterns for all to be compared."""

    __slots__ = ("_ceilings", "_denies", "_sentences", "asked", "exhausted")

    def __init__(self, layers: Layers, facts: PrincipalFacts, sentences: SentenceBook) -> None:
        self._sentences = sentences
        self.exhausted = False
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
            covers = self._covers(deny, subject, resource) if deny.reach & bits else Verdict.DENIED
            if covers is Verdict.DENIED:
                continue
            if covers is Verdict.ALLOWED:
                certain &= ~deny.surely
                possible &= ~deny.surely
            possible |= certain & deny.reach
            certain &= ~deny.reach
        for ceiling in self._ceilings:
            sure, perhaps = self._allowed(ceiling, subject, resource)
            possible = (possible | certain & ~sure) & (sure | perhaps)
            certain &= sure
        return Left(certain, possible)

    def _covers(self, deny: _Rated, subject: Tokens, resource: Pattern) -> Verdict:
        """Whether a Deny speaks about every resource that the pattern means, or about an unknown one."""
        one, starts = deny.sentence, deny.starts
        if one.everything or (not one.excludes_resources and (starts.unknown or resource.text in starts.texts)):
            return Verdict.ALLOWED
        if one.excludes_resources:
            return self._any(starts.near(subject), subject, _MAY_MATCH).complement
        return self._any(starts.around(subject), subject, _MATCHES)

    def _allowed(self, ceiling: tuple[_Rated, ...], subject: Tokens, resource: Pattern) -> tuple[int, int]:
        """The actions that a layer surely and perhaps lets through on some of the resource."""
        sure, perhaps = 0, 0
        for one in ceiling:
            meets = self._meets(one, subject, resource)
            sure |= one.surely if meets is Verdict.ALLOWED else 0
            perhaps |= one.reach if meets is not Verdict.DENIED else 0
        return sure, perhaps & ~sure

    def _meets(self, allow: _Rated, subject: Tokens, resource: Pattern) -> Verdict:
        if allow.sentence.everything or resource.text == "*":
            return Verdict.ALLOWED
        if allow.sentence.excludes_resources:
            return self._any(allow.starts.around(subject), subject, _MATCHES).complement
        return self._any(allow.starts.near(subject), subject, _MAY_MATCH)

    def _any(self, patterns: Iterable[Tokens], subject: Tokens, wanted: frozenset[Verdict]) -> Verdict:
        """Whether any pattern matches as wanted; perhaps, when too many were compared in this scan already."""
        for pattern in patterns:
            if not self._sentences.may_compare():
                self.exhausted = True
                return Verdict.POSSIBLE
            if match(pattern, subject) in wanted:
                return Verdict.ALLOWED
        return Verdict.DENIED

    def _rated(self, statements: Iterable[Statement], effect: str) -> tuple[_Rated, ...]:
        rated = (
            _Rated(self._sentences.of(one), self.applies(one), self._sentences.starts(one))
            for one in statements
            if one.effect == effect or not isinstance(one.effect, str)
        )
        return tuple(one for one in rated if one.verdict is not Verdict.DENIED)


def _subject(resource: Pattern) -> Tokens:
    """A resource pattern as a subject: its wildcards may hold anything."""
    return tuple(Hole() if isinstance(token, Wild) else token for token in resource.tokens)
