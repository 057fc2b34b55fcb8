"""How declared things are called where a part of the name, or of what is asked for, is only known at deploy time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.graph.affixes import Affixes
from agentreach.graph.spelling import HOLE, Arn, literal, overlap
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Key

_PROVIDER = "aws"
"""The account of what AWS declares itself: no account that anything of the code can be in."""

PLAIN = HOLE
"""Stands where an ARN has its service, for plain names."""

_Shelf = tuple[str | None, str]


class Spelling(NamedTuple):
    """A name, or the resource of an ARN. `generated`: the provider makes it up when it makes the thing."""

    key: Key
    text: str
    arn: Arn | None
    generated: bool = False

    @property
    def service(self) -> str:
        """What it can only be compared within."""
        return PLAIN if self.arn is None else self.arn.service


class Spellings:
    """All spellings, by root and service, those known in whole before the others."""

    __slots__ = ("_affixes", "_answers", "_shelves")

    def __init__(self) -> None:
        self._shelves: defaultdict[_Shelf, list[Spelling]] = defaultdict(list)
        self._affixes: dict[tuple[str | None, str, bool], tuple[list[Spelling], Affixes]] = {}
        self._answers: dict[tuple[str, Arn | None, str | None], tuple[Spelling, ...]] = {}

    def add(self, spelling: Spelling) -> None:
        """Put a spelling where it is looked for: in its own root, and in all."""
        for root in (spelling.key.root, None):
            self._shelves[root, spelling.service].append(spelling)

    def like(self, asked: Spelling, root: str | None) -> tuple[Spelling, ...]:
        """Every spelling of a root, or of all, that may be the same text, unless both are known.

        What is written out is never a name that the provider makes up. Many templates ask the same.
        """
        question = (asked.text, asked.arn, root)
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = tuple(self._alike(asked, root))
        return answer

    def _alike(self, asked: Spelling, root: str | None) -> Iterator[Spelling]:
        several, affixes = self._sorted(root, asked.service, known=literal(asked.text))
        for number in affixes.near(asked.text) if several else ():
            one = several[number]
            if overlap(one.text, asked.text) and same_place(one.arn, asked.arn):
                yield one

    def _sorted(self, root: str | None, service: str, *, known: bool) -> tuple[list[Spelling], Affixes]:
        """What a text may be compared with; a known one with those that have an unknown part, made up by nobody."""
        shelf = (root, service, known)
        found = self._affixes.get(shelf)
        if found is None:
            several = sorted(self._shelves.get((root, service), ()), key=lambda one: HOLE in one.text)
            if known:
                several = [one for one in several if HOLE in one.text and not one.generated]
            found = self._affixes[shelf] = (several, Affixes([one.text for one in several]))
        return found


def same_place(left: Arn | None, right: Arn | None) -> bool:
    """Whether partition, region and account may be the same. Names that are no ARNs say nothing of them."""
    if left is None or right is None:
        return left is right
    if left.account != right.account and _PROVIDER in {left.account, right.account}:
        return False
    pairs = zip(
        (left.partition, left.region, left.account), (right.partition, right.region, right.account), strict=True
    )
    return all(one == other or overlap(one, other) or not one or not other for one, other in pairs)
