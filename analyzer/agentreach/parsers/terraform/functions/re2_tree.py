"""The tree of a regular expression, and which characters it accepts."""

from __future__ import annotations

import unicodedata

from agentreach.records import dataclass


class PatternError(Exception):
    """The pattern is not RE2 syntax."""


class UnsupportedPatternError(PatternError):
    """The pattern is RE2 syntax, but beyond what is matched here."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character: of these ranges or Unicode categories, or any other if `negated`."""

    ranges: tuple[tuple[int, int], ...]
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False
    fold: bool = False

    def accepts(self, character: str) -> bool:
        """Whether it is such a character."""
        variants = folded(character) if self.fold else (character,)
        return any(map(self._lists, variants)) is not self.negated

    def _lists(self, character: str) -> bool:
        code = ord(character)
        if any(low <= code <= high for low, high in self.ranges):
            return True
        return any(
            unicodedata.category(character).startswith(category) is positive for category, positive in self.categories
        )


def folded(character: str) -> tuple[str, ...]:
    """The character and what equals it when case does not count."""
    forms = {character, character.lower(), character.upper(), character.upper().lower(), character.lower().upper()}
    if character in "kK\u212a":
        forms.add("\u212a")
    if character in "sS\u017f":
        forms.add("\u017f")
    return tuple(form for form in forms if len(form) == 1)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A test of a place: by `^`, `$`, `A`, `z`, `b` or `B`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group; `number` counts from 1."""

    number: int
    inner: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """`inner` at least `low` times; `high` is None without limit."""

    inner: Node
    low: int
    high: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that leads to a match."""

    options: tuple[Node, ...]


Node = Characters | Assertion | Group | Repeat | Sequence | Choice
