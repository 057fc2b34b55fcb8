"""The one reader of AWS-style policy documents, whatever they are written in.

A document is a map (CloudFormation, inline HCL objects), an `Encoded` structure (`jsonencode`,
`aws_iam_policy_document`), a JSON text with or without holes (heredocs, `Fn::Sub`, plan files), one of
several of these, or unknown. Every statement keeps the span of the text that declared it.

Undecided values never disappear: what is in every alternative stays certain, what is only in some
becomes a second statement with `certain=False`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Condition, Policy, Statement, Trusted
from agentreach.lowering.json_text import decode
from agentreach.model import (
    Broken,
    Encoded,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Text,
    Unknown,
    alternatives,
    child,
    elements,
    string,
    text_parts,
)
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.identity import PolicyRole
    from agentreach.model import Key, Span, Value

_VERSION = "2012-10-17"
_OLD_VERSION = "2008-10-17"


def read(
    value: Value | None,
    *,
    key: Key,
    role: PolicyRole,
    at: Span | None = None,
    subject: Key | Value | None = None,
    names: tuple[Value, ...] = (),
    certain: bool = True,
) -> Policy:
    """Read a policy document. `key` is the resource that declares it, `at` where, if not at the value itself.

    `policy.unknown` says why a document, or one of the documents it may be, cannot be read: only known
    at deploy time, or (with the place of the mistake) not valid JSON. Absent, null and empty documents
    have no statements and are not unknown.
    """
    statements: list[Statement] = []
    unknown: Unknown | None = None
    branches = tuple(alternatives(value)) if value is not None else ()
    for branch in branches:
        document = structure(branch)
        if isinstance(document, Unknown):
            unknown = unknown or document
        elif isinstance(document, MapValue) and document.open and "Statement" not in document.entries:
            unknown = unknown or Unknown("the document may hold more than the code says", document.at)
        else:
            statements.extend(_statements(document, certain=certain and len(branches) == 1))
    place = at or (value.at if value is not None else None)
    if place is None:
        raise ValueError(f"{key}: an absent document needs a place")
    return Policy(
        key=key, role=role, statements=tuple(statements), at=place, subject=subject, names=names, unknown=unknown
    )


def structure(value: Value) -> Value | Unknown:
    """Return a document's structure: JSON text decoded, `Encoded` unwrapped. Unknown says why there is none."""
    match value:
        case Encoded(value=inner):
            return structure(inner)
        case Scalar(value=None) | Scalar(value=""):
            return MapValue({}, value.at)
        case Text() | Scalar(value=str()):
            return _decoded(value)
        case Reference():
            return Unknown(f"{value.key}.{value.attribute} is only known after deployment", value.at)
        case ListValue() | MapValue() | Unknown():
            return value
        case _:
            return Unknown("not a policy document", value.at)


def _decoded(value: Scalar | Text) -> Value | Unknown:
    if isinstance(value, Text) and not any(isinstance(part, str) and part.strip() for part in value.parts):
        return Unknown(_reason(value), value.at)
    document = decode(value)
    return Unknown(document.message, document.at) if isinstance(document, Broken) else document


def _reason(value: Text) -> str:
    hole = next((part for part in value.parts if not isinstance(part, str)), None)
    if isinstance(hole, Unknown):
        return hole.reason
    return f"{hole.key}.{hole.attribute} is only known after deployment" if hole else "the document is blank"


def _statements(document: Value, *, certain: bool) -> Iterator[Statement]:
    entries = child(document, "Statement")
    version = string(child(document, "Version")) or _OLD_VERSION
    is_open = isinstance(entries, ListValue) and entries.open
    if isinstance(entries, Unknown | Reference | Text):
        yield _anything(entries, version)
        return
    for index, (entry, always) in enumerate(_entries(entries)):
        yield from _statement(entry, f"#{index}", version, certain=certain and always)
    if is_open and entries is not None:
        yield _anything(Unknown("the list of statements may hold more", entries.at), version)


def _entries(value: Value | None) -> Iterator[tuple[Value, bool]]:
    """The elements of a statement list, and whether each is there whatever is undecided: equal in every alternative."""
    branches = [elements(branch) for branch in alternatives(value)] if value is not None else []
    placed = [_by_place(branch) for branch in branches] if len(branches) > 1 else []
    for number, branch in enumerate(branches):
        for item in branch:
            always = all(item in others.get(item.at, ()) for others in placed)
            if number == 0 or not always:
                yield item, always


def _by_place(items: Iterable[Value]) -> dict[Span, list[Value]]:
    """Equal values stand at the same place."""
    found: dict[Span, list[Value]] = {}
    for item in items:
        found.setdefault(item.at, []).append(item)
    return found


def _anything(value: Value, version: str) -> Statement:
    """Make a statement of which nothing is known: it may allow or deny anything, or not exist."""
    reason = value if isinstance(value, Unknown) else Unknown("only known at deploy time", value.at)
    return Statement(
        effect=reason,
        actions=(reason,),
        resources=(reason,),
        at=value.at,
        spot="#?",
        certain=False,
        open=True,
        conditions_open=True,
        version=version,
    )


