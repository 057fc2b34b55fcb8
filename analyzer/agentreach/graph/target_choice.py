"""Of very many declared things of a kind, those that an attacker's policies name and the best of those they cover.

A pattern with wildcards over thousands of roles says one thing: the strongest of them. So does `*` over secrets.
What is chosen for a pattern is chosen once, whoever holds the pattern.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access.escalation_outside import may_be_of
from agentreach.access.globs import STAR, has_holes
from agentreach.access.patterns import is_reference, of_thing
from agentreach.access.verdict import Verdict
from agentreach.model import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.access.escalation import Target
    from agentreach.access.globs import Tokens
    from agentreach.graph.edges import Edges
    from agentreach.graph.sentences import Pattern, Sentence
    from agentreach.graph.strength import Strongest
    from agentreach.graph.targets import TargetBook
    from agentreach.model import Key

_MANY: Final = 64
"""Up to so many things are all asked about."""

_EVERYTHING: Final = (STAR,)

_LAST: Final = "\U0010ffff"


class TargetChoice:
    """Answers by root, kind and pattern."""

    __slots__ = ("_edges", "_found", "_strongest", "_targets", "_written")

    def __init__(self, targets: TargetBook, strongest: Strongest, edges: Edges) -> None:
        self._targets = targets
        self._strongest = strongest
        self._edges = edges
        self._found: dict[tuple[str, str, Tokens], tuple[Target, ...]] = {}
        self._written: dict[tuple[str, str], _Written] = {}

    def of(self, root: str, kind: str, sentences: Iterable[Sentence]) -> Sequence[Target]:
        """Everything of a kind in a root, in order; of very many what the statements of an attacker lead to."""
        several = self._targets.of_kind(root, kind)
        if len(several) <= _MANY:
            return several
        found = {target.key: target for one in sentences for target in self._led_to(one, root, kind)}
        return [found[key] for key in sorted(found)]

    def _led_to(self, one: Sentence, root: str, kind: str) -> Iterator[Target]:
        if one.excludes_resources:
            yield from self._best(root, kind, _EVERYTHING)
        for pattern in one.resources:
            yield from self._meant(pattern, root, kind)

    def _meant(self, pattern: Pattern, root: str, kind: str) -> Iterator[Target]:
        named = [part.key for part in pattern.parts if isinstance(part, Reference)]
        known = [target for key in named if (target := self._targets.get(key)) and target.kind == kind]
        if known:
            yield from (target for target in known if target.key.root == root)
        else:
            yield from self._best(root, kind, pattern.tokens)

    def _best(self, root: str, kind: str, tokens: Tokens) -> tuple[Target, ...]:
        found = self._found.get((root, kind, tokens))
        if found is None:
            matching = list(self._matching(root, kind, tokens)) if may_be_of(tokens, kind) else []
            keys = {target.key: target for target in matching}
            best = keys if len(keys) <= _MANY else self._strongest.among(keys, self._role)
            found = self._found[root, kind, tokens] = tuple(keys[key] for key in best)
        return found

    def _matching(self, root: str, kind: str, tokens: Tokens) -> Iterator[Target]:
        if tokens == _EVERYTHING:
            yield from self._targets.of_kind(root, kind)
            return
        written = self._written_down(root, kind)
        if len(tokens) == 1 and isinstance(tokens[0], str):
            yield from written.called(tokens[0])
            several: Iterable[Target] = written.unwritten
        else:
            several = written.like(tokens)
        for target in several:
            if of_thing(tokens, target.texts) is not Verdict.DENIED:
                yield target

    def _written_down(self, root: str, kind: str) -> _Written:
        found = self._written.get((root, kind))
        if found is None:
            found = self._written[root, kind] = _Written(self._targets.of_kind(root, kind))
        return found

    def _role(self, target: Key) -> Key:
        """The role that a thing runs as, whose strength is its own; a role is its own."""
        roles = self._edges.principals_of(target)
        return self._edges.behind_profile(roles[0]) if roles else target


class _Written:
    """Targets by their ARN; those whose ARN is not known in whole are kept apart, and those with several."""

    __slots__ = ("_by_text", "_others", "_texts", "unwritten")

    def __init__(self, targets: Iterable[Target]) -> None:
        self._by_text: defaultdict[str, list[Target]] = defaultdict(list)
        self.unwritten: list[Target] = []
        self._others: list[Target] = []
        for target in targets:
            first, *more = target.texts
            only = first[0]
            if len(first) == 1 and isinstance(only, str):
                self._by_text[only].append(target)
                if not all(map(is_reference, more)):
                    self._others.append(target)
            else:
                self.unwritten.append(target)
        self._texts = sorted(self._by_text)

    def called(self, text: str) -> Sequence[Target]:
        """Those of which this is the ARN."""
        return self._by_text.get(text, ())

    def like(self, tokens: Tokens) -> Iterator[Target]:
        """All that a pattern may match, and some that it does not."""
        first = tokens[0] if tokens else ""
        start = first if isinstance(first, str) and not has_holes(tokens) else ""
        low = bisect_left(self._texts, start)
        for text in self._texts[low : bisect_left(self._texts, start + _LAST, low)]:
            yield from self._by_text[text]
        yield from self.unwritten
        yield from self._others if start else ()
