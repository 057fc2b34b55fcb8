"""Wildcard matching over strings with holes, in time linear in the text.

A pattern is a tuple of tokens: literal text, `STAR` (any run), `ONE` (any one character), or a `Hole` (text that
is only known at deploy time). A subject is a tuple of literal text and holes. Known subjects are matched by
searching the literal runs in order, which never backtracks. Anything with holes runs through one automaton whose
states are the bits of an integer, twice: once asking "for every deploy-time value" and once "for any".
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.access.verdict import Verdict
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


class Wild(Enum):
    """The two wildcards."""

    STAR = "*"
    ONE = "?"


STAR: Final = Wild.STAR
ONE: Final = Wild.ONE


class Hole(NamedTuple):
    """Text only known at deploy time. `digits` is its length when it is a run of digits (an account id).

    Two holes with the same `symbol` are the same text; with different symbols of one `family` they differ.
    `excludes` are characters the text cannot hold.
    """

    digits: int = 0
    symbol: Hashable | None = None
    family: str = ""
    excludes: str = ""


Token = str | Wild | Hole
Tokens = tuple[Token, ...]

_DIGITS: Final = "0123456789"
_WILDCARDS: Final[dict[str, Token]] = {"*": STAR, "?": ONE}
_PIECES: Final = late_regex(r"[^*?]+|\*|\?")
_LONG: Final = 4096
"""Patterns longer than any policy that AWS accepts: compared, but not remembered, and with holes only possible."""


def compiled(text: str) -> Tokens:
    """The tokens of a known pattern, adjacent stars merged."""
    return _compiled(text) if len(text) <= _LONG else merged(_scan(text))


@lru_cache(maxsize=65536)
def _compiled(text: str) -> Tokens:
    return merged(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    for piece in _PIECES.findall(text):
        yield _WILDCARDS.get(piece, piece)


def merged(tokens: Iterator[Token] | Tokens) -> Tokens:
    """Join neighbouring literals and collapse neighbouring stars."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if isinstance(token, str) and isinstance(last, str):
            out[-1] = last + token
        elif token != "" and not (token is STAR and last is STAR):
            out.append(token)
    return tuple(out)


def match_text(pattern: Tokens, text: str) -> bool:
    """Whether a pattern without holes matches a known string, in one pass."""
    if len(pattern) == 1:
        only = pattern[0]
        return only is STAR or only == text or (only is ONE and len(text) == 1)
    if least_length(pattern) > len(text):
        return False
    if ONE in pattern:
        return _accepts(pattern, (text,), every=True)
    return _match_runs(pattern, text)


def least_length(pattern: Tokens) -> int:
    """How many characters a text must have at least to match."""
    return sum(len(token) if isinstance(token, str) else token is ONE for token in pattern)


def _match_runs(pattern: Tokens, text: str) -> bool:
    """Literal runs between stars, each found at the earliest place after the one before."""
    if not pattern:
        return not text
    runs = [token for token in pattern if isinstance(token, str)]
    start, end = 0, len(text)
    if isinstance(pattern[0], str):
        if not text.startswith(runs[0]):
            return False
        start = len(runs.pop(0))
    if isinstance(pattern[-1], str) and runs:
        if not text.endswith(runs[-1]):
            return False
        end -= len(runs.pop())
    for run in runs:
        at = text.find(run, start, end)
        if at < 0:
            return False
        start = at + len(run)
    return start <= end


def match(pattern: Tokens, subject: Tokens) -> Verdict:
    """Allowed: matches whatever the holes hold. Denied: matches for no content of the holes. Else possible."""
    if not has_holes(pattern) and not has_holes(subject):
        return Verdict.ALLOWED if match_text(pattern, _text(subject)) else Verdict.DENIED
    if least_length(pattern) + least_length(subject) > _LONG:
        return Verdict.POSSIBLE
    return _match_holes(pattern, subject)


@lru_cache(maxsize=16384)
def _match_holes(pattern: Tokens, subject: Tokens) -> Verdict:
    if _contains(pattern, subject):
        return Verdict.ALLOWED
    return Verdict.POSSIBLE if _overlaps(pattern, subject) else Verdict.DENIED


def _text(subject: Tokens) -> str:
    return "".join(token for token in subject if isinstance(token, str))


def _contains(pattern: Tokens, subject: Tokens) -> bool:
    """Whether every text the subject may be matches."""
    return _accepts(pattern, subject, every=True)


def _overlaps(pattern: Tokens, subject: Tokens) -> bool:
    """Whether some text the subject may be matches some content of the pattern's holes."""
    return not _apart(pattern, subject) and _accepts(pattern, subject, every=False)