def _statement(entry: Value, spot: str, version: str, *, certain: bool) -> Iterator[Statement]:
    branches = tuple(alternatives(entry))
    for branch in branches:
        if isinstance(branch, MapValue):
            yield from _sentence(branch, spot, version, certain=certain and len(branches) == 1)
        elif isinstance(branch, ListValue):
            for inner in branch.items:
                yield from _statement(inner, spot, version, certain=certain and len(branches) == 1)
        elif not (isinstance(branch, Scalar) and branch.value is None):
            yield _anything(branch, version)


class _List(NamedTuple):
    """The elements of an Action-like element: those of every alternative, and those of any."""

    always: tuple[Value, ...]
    ever: tuple[Value, ...]
    open: bool = False


def _sentence(entry: MapValue, spot: str, version: str, *, certain: bool) -> Iterator[Statement]:
    positive = {name: _list(entry.entries.get(name)) for name in ("Action", "Resource")}
    negative = {name: _list(entry.entries.get(name)) for name in ("NotAction", "NotResource")}
    conditions, decided = _conditions(entry.entries.get("Condition"))
    lists = (*positive.values(), *negative.values())
    is_open = entry.open or any(one.open for one in lists)

    def build(
        pick: Callable[[_List], tuple[Value, ...]], drop: Callable[[_List], tuple[Value, ...]], *, sure: bool
    ) -> Statement:
        return Statement(
            effect=_effect(entry),
            actions=pick(positive["Action"]),
            not_actions=drop(negative["NotAction"]),
            resources=pick(positive["Resource"]),
            not_resources=drop(negative["NotResource"]),
            principals=tuple(_principals(entry.entries.get("Principal"))),
            not_principals=tuple(_principals(entry.entries.get("NotPrincipal"))),
            conditions=conditions,
            at=entry.at,
            spot=string(entry.entries.get("Sid")) or spot,
            certain=sure,
            open=is_open,
            conditions_open=not decided,
            version=version,
        )

    sure = certain and decided and not entry.open
    undecided = any(one.always != one.ever for one in lists)
    if not undecided or (positive["Action"].always or negative["NotAction"].ever):
        yield build(_always, _ever, sure=sure)
    if undecided:
        yield build(_ever, _always, sure=False)


def _always(one: _List) -> tuple[Value, ...]:
    return one.always


def _ever(one: _List) -> tuple[Value, ...]:
    return one.ever


def _effect(entry: MapValue) -> str | Unknown:
    effect = entry.entries.get("Effect")
    known = string(effect)
    if known in ("Allow", "Deny"):
        return known
    if isinstance(effect, Unknown):
        return effect
    place = entry.at if effect is None else effect.at
    return Unknown("the statement's effect is neither Allow nor Deny", place)


def _list(value: Value | None) -> _List:
    """Sort the elements of a list that may be undecided as a whole or element by element."""
    branches = tuple(alternatives(value)) if value is not None else ()
    if len(branches) > 1:
        lists = tuple(_list(branch) for branch in branches)
        ever = tuple(item for one in lists for item in one.ever)
        return _List(_common(lists), ever, any(one.open for one in lists))
    items = elements(branches[0]) if branches else ()
    always = tuple(item for item in items if not isinstance(item, OneOf | ListValue))
    nested = tuple(_list(item) for item in items if isinstance(item, OneOf | ListValue))
    is_open = bool(branches) and isinstance(branches[0], ListValue) and branches[0].open
    return _List(
        always + tuple(item for one in nested for item in one.always),
        always + tuple(item for one in nested for item in one.ever),
        is_open or any(one.open for one in nested),
    )


def _common(lists: tuple[_List, ...]) -> tuple[Value, ...]:
    """Elements of the first list whose text every other list has too."""
    others = [{_text(item) for item in one.always} for one in lists[1:]]
    return tuple(item for item in lists[0].always if all(_text(item) in other for other in others))


def _text(item: Value) -> tuple[object, ...]:
    """Return what an element says, wherever it is written."""
    return tuple(
        part if isinstance(part, str) else (part.key, part.attribute) if isinstance(part, Reference) else id(part)
        for part in text_parts(item)
    )


def _principals(value: Value | None) -> Iterator[Trusted]:
    for branch in alternatives(value) if value is not None else ():
        if isinstance(branch, MapValue):
            for kind, names in branch.entries.items():
                yield from (Trusted(kind, name) for name in _list(names).ever)
        elif string(branch) == "*":
            yield Trusted("*", branch)
        elif not (isinstance(branch, Scalar) and branch.value is None):
            yield from (Trusted(kind, branch) for kind in ("AWS", "Service", "Federated"))


def _conditions(value: Value | None) -> tuple[tuple[Condition, ...], bool]:
    """Return the conditions that surely apply, and whether these are all there are."""
    branches = tuple(alternatives(value)) if value is not None else ()
    if len(branches) != 1:
        return (), not branches
    block = branches[0]
    if isinstance(block, Scalar) and block.value is None:
        return (), True
    if not isinstance(block, MapValue):
        return (), False
    found: list[Condition] = []
    decided = not block.open
    for operator, keys in block.entries.items():
        if not isinstance(keys, MapValue):
            decided = False
            continue
        decided = decided and not keys.open
        found.extend(
            Condition(operator, name, _list(values).ever, keys.keys.get(name, keys.at))
            for name, values in keys.entries.items()
        )
    return tuple(found), decided
