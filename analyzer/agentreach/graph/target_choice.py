"""Of very many declared things of a kind, those that an attacker's policies name and the best of those they cover.

A pattern with wildcards over thousands of roles says one thing: the strongest of them. So does `*` over secrets.
What is chosen for a pattern is chosen once, whoever holds the pattern.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access.escalation_outside import may_be_of
from agentreach.access.globs import STAR
from agentreach.access.patterns import of_thing
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


class TargetChoice:
    """Answers by root, kind and pattern."""

    __slots__ = ("_by_text", "_edges", "_found", "_strongest", "_targets", "_unwritten")

    def __init__(self, targets: TargetBook, strongest: Strongest, edges: Edges) -> None:
        self._targets = targets
        self._strongest = strongest
        self._edges = edges
        self._found: dict[tuple[str, str, Tokens], tuple[Target, ...]] = {}
        self._by_text: dict[tuple[str, str], dict[str, list[Target]]] = {}
        self._unwritten: dict[tuple[str, str], list[Target]] = {}

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
        if len(tokens) == 1 and isinstance(tokens[0], str):
            texts = self._texts(root, kind)
            yield from texts.get(tokens[0], ())
            several: Sequence[Target] = self._unwritten[root, kind]
        else:
            several = self._targets.of_kind(root, kind)
        for target in several:
            if tokens == _EVERYTHING or of_thing(tokens, target.texts) is not Verdict.DENIED:
                yield target

    def _texts(self, root: str, kind: str) -> dict[str, list[Target]]:
        """Targets by their ARN; those whose ARN is not known in whole are kept apart."""
        found = self._by_text.get((root, kind))
        if found is None:
            written: defaultdict[str, list[Target]] = defaultdict(list)
            unwritten = []
            for target in self._targets.of_kind(root, kind):
                first = target.texts[0]
                if len(first) == 1 and isinstance(first[0], str):
                    written[first[0]].append(target)
                else:
                    unwritten.append(target)
            found = self._by_text[root, kind] = dict(written)
            self._unwritten[root, kind] = unwritten
        return found

    def _role(self, target: Key) -> Key:
        """The role that a thing runs as, whose strength is its own; a role is its own."""
        roles = self._edges.principals_of(target)
        return self._edges.behind_profile(roles[0]) if roles else target
