"""A smaller list in the words of the file: what is not called for goes, everything around it stays as it is written."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Span, string
from agentreach.named_tuples import NamedTuple
from agentreach.remedies.edits import ByHand, indentation, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agentreach.remedies.documents import Documents
    from agentreach.remedies.hcl import HclFile

NATIVE = (".tf", ".tofu")
_ELSEWHERE = "what it allows is not written there as a list: change it where that is made"


class Written(NamedTuple):
    """Text to put in the place of `at`, in the syntax of its file. `elsewhere`: not within the statement it serves."""

    text: str
    at: Span
    elsewhere: bool = False


class _Item(NamedTuple):
    """One element: as it is written, and the literal that it is; None for an expression."""

    text: str
    literal: str | None
    start: int


class _List(NamedTuple):
    """An attribute that holds a list, or one literal in the place of one (`alone`). `until` is where it ends."""

    name: Span
    at: Span
    until: int
    items: tuple[_Item, ...]
    native: bool
    alone: bool


def narrowed(at: Span, replacing: Mapping[str, Sequence[str]], whole: Span | None = None, name: str = "") -> Written:
    """The list around an element, with each literal of `replacing` replaced by what is left of it.

    With `name`, the list of that name in the mapping or block at `at`. What is returned is `whole` where the list
    stands in it, else the attribute alone. Raises `ByHand` where no list of literals is written there.
    """
    found = _list(at, name)
    if not any(item.literal in replacing for item in found.items):
        raise ByHand(_ELSEWHERE)
    text, start = _rendered(found, replacing), found.at.start
    inside = whole is not None and _holds(whole, found.at)
    around = whole if whole is not None and inside else Span(at.source, found.name.start, found.until)
    source = at.source.text
    changed = source[around.start : start] + text + source[found.at.end : around.end]
    first, newline, rest = changed.partition("\n")
    text = f"{first}{newline}{textwrap.dedent(rest)}" if newline else first
    return Written(text, around, elsewhere=whole is not None and not inside)


def around_role(role: Span) -> Span | None:
    """The declaration that assigns a role, where it names the role itself; None where the role is one of a list."""
    if not role.source.path.endswith(NATIVE):
        return None
    from agentreach.remedies.hcl import hcl_file  # noqa: PLC0415 - manifests alone need no Terraform

    file = hcl_file(role.source)
    block = file.resource(role.start)
    return Span(role.source, block.start, block.end) if block.type == "resource" else None


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end


def _list(at: Span, name: str) -> _List:
    if at.source.path.endswith(NATIVE):
        from agentreach.remedies.hcl import hcl_file  # noqa: PLC0415 - manifests alone need no Terraform

        file = hcl_file(at.source)
        within = file.embedded(at.start)
        if within is None:
            return _native(file, at, name)
    else:
        within = None
    from agentreach.remedies.documents import Documents, documents_of  # noqa: PLC0415 - Terraform alone needs no YAML

    documents = documents_of(at.source) if within is None else Documents(within)
    inner = documents.embedded(at.start)
    return _documented(documents if inner is None else Documents(inner), at, name)


# Native syntax -------------------------------------------------------------------------------------------------


def _native(file: HclFile, at: Span, name: str) -> _List:
    from agentreach.parsers.terraform.syntax import TupleExpression  # noqa: PLC0415 - see above

    own = (one for one in file.entries(file.holder(at.start)) if one.name == name)
    entry = next(own, None) if name else file.entry_around(at.start)
    if entry is None:
        raise ByHand(_ELSEWHERE)
    inner = [one for one in file.around(at.start) if isinstance(one, TupleExpression) and one.start >= entry.start]
    value = inner[-1] if inner else entry.value
    alone = not isinstance(value, TupleExpression)
    if alone:
        file.literal(entry)
    nodes = value.items if isinstance(value, TupleExpression) else (value,)
    texts = [(file.text[one.start : one.end], one.start) for one in nodes]
    return _List(
        name=Span(at.source, entry.start, entry.start),
        at=Span(at.source, value.start, value.end),
        until=entry.end,
        items=tuple(_Item(text, _literal(text), start) for text, start in texts),
        native=True,
        alone=alone,
    )


def _literal(text: str) -> str | None:
    """What a quoted string without template sequences says."""
    if text[:1] != '"' or "${" in text or "%{" in text:
        return None
    try:
        return str(json.loads(text))
    except ValueError:
        return None


# YAML and JSON -------------------------------------------------------------------------------------------------


def _documented(documents: Documents, at: Span, name: str) -> _List:
    around = documents.around(at.start)
    holder = next((one for one in reversed(around) if isinstance(one, MapValue)), None)
    if holder is None:
        raise ByHand(_ELSEWHERE)
    for key, value in holder.entries.items():
        place = holder.keys.get(key)
        if place is not None and (key == name if name else value.at.start <= at.start < value.at.end):
            return _listed(place, value)
    raise ByHand(_ELSEWHERE)


def _listed(name: Span, value: object) -> _List:
    if not isinstance(value, ListValue | Scalar):
        raise ByHand("what it allows is made by a function: change it by hand")
    alone = isinstance(value, Scalar)
    inner = value.items if isinstance(value, ListValue) else (value,)
    items = tuple(_Item(one.at.text, string(one) if isinstance(one, Scalar) else None, one.at.start) for one in inner)
    return _List(name=name, at=value.at, until=value.at.end, items=items, native=False, alone=alone)


# As text -------------------------------------------------------------------------------------------------------


def _left(found: _List, replacing: Mapping[str, Sequence[str]]) -> Iterator[str]:
    quoted = found.native or any(item.text[:1] == '"' for item in found.items)
    for item in found.items:
        if item.literal is None or item.literal not in replacing:
            yield item.text
        else:
            yield from (json.dumps(one) if quoted else _plain(one) for one in replacing[item.literal])


def _plain(text: str) -> str:
    return text if text[:1].isalpha() and ": " not in text and " #" not in text else json.dumps(text)


def _rendered(found: _List, replacing: Mapping[str, Sequence[str]]) -> str:
    left = list(dict.fromkeys(_left(found, replacing)))
    text = found.at.source.text
    if found.alone and len(left) == 1:
        return left[0]
    written = text[found.at.start : found.at.end]
    if not found.alone and written[:1] != "[":
        first = found.items[0].start
        dash = text[found.at.start : first]
        return dash + f"\n{text[line_start(text, first) : first]}".join(left)
    if "\n" not in written or not found.items:
        return f"[{', '.join(left)}]"
    inner = indentation(text, found.items[0].start)
    outer = indentation(text, found.at.end - 1)
    last = "," if found.native else ""
    return "[\n" + ",\n".join(f"{inner}{one}" for one in left) + f"{last}\n{outer}]"
