"""Values as the code wrote them, turned into tokens that globs can match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.globs import Hole, Token, Tokens, compiled, has_holes, match, merged
from agentreach.access.verdict import Verdict, agreed
from agentreach.model import Kind, ListValue, OneOf, Reference, Scalar, Text, Unknown, alternatives, text_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from agentreach.access.request import Parts
    from agentreach.model import Value

_DISTINGUISHING: Final = frozenset({"arn", "bucket", "function_name", "id", "name", "ref", "table_name"})
"""Attributes that differ between any two declared things of one type (compared in lower case)."""

_MAY_HOLD_SLASHES: Final = ("ssm_parameter", "secretsmanager", "log_group", "iam_")


def parts_of(value: Value) -> Iterator[Parts]:
    """Every string a value may be, with holes; lists inside lists are flattened; structures are unknown."""
    for one in alternatives(value):
        if isinstance(one, ListValue):
            for item in one.items:
                yield from parts_of(item)
        elif parts := text_parts(one):
            yield parts


def literal(parts: Parts, *, fold: bool = False) -> Tokens:
    """The tokens of a subject: its text stands for itself, wildcards included."""
    if len(parts) == 1 and isinstance(parts[0], str) and parts[0] and not fold:
        return (parts[0],)
    return merged(_tokens(parts, fold=fold))


def _tokens(parts: Parts, *, fold: bool) -> Iterator[Token]:
    for part in parts:
        if isinstance(part, str):
            yield part.lower() if fold else part
        else:
            yield hole(part)


def glob(parts: Parts, *, fold: bool = False) -> Tokens:
    """The tokens of a pattern: `*` and `?` in its known text are wildcards."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return compiled(parts[0].lower() if fold else parts[0])
    return merged(_glob_tokens(parts, fold=fold))


def _glob_tokens(parts: Parts, *, fold: bool) -> Iterator[Token]:
    for part in parts:
        if isinstance(part, str):
            yield from compiled(part.lower() if fold else part)
        else:
            yield hole(part)


def hole(part: Unknown | Reference) -> Hole:
    """What is known about an unknown part: account ids are twelve digits, references have an identity."""
    if isinstance(part, Reference):
        return _symbol(part)
    match part.kind:
        case Kind.ACCOUNT:
            return Hole(digits=12, symbol=Kind.ACCOUNT, excludes=":/")
        case Kind.PARTITION:
            return Hole(symbol=Kind.PARTITION, excludes=":/")
        case Kind.REGION:
            return Hole(symbol=(Kind.REGION, part.at.source.path, part.reason), excludes=":/")
        case _:
            return Hole()


def _symbol(reference: Reference) -> Hole:
    address, attribute = reference.key.address, reference.attribute.lower()
    undecided = "[?]" in address
    return Hole(
        symbol=None if undecided else (reference.key, reference.attribute),
        family=attribute if attribute in _DISTINGUISHING and not undecided else "",
        excludes="" if any(word in address for word in _MAY_HOLD_SLASHES) else "/",
    )


def any_of(values: Iterable[Value], fits: Callable[[Parts], Verdict]) -> Verdict:
    """OR over the values of an element: the best answer any of them gives."""
    best = Verdict.DENIED
    for value in values:
        best = max(best, _fits(value, fits))
        if best is Verdict.ALLOWED:
            break
    return best


def _fits(value: Value, fits: Callable[[Parts], Verdict]) -> Verdict:
    match value:
        case OneOf():
            return agreed(tuple(_fits(one, fits) for one in value.alternatives))
        case ListValue():
            return max(any_of(value.items, fits), Verdict.POSSIBLE if value.open else Verdict.DENIED)
        case Scalar(value=None):
            return Verdict.DENIED
        case Scalar() | Text() | Reference() | Unknown():
            return fits(text_parts(value))
        case _:
            return Verdict.POSSIBLE


def of_thing(pattern: Tokens, texts: Sequence[Parts]) -> Verdict:
    """How a pattern matches a thing that may be written in several ways.

    Nothing written in whole can mean a reference, so references are asked only when there is nothing else.
    """
    if not has_holes(pattern):
        texts = [text for text in texts if not is_reference(text)] or texts
    return same_thing([match(pattern, literal(text)) for text in texts])


def is_reference(text: Parts) -> bool:
    """Whether a text is nothing but an attribute of something declared."""
    return len(text) == 1 and isinstance(text[0], Reference)


def same_thing(verdicts: Iterable[Verdict]) -> Verdict:
    """Several names of one thing were compared: one certain answer settles it, a match first."""
    answers = set(verdicts)
    if Verdict.ALLOWED in answers:
        return Verdict.ALLOWED
    return Verdict.DENIED if Verdict.DENIED in answers or not answers else Verdict.POSSIBLE
