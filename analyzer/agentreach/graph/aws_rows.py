"""What the AWS policies of a principal give it, as rows of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import actions, steps
from agentreach.access.verdict import Verdict
from agentreach.graph.action_shares import Share, any_wide, names_of, shares_of, step_of
from agentreach.graph.limits import Limits
from agentreach.graph.moments import gates_of
from agentreach.graph.rows import Rights, Row
from agentreach.graph.sentences import Pattern
from agentreach.graph.systems import Reached
from agentreach.identity import Evidence, Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.layers import Granted, LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.production import Environments
    from agentreach.graph.sentence_book import SentenceBook
    from agentreach.graph.sentences import Sentence
    from agentreach.graph.systems import SystemBook
    from agentreach.graph.views import GateView
    from agentreach.identity import Statement
    from agentreach.model import Key

_SHOWN = 3
_ANYTHING = Pattern((), "*", (), anything=True, unknown=False)
_LEAST = (Step.OBSERVE, True)


class _Part(NamedTuple):
    """Actions that are left, equally sure, and the resources they are left on."""

    bits: int
    certain: bool
    resources: tuple[Pattern, ...]


class _Worded(NamedTuple):
    """The actions of one step and service as a statement words them. Fields mean what they mean in `Rights`."""

    step: Step
    service: str
    bits: int
    written: tuple[str, ...]
    names: tuple[str, ...]
    wide: bool
    scopable: bool


class AwsRows:
    """Rows by principal, each computed once; what a statement gives is shared by all whom nothing limits there."""

    __slots__ = (
        "_environments",
        "_heights",
        "_highest",
        "_layers",
        "_limits",
        "_principals",
        "_rows",
        "_sentences",
        "_shared",
        "_systems",
        "_texts",
        "_wordings",
    )

    def __init__(
        self,
        layers: LayerBook,
        principals: PrincipalBook,
        systems: SystemBook,
        environments: Environments,
        sentences: SentenceBook,
    ) -> None:
        self._sentences = sentences
        self._layers = layers
        self._principals = principals
        self._systems = systems
        self._environments = environments
        self._limits: dict[Key, Limits] = {}
        self._rows: dict[Key, tuple[Row, ...]] = {}
        self._heights: dict[tuple[int, bool], tuple[Step, bool]] = {}
        self._highest: dict[Key, tuple[Step, bool]] = {}
        self._shared: dict[tuple[int, str, bool], tuple[Rights, ...]] = {}
        self._texts: dict[tuple[str, ...], Reached] = {}
        self._wordings: dict[tuple[int, bool, bool, int], tuple[_Worded, ...]] = {}

    def of(self, principal: Key) -> tuple[Row, ...]:
        """What a principal may do, by statement, service and step."""
        found = self._rows.get(principal)
        if found is None:
            granted = self._layers.statements(principal)
            found = self._rows[principal] = tuple([row for one in granted for row in self._of(principal, one)])
        return found

    def highest(self, principal: Key) -> tuple[Step, bool]:
        """The highest step that a principal holds, surely or not, without a row for each; metadata at least."""
        found = self._highest.get(principal)
        if found is None:
            found = max([(row.step, row.certain) for row in self._rows.get(principal, ())], default=_LEAST)
            if found[0] is Step.OBSERVE:
                several = [self._of_statement(principal, one) for one in self._layers.statements(principal)]
                found = max(several, default=_LEAST)
            self._highest[principal] = found
        return found

    def _of_statement(self, principal: Key, granted: Granted) -> tuple[Step, bool]:
        limits, applies = self._applying(principal, granted)
        if applies is Verdict.DENIED:
            return _LEAST
        return self._height(granted.statement, limits, certain=applies is Verdict.ALLOWED and granted.certain)

    def _height(self, statement: Statement, limits: Limits, *, certain: bool) -> tuple[Step, bool]:
        """The highest step of a statement; that of one which nothing limits is remembered."""
        one, key = self._sentences.of(statement), (id(statement), certain)
        concerned = limits.concern(one)
        found = None if concerned else self._heights.get(key)
        if found is None:
            parts = _parts(one, limits, certain=certain)
            found = max(((step_of(part.bits, anywhere=one.anywhere), part.certain) for part in parts), default=_LEAST)
            if not concerned:
                self._heights[key] = found
        return found

    def limits(self, principal: Key) -> Limits:
        """The denies, boundary and control policies of a principal."""
        found = self._limits.get(principal)
        if found is None:
            layers, facts = self._layers.of(principal), self._principals.facts(principal)
            found = self._limits[principal] = Limits(layers, facts, self._sentences)
        return found

    def limits_exhausted(self, principal: Key) -> bool:
        """Whether its limits were asked about more resources than can be compared."""
        found = self._limits.get(principal)
        return found is not None and found.exhausted

    def _applying(self, principal: Key, granted: Granted) -> tuple[Limits, Verdict]:
        limits = self.limits(principal)
        denies = granted.statement.effect == "Deny"
        return limits, Verdict.DENIED if denies else limits.applies(granted.statement)

    def _of(self, principal: Key, granted: Granted) -> Iterator[Row]:
        limits, applies = self._applying(principal, granted)
        if applies is Verdict.DENIED:
            return
        statement, attached = granted.statement, granted.attached
        gates = self._gates(principal, granted) if statement.conditions else ()
        cause = f"{attached.cause}:{statement.spot}"
        certain = applies is Verdict.ALLOWED and granted.certain
        for rights in self._rights(statement, principal.root, limits, certain=certain):
            yield Row(
                rights=rights,
                evidence=_evidence(granted, rights),
                cause=cause,
                policy=attached.policy,
                managed=attached.managed,
                standing=_standing(granted, gates),
                gates=gates,
            )

    def _gates(self, principal: Key, granted: Granted) -> tuple[GateView, ...]:
        subject = granted.attached.policy or principal
        return gates_of(granted.statement, subject, self._principals.tags(principal))

    def _rights(self, statement: Statement, root: str, limits: Limits, *, certain: bool) -> tuple[Rights, ...]:
        one = self._sentences.of(statement)
        if limits.concern(one):
            return tuple(self._divided(one, root, limits, certain=certain))
        key = (id(statement), root, certain)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = tuple(self._divided(one, root, limits, certain=certain))
        return found

    def _divided(self, one: Sentence, root: str, limits: Limits, *, certain: bool) -> Iterator[Rights]:
        for part in _parts(one, limits, certain=certain):
            resources = tuple([pattern.text for pattern in part.resources])
            said = self._said(resources)
            for worded in self._worded(one, part.bits):
                yield self._right(one, part, resources, said, worded, self._reached(one, worded, root, limits))

    @staticmethod
    def _right(
        one: Sentence, part: _Part, resources: tuple[str, ...], said: Reached, worded: _Worded, reached: Reached
    ) -> Rights:
        return Rights(
            step=worded.step,
            service=worded.service,
            provider="aws",
            actions=worded.written,
            names=worded.names,
            resources=resources,
            statement=one.statement,
            wildcard_action=worded.wide,
            wildcard_resource=one.anywhere,
            scopable=worded.scopable,
            systems=reached.systems,
            reached=reached.keys,
            production=reached.production or said.production,
            environments=reached.environments | said.environments if said.environments else reached.environments,
            certain=part.certain,
            conditional=bool(one.statement.conditions),
            bits=worded.bits,
        )

    def _worded(self, one: Sentence, bits: int) -> tuple[_Worded, ...]:
        """What some actions of a statement are by step and service; many statements list the same actions."""
        key = (id(one.elements), one.spans, one.anywhere, bits)
        found = self._wordings.get(key)
        if found is None:
            everything = [Share(Step.ADMIN, "*", bits)] if one.anywhere and steps.is_admin(bits) else []
            several = (*everything, *shares_of(bits, together=one.spans))
            found = self._wordings[key] = tuple(_wording(one, share) for share in several)
        return found

    def _said(self, resources: tuple[str, ...]) -> Reached:
        """What the texts of resources say about environments."""
        found = self._texts.get(resources)
        if found is None:
            around = frozenset(one for text in resources if (one := self._environments.of_text(text)) is not None)
            production = any(self._environments.says_production(text) for text in resources)
            found = self._texts[resources] = Reached((), production, around)
        return found

    def _reached(self, one: Sentence, worded: _Worded, root: str, limits: Limits) -> Reached:
        """Declared systems that the statement includes and that no Deny takes away."""
        named = () if worded.service == "*" else worded.names
        found = self._systems.reached(one, worded.service, root, named)
        if not found.systems or not limits.denies(worded.bits):
            return found
        left = (system for system in found.systems if self._systems.is_left(system, worded.bits, limits))
        return self._systems.described(left)


def _wording(one: Sentence, share: Share) -> _Worded:
    step, service, bits = share
    written = one.written(bits, service)
    return _Worded(
        step=step,
        service=service,
        bits=bits,
        written=written,
        names=("*",) if step is Step.ADMIN else names_of(bits),
        wide=any_wide(written),
        scopable=step is Step.ADMIN or bool(bits & (actions.mask("resource-level") | ~actions.known_bits())),
    )


def _parts(one: Sentence, limits: Limits, *, certain: bool) -> Iterator[_Part]:
    """Divide by how sure the actions are, resources that allow the same together: all of them where nothing limits."""
    if limits.free and not one.maybe and not any(resource.unknown for resource in one.resources):
        if one.given:
            yield _Part(one.given, certain, one.resources or (_ANYTHING,))
        return
    left: dict[tuple[int, bool], list[Pattern]] = {}
    for resource in one.resources or (_ANYTHING,):
        for bits, sure in _left(one, limits, resource, certain=certain):
            left.setdefault((bits, sure), []).append(resource)
    for (bits, sure), resources in left.items():
        yield _Part(bits, sure, tuple(resources))


def _left(one: Sentence, limits: Limits, resource: Pattern, *, certain: bool) -> Iterator[tuple[int, bool]]:
    sure, perhaps = limits.left(one.given, resource)
    maybe = limits.left(one.maybe, resource) if one.maybe else None
    if not certain or resource.unknown:
        sure, perhaps = 0, sure | perhaps
    if sure:
        yield sure, True
    if maybe is not None:
        perhaps |= maybe.certain | maybe.possible
    if perhaps:
        yield perhaps, False


def _standing(granted: Granted, gates: tuple[GateView, ...]) -> bool | None:
    if gates:
        return False if granted.certain else None
    return True


def _evidence(granted: Granted, rights: Rights) -> tuple[Evidence, ...]:
    """The statement's own line; for a provider's own policy, which has none here, the line that attaches it."""
    attached = granted.attached
    what = f"allows {_some(rights.actions)} on {_some(rights.resources)}"
    if attached.managed:
        first, *rest = attached.evidence
        return (Evidence(first.at, f"{attached.managed.rpartition('/')[2]} {what}"), *rest)
    return (Evidence(granted.statement.at, what), *attached.evidence)


def _some(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
