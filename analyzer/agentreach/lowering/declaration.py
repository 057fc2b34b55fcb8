"""Read one declaration the same way whatever language it is written in.

Lowerings ask for CloudFormation's property paths. `role_arn`, `RoleArn` and awscc's `role_arn` are one
name once underscores and capitals are gone; a Terraform block may be named in the singular; the few
names that really differ stand in a table per type (`lowering/aws/dialect.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.model import (
    Encoded,
    Format,
    ListValue,
    MapValue,
    OneOf,
    Scalar,
    Span,
    Text,
    alternatives,
    boolean,
    number,
    string,
)
from agentreach.records import field, made_often

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.model import Resource, Value


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name without the conventions of its language: "RoleArn" and "role_arn" are "rolearn"."""
    return name.replace("_", "").lower()


@made_often
class Scope:
    """A declaration, or a block within it, and the names its attributes go by.

    `prefix` is the path from the declaration ("ActionGroups"), the key for the table of names.
    """

    resource: Resource
    body: MapValue
    names: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    @property
    def place(self) -> Span:
        """Where the scope begins: what an attribute that nobody wrote is shown at."""
        return self.body.at if self.prefix else self.resource.at

    def get(self, path: str) -> Value | None:
        """The value at a path; None when absent, null, or behind a list of several."""
        found = self._find(path)
        return None if found is None else _present(found[0].entries[found[1]])

    def at(self, *paths: str) -> Span:
        """Where the first of these attributes that is written stands, from its name to its value; else the scope."""
        for path in paths:
            found = self._find(path)
            if found is not None and _present(found[0].entries[found[1]]) is not None:
                return _span(*found)
        return self.place

    def each(self, path: str) -> Iterator[Scope]:
        """Every map in a list of maps (blocks), or the one map there is; undecided ones too."""
        for value in self.values(path):
            if isinstance(value, MapValue):
                yield Scope(self.resource, value, self.names, self._full(path))

    def within(self, path: str) -> Scope | None:
        """The first map at a path."""
        return next(self.each(path), None)

    def values(self, path: str) -> Iterator[Value]:
        """Every element of a list, or the lone value; alternatives one by one; null ones left out."""
        yield from _flat(self.get(path))

    def text(self, path: str) -> str | None:
        """A known string, number or bool as text."""
        return string(self.get(path))

    def flag(self, path: str) -> bool | None:
        """A known bool."""
        return boolean(self.get(path))

    def number(self, path: str) -> float | None:
        """A known number."""
        return number(self.get(path))

    def has(self, path: str) -> bool:
        """Whether anything is written there, known or not."""
        return self.get(path) is not None

    def written(self, path: str) -> str:
        """The attribute's path as this language spells it, whether or not it is there."""
        if path in self.names:
            return self.names[path]
        return path if self.resource.format is Format.CLOUDFORMATION else _snake(path)

    def _full(self, path: str) -> str:
        return f"{self.prefix}.{path}" if self.prefix else path

    def _find(self, path: str) -> tuple[MapValue, str] | None:
        """The map that holds what stands at a path, and under which of its keys."""
        names = self.names
        return _follow(self.body, names.get(self._full(path), path) if names else path)


def _follow(body: MapValue, path: str) -> tuple[MapValue, str] | None:
    found: tuple[MapValue, str] | None = None
    value: Value = body
    for name in path.split("."):
        found = _entry(value, name)
        if found is None:
            return None
        value = found[0].entries[found[1]]
    return found


def _entry(value: Value, name: str) -> tuple[MapValue, str] | None:
    match value:
        case MapValue(entries=entries):
            key = _key(entries, name)
            return None if key is None else (value, key)
        case ListValue(items=(only,)):
            return _entry(only, name)
        case Encoded(value=inner):
            return _entry(inner, name)
        case OneOf():
            return next((found for one in alternatives(value) if (found := _entry(one, name))), None)
        case _:
            return None


def _key(entries: Mapping[str, Value], name: str) -> str | None:
    if name in entries:
        return name
    folded, names = fold(name), _by_fold(tuple(entries))
    if folded in names:
        return names[folded][0]
    singular = names.get(folded[:-1], ()) if folded.endswith("s") else ()
    return next((key for key in singular if _is_block(entries[key])), None)


@lru_cache(maxsize=4096)
def _by_fold(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Names by what they fold to; bodies of one type have the same few sets of names."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(fold(name), []).append(name)
    return found


def _is_block(value: Value) -> bool:
    """Blocks are named in the singular where CloudFormation has a list; plain attributes never are."""
    return isinstance(value, MapValue | ListValue)


def _span(body: MapValue, key: str) -> Span:
    """From an attribute's name to the end of its value, when both are written together."""
    value = body.entries[key].at
    name = body.keys.get(key)
    if name is None:
        return value
    together = value.source is name.source and value.start >= name.end
    return Span(name.source, name.start, value.end) if together else name


def _present(value: Value) -> Value | None:
    return None if isinstance(value, Scalar) and value.value is None else value


def _flat(value: Value | None) -> Iterator[Value]:
    match value:
        case None | Scalar(value=None):
            return
        case ListValue(items=items):
            for item in items:
                yield from _flat(item)
        case OneOf():
            for one in value.alternatives:
                yield from _flat(one)
        case Encoded(value=inner):
            yield from _flat(inner)
        case _:
            yield value


@lru_cache(maxsize=4096)
def _snake(path: str) -> str:
    letters: list[str] = []
    for index, letter in enumerate(path):
        before, after = path[index - 1 : index], path[index + 1 : index + 2]
        if letter.isupper() and before not in ("", ".") and (before.islower() or before.isdigit() or after.islower()):
            letters.append("_")
        letters.append(letter.lower())
    return "".join(letters)


def plain(value: Value | None) -> str:
    """A name for people: known text, with `…` for the parts only known at deploy time."""
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else "…" for part in value.parts)
    return string(value) or ""
