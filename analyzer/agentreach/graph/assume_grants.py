"""Which roles a principal's own policies let it assume, as sets: whatever the trusts of the roles say.

Every layer allows some roles surely and some perhaps, and so it denies. Layers are joined by operations on sets, so
that a boundary, a Deny or a control policy costs no question for each role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.request import PrincipalKind, Request
from agentreach.access.statements import asked_from
from agentreach.access.variables import pattern as filled
from agentreach.access.verdict import Verdict
from agentreach.graph.role_index import NOBODY, Meant, united
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.access.request import Layers
    from agentreach.access.statements import Asked
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.role_index import RoleIndex
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.graph.sentences import Pattern, Sentence
    from agentreach.identity import Statement
    from agentreach.model import Key, Span

ASSUME: Final = "sts:AssumeRole"


class Own(NamedTuple):
    """What the policies of one principal say about assuming roles.

    `allowed`: what all layers together allow. `left`: what no Deny takes and boundary and control policies let
    through, which is what a trust that names the principal gives without a word of its own policies.
    """

    allowed: Meant
    left: Meant


class AssumeGrants:
    """Answers once per principal. What a statement means is worked out once, however many principals hold it."""

    __slots__ = ("_found", "_layers", "_lines", "_meant", "_principals", "_reduced", "_roles", "_sentences", "_wanted")

    def __init__(self, roles: RoleIndex, layers: LayerBook, principals: PrincipalBook, sentences: SentenceBook) -> None:
        self._roles = roles
        self._layers = layers
        self._principals = principals
        self._sentences = sentences
        self._wanted = actions.expand(ASSUME)
        self._found: dict[Key, Own] = {}
        self._lines: dict[Key, list[tuple[int, Span]]] = {}
        self._reduced: dict[Key, Layers] = {}
        self._meant: dict[tuple[int, str | None], Meant] = {}

    def of(self, principal: Key) -> Own:
        """The roles that the principal's own policies let it assume."""
        found = self._found.get(principal)
        if found is None:
            found = self._found[principal] = self._read(principal)
        return found

    def sentences(self, principal: Key) -> Iterator[Sentence]:
        """The identity statements that may let it assume something."""
        return (self._sentences.of(one) for one in self._about(principal).identity if one.effect != "Deny")

    def line(self, principal: Key, role: int) -> Span | None:
        """Where its policies first speak about the role at a position."""
        lines = self._lines.get(principal)
        if lines is None:
            asked, several = self._asked(principal), self.sentences(principal)
            lines = [(self._speaks_of(one, asked, principal.root).all, one.statement.at) for one in several]
            self._lines[principal] = lines
        return next((at for meant, at in lines if meant >> role & 1), None)

    def _about(self, principal: Key) -> Layers:
        """The layers without the identity statements that do not speak about assuming roles."""
        found = self._reduced.get(principal)
        if found is None:
            layers = self._layers.of(principal)
            kept = tuple(one for one in layers.identity if self._sentences.speaks_of(one, self._wanted))
            found = self._reduced[principal] = layers if len(kept) == len(layers.identity) else _with(layers, kept)
        return found

    def _asked(self, principal: Key) -> Asked:
        facts = self._principals.facts(principal)
        return asked_from(Request(action=ASSUME, resource=(), principal=facts), facts.account)

    def _read(self, principal: Key) -> Own:
        layers = self._about(principal)
        limiting = [one for one in (layers.boundary, layers.session) if one is not None]
        if not layers.identity and not limiting and not layers.service_control:
            return Own(NOBODY, self._roles.everyone)
        asked, root = self._asked(principal), principal.root
        denied = self._said((*layers.identity, *(one for level in limiting for one in level)), "Deny", asked, None)
        left = self._roles.everyone
        for level in layers.service_control:
            left = _within(left, self._said(level, "Allow", asked, None))
            denied = united((denied, self._said(level, "Deny", asked, None)))
        bounded = left
        for level in limiting:
            bounded = _within(bounded, self._said(level, "Allow", asked, None))
        allowed = _within(self._said(layers.identity, "Allow", asked, root), _without(bounded, denied))
        direct = left if self._principals.facts(principal).kind is PrincipalKind.USER else bounded
        return Own(allowed, _without(direct, denied))

    def _said(self, statements: Iterable[Statement], effect: str, asked: Asked, root: str | None) -> Meant:
        """The roles that the statements of one effect (or an unknown one) speak about."""
        several = (one for one in statements if one.effect == effect or not isinstance(one.effect, str))
        return united(self._rated(one, asked, root) for one in several)

    def _rated(self, statement: Statement, asked: Asked, root: str | None) -> Meant:
        one = self._sentences.of(statement)
        applying = self._sentences.applies(statement, asked) if one.reach & self._wanted else Verdict.DENIED
        if applying is Verdict.DENIED:
            return NOBODY
        meant = self._speaks_of(one, asked, root)
        sure = applying is Verdict.ALLOWED and one.bits & self._wanted and not one.unknown
        return meant if sure else Meant(0, meant.all)

    def _speaks_of(self, one: Sentence, asked: Asked, root: str | None) -> Meant:
        """The roles that a statement names. `root`: where a pattern that names nothing in particular stands."""
        patterns = one.excluded or one.resources
        if any(_has_variable(pattern) for pattern in patterns):
            return self._named(one, [_filled(pattern, one.statement, asked) for pattern in patterns], root)
        key = (id(one.statement), root)
        found = self._meant.get(key)
        if found is None:
            found = self._meant[key] = self._named(one, patterns, root)
        return found

    def _named(self, one: Sentence, patterns: Iterable[Pattern | None], root: str | None) -> Meant:
        named = united(self._pattern(pattern, root) for pattern in patterns if pattern is not None)
        return _without(self._roles.everyone, named) if one.excludes_resources else named

    def _pattern(self, pattern: Pattern, root: str | None) -> Meant:
        """A role of another root may live in another account: `*` only may mean it."""
        meant = self._roles.meant(pattern)
        if root is None or not pattern.anything:
            return meant
        near = meant.surely & self._roles.near(root)
        return Meant(near, meant.all & ~near)


def _within(left: Meant, right: Meant) -> Meant:
    surely = left.surely & right.surely
    return Meant(surely, left.all & right.all & ~surely)


def _without(left: Meant, taken: Meant) -> Meant:
    surely = left.surely & ~taken.all
    return Meant(surely, left.all & ~taken.surely & ~surely)


def _has_variable(pattern: Pattern) -> bool:
    return any(isinstance(part, str) and "${" in part for part in pattern.parts)


def _filled(pattern: Pattern, statement: Statement, asked: Asked) -> Pattern | None:
    """A pattern with the values that its policy variables have for who asks; None when one has none."""
    tokens = filled(pattern.parts, asked.context, version=statement.version, account=asked.account)
    return None if tokens is None else replace(pattern, tokens=tokens)


def _with(layers: Layers, identity: tuple[Statement, ...]) -> Layers:
    return replace(layers, identity=identity)
