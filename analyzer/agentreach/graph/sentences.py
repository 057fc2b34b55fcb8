"""A policy statement compiled once: which actions it names, as a bitset, and which resources, as patterns."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.globs import Hole, merged
from agentreach.access.patterns import glob, parts_of
from agentreach.graph.spelling import spell
from agentreach.model import Scalar, Text, Unknown, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.globs import Token, Tokens
    from agentreach.access.request import Parts
    from agentreach.identity import Statement
    from agentreach.model import Value

_NEIGHBOURS: Final = {"iam": ("sts",), "ec2": ("ssm", "ec2-instance-connect"), "elasticloadbalancing": ()}
"""Services whose actions are granted on ARNs of another service."""

_NAME_FIRST: Final = frozenset({"s3", "sns", "sqs", "execute-api", "codecommit", "codepipeline"})
"""Services whose ARNs begin with the name of the thing, not with its type: `bucket/key`, `api/stage`."""

_PARTS_BEFORE_RESOURCE: Final = 5


@dataclass(frozen=True, slots=True)
class Pattern:
    """One resource as written, as text for people, and compiled. `anything`: any resource of its kind."""

    parts: Parts
    text: str
    tokens: Tokens
    anything: bool
    unknown: bool


class Element(NamedTuple):
    """One action pattern as written, its service (None: several), and what it covers or may cover."""

    text: str
    service: str | None
    bits: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """`bits`: actions that the statement surely names; `maybe`: those that an unknown element may add.

    `spans` is True when one pattern covers several services (`*`, `NotAction`). `unknown`: it may name any action.
    `given`: the actions it gives: of those that the catalogue does not know only what it names itself. A wildcard
    covers every unknown action that any policy mentions, which is what a Deny needs to know; what it allows must not
    depend on what others write. `reach`: every action it may speak about.
    `anywhere`: it speaks about every resource of a kind. `everything`: about all resources without exception.
    """

    statement: Statement
    bits: int
    maybe: int
    spans: bool
    resources: tuple[Pattern, ...]
    excludes_resources: bool
    elements: tuple[Element, ...] = ()
    excluded: tuple[Pattern, ...] = ()
    unknown: bool = False
    anywhere: bool = False
    everything: bool = False
    given: int = 0
    reach: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """Its action patterns as written."""
        kind = "NotAction " if self.statement.not_actions else ""
        return tuple(f"{kind}{one.text}" for one in self.elements)

    def written(self, bits: int, service: str) -> tuple[str, ...]:
        """The action patterns as written that cover some of a set of one service ("*": of any)."""
        if self.statement.not_actions:
            return tuple(f"NotAction {one.text}" for one in self.elements)
        if len(self.elements) == 1:
            return (self.elements[0].text,)
        near = self.elements if service == "*" else [one for one in self.elements if one.service in {service, None}]
        return tuple(dict.fromkeys([one.text for one in near if one.bits & bits]))


def sentence(statement: Statement) -> Sentence:
    """Compile a statement."""
    named = statement.not_actions or statement.actions
    meant = meant_by(named, excluded=bool(statement.not_actions))
    listed = statement.resources or statement.not_resources
    resources = tuple([one for value in listed for one in _patterns(value)])
    excludes_resources = bool(statement.not_resources) or not listed
    unknown = statement.open or any(isinstance(one, Unknown) for one in named)
    everything = not excludes_resources and any(one.text == "*" for one in resources)
    if meant.spans and not excludes_resources and not everything:
        meant = _narrowed(meant, resources)
    return Sentence(
        statement=statement,
        bits=meant.bits,
        maybe=meant.maybe,
        spans=meant.spans,
        resources=resources if statement.resources else (),
        excluded=() if statement.resources else resources,
        excludes_resources=excludes_resources,
        elements=meant.elements,
        unknown=unknown,
        anywhere=excludes_resources or any(one.anything for one in resources),
        everything=everything,
        given=meant.given,
        reach=actions.all_bits() if unknown else meant.reach,
    )


class Meant(NamedTuple):
    """What a list of actions, or the complement of one, means. Fields mean what they mean in `Sentence`."""

    bits: int
    maybe: int
    elements: tuple[Element, ...]
    unlisted: int
    spans: bool
    given: int
    reach: int


def meant_by(values: tuple[Value, ...], *, excluded: bool) -> Meant:
    """What a list of actions means, or the complement of one."""
    texts = [string(value) for value in values]
    known = tuple([text for text in texts if text is not None])
    if len(known) == len(texts):
        return _of_texts(known, actions.generation(), excluded=excluded)
    elements, sure, maybe = [], 0, 0
    for value, text in zip(values, texts, strict=True):
        bits = actions.expand(text) if text is not None else 0
        perhaps = 0 if text is not None else _perhaps(value)
        sure |= bits
        maybe |= perhaps
        elements.append(_element(spell(value), bits | perhaps))
    return _named(sure, maybe & ~sure, tuple(elements), excluded=excluded)


@lru_cache(maxsize=16384)
def _of_texts(texts: tuple[str, ...], _generation: int, *, excluded: bool) -> Meant:
    """Equal lists recur in many policies."""
    elements = tuple(_element(text, actions.expand(text)) for text in texts)
    return _named(actions.expand_all(texts), 0, elements, excluded=excluded)


def _named(bits: int, maybe: int, elements: tuple[Element, ...], *, excluded: bool) -> Meant:
    """Of what a list names surely and perhaps; what a complement leaves."""
    unlisted, known = 0, actions.known_bits()
    if excluded:
        bits, maybe = actions.all_bits() & ~(bits | maybe), maybe & ~bits
    else:
        for one in elements:
            unlisted |= 0 if one.bits & known else one.bits
    spans = excluded or any(one.service is None for one in elements)
    return _within(Meant(bits, maybe, elements, unlisted, spans, 0, 0), bits, maybe)


def _within(one: Meant, bits: int, maybe: int) -> Meant:
    """The same list, of which this much is meant."""
    given = bits & (actions.known_bits() | one.unlisted)
    return one._replace(bits=bits, maybe=maybe, given=given, reach=bits | maybe if maybe else bits)


def _narrowed(one: Meant, resources: tuple[Pattern, ...]) -> Meant:
    """`*` on an ARN of one service grants that service's actions only."""
    services = {service for resource in resources for service in _services(resource)}
    if None in services:
        return one
    around = {name for service in services if service for name in (service, *_NEIGHBOURS.get(service, ()))}
    bits = actions.expand_all(f"{name}:*" for name in sorted(around))
    return _within(one, one.bits & bits, one.maybe & bits)._replace(spans=False)