def _apart(pattern: Tokens, subject: Tokens) -> bool:
    """After the same beginning, the same attribute of two different things, delimited the same way."""
    for at, (left, right) in enumerate(zip(pattern, subject, strict=False)):
        if left != right:
            return _differ(left, right) and _closed_alike(left, pattern[at + 1 :], subject[at + 1 :])
    return False


def _differ(left: Token, right: Token) -> bool:
    return isinstance(left, Hole) and isinstance(right, Hole) and bool(left.family) and left.family == right.family


def _closed_alike(hole: Token, pattern: Tokens, subject: Tokens) -> bool:
    """Nothing follows either, or the same delimiter does, which the names themselves cannot hold."""
    if not pattern or not subject:
        return not pattern and not subject
    left, right = pattern[0], subject[0]
    if not (isinstance(left, str) and isinstance(right, str) and left[0] == right[0]):
        return False
    return isinstance(hole, Hole) and left[0] in hole.excludes


class _Automaton:
    """The pattern's positions as bits: where literals, stars and holes stand."""

    __slots__ = ("any_letter", "digit", "end", "letters", "stars", "symbols")

    def __init__(self, pattern: Tokens, *, every: bool) -> None:
        self.letters: dict[str, int] = {}
        self.symbols: dict[Hole, int] = {}
        self.any_letter = self.digit = self.stars = 0
        at = 0
        for token in pattern:
            if isinstance(token, str):
                for letter in token:
                    self.letters[letter] = self.letters.get(letter, 0) | 1 << at
                    at += 1
            elif isinstance(token, Hole) and (every or token.digits):
                at = self._hole(token, at, every=every)
            elif token is ONE:
                self.any_letter |= 1 << at
                at += 1
            elif not (at and self.stars >> (at - 1) & 1):
                self.stars |= 1 << at
                at += 1
        self.end = at

    def _hole(self, hole: Hole, at: int, *, every: bool) -> int:
        """For every content only the same symbol matches; for some content digits match digits."""
        if every:
            if hole.symbol is not None:
                self.symbols[hole] = self.symbols.get(hole, 0) | 1 << at
            return at + 1
        self.digit |= ((1 << hole.digits) - 1) << at
        return at + hole.digits

    def skip_stars(self, states: int) -> int:
        return states | (states & self.stars) << 1


def _accepts(pattern: Tokens, subject: Tokens, *, every: bool) -> bool:
    automaton = _Automaton(pattern, every=every)
    states = automaton.skip_stars(1)
    for token in subject:
        if isinstance(token, str):
            states = _read(automaton, states, token)
        elif isinstance(token, Hole):
            states = _read_hole(automaton, states, token, every=every)
        if not states:
            return False
    return bool(states >> automaton.end & 1)


def _read(automaton: _Automaton, states: int, text: str) -> int:
    letters, stars, wild = automaton.letters, automaton.stars, automaton.any_letter
    digit = automaton.digit
    for letter in text:
        here = letters.get(letter, 0) | wild
        if digit and letter in _DIGITS:
            here |= digit
        states = (states & here) << 1 | states & stars
        states |= (states & stars) << 1
        if not states:
            break
    return states


def _read_hole(automaton: _Automaton, states: int, hole: Hole, *, every: bool) -> int:
    if not every and not hole.digits:
        lowest = states & -states
        return ((1 << (automaton.end + 1)) - 1) & ~(lowest - 1)
    after = (states & automaton.symbols.get(hole, 0)) << 1
    after |= _read_digits(automaton, states, hole.digits, every=every) if hole.digits else states & automaton.stars
    return automaton.skip_stars(after)


def _read_digits(automaton: _Automaton, states: int, count: int, *, every: bool) -> int:
    """Every digit string: only wildcards match. Some digit string: digits and holes of digits do too."""
    here = automaton.any_letter
    if not every:
        here |= automaton.digit
        for letter in _DIGITS:
            here |= automaton.letters.get(letter, 0)
    for _ in range(count):
        states = automaton.skip_stars((states & here) << 1 | states & automaton.stars)
    return states


def has_holes(tokens: Tokens) -> bool:
    """Whether any part is only known at deploy time."""
    for token in tokens:  # noqa: SIM110 - three times as fast, and this runs for every comparison
        if isinstance(token, Hole):
            return True
    return False


def known_text(tokens: Tokens) -> str | None:
    """The whole text of a subject, or None when a part of it is unknown."""
    if len(tokens) == 1 and isinstance(tokens[0], str):
        return tokens[0]
    return None if tokens else ""