def _element(text: str, bits: int) -> Element:
    service = text.partition(":")[0].lower()
    return Element(text, service if service.replace("-", "").isalnum() else None, bits)


def _services(resource: Pattern) -> Iterator[str | None]:
    parts = resource.text.split(":", _PARTS_BEFORE_RESOURCE)
    known = len(parts) > 2 and parts[2].replace("-", "").isalnum()  # noqa: PLR2004 - arn:partition:service
    yield parts[2] if known else None


def _perhaps(value: Value) -> int:
    """The actions that a partly known element may mean: those of its service, when that is known."""
    possible = 0
    if isinstance(value, Scalar | Unknown):
        return possible
    for parts in parts_of(value):
        first = parts[0]
        if isinstance(first, str) and len(parts) == 1:
            possible |= actions.expand(first)
        elif isinstance(first, str) and ":" in first:
            possible |= actions.expand(f"{first.partition(':')[0]}:*")
    return possible


def _patterns(value: Value) -> Iterator[Pattern]:
    return (pattern_of(parts, value) for parts in parts_of(value))


def pattern_of(parts: Parts, value: Value) -> Pattern:
    """Compile one resource; a policy variable in it is a hole."""
    only = parts[0]
    return _of_text(only) if len(parts) == 1 and isinstance(only, str) else _pattern(parts, value)


@lru_cache(maxsize=16384)
def _of_text(text: str) -> Pattern:
    return _compiled((text,), text)


def _pattern(parts: Parts, value: Value) -> Pattern:
    return _compiled(parts, spell(Text(parts, value.at)))


def _compiled(parts: Parts, text: str) -> Pattern:
    unknown = len(parts) == 1 and isinstance(parts[0], Unknown)
    tokens = merged(tuple(_without_variables(glob(parts)))) if "${" in text else glob(parts)
    return Pattern(parts, text, tokens, _anything(text), unknown)


def _without_variables(tokens: Tokens) -> Iterator[Token]:
    """`${aws:username}` may be any text without wildcards of its own."""
    for token in tokens:
        if not isinstance(token, str):
            yield token
            continue
        first, *rest = token.split("${")
        yield first
        for piece in rest:
            name, closing, after = piece.partition("}")
            yield Hole() if closing else name
            yield after


@cache
def _anything(text: str) -> bool:
    """`*`, or an ARN of which the resource part names nothing: `arn:aws:s3:::*`, `arn:aws:iam::*:role/*`."""
    if text.strip("*") == "":
        return bool(text)
    parts = text.split(":", _PARTS_BEFORE_RESOURCE)
    if len(parts) <= _PARTS_BEFORE_RESOURCE:
        return False
    first, separator, rest = parts[-1].replace("/", ":").partition(":")
    if not separator or parts[2] in _NAME_FIRST:
        return set(first) <= {"*"}
    return set(first) <= {"*"} or (rest != "" and set(rest) <= {"*", ":"})
