"""Facts as JSON and back.

A record is an object with its class under `_` and the fields that differ from their defaults; an enumeration's member
is `{"_": class, "is": value}`; a tuple is a list; a dictionary is `{"_": "map", "of": [[key, value], …]}`; a span is
its path with line and column of both ends. The text of the sources stays behind, and so does every literal secret.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from agentreach import identity, model
from agentreach.identity import SecretUse
from agentreach.model import Key, Source, Span, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact

_COLUMNS: Final = 1 << 24
"""A line and a column share one offset; the columns of a longer line are cut."""

_WITHHELD: Final = "a literal secret, which is not kept"


class Placed(Source):
    """A source of which only the places that facts point at are known: an offset holds line and column."""

    __slots__ = ()

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        return divmod(offset, _COLUMNS)


def _classes() -> Iterator[tuple[str, type[Any]]]:
    for name, value in (*vars(model).items(), *vars(identity).items()):
        if isinstance(value, type) and (issubclass(value, Enum) or _fields(value)):
            yield name, value


def _fields(kind: type[Any]) -> dict[str, Any]:
    """The fields of a record or a named tuple, with their defaults."""
    records: dict[str, Any] = getattr(kind, "__record_fields__", {})
    names: tuple[str, ...] = getattr(kind, "_fields", ())
    defaults: dict[str, Any] = getattr(kind, "_field_defaults", {})
    return {name: field.default for name, field in records.items()} or {
        name: defaults.get(name, MISSING) for name in names
    }


_CLASSES: Final = dict(_classes())
_FIELDS: Final = {kind: _fields(kind) for kind in _CLASSES.values()}


def encoded(fact: Fact) -> str:
    """A fact as one line of JSON, without the value of a literal secret."""
    return json.dumps(_plain(without_secrets(fact)), ensure_ascii=False, separators=(",", ":"))


def without_secrets(fact: Fact) -> Fact:
    """The fact as it may be kept: a literal secret is unknown."""
    if isinstance(fact, SecretUse) and fact.literal:
        return replace(fact, secret=Unknown(_WITHHELD, fact.at))
    return fact


def _plain(value: object) -> object:
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Span):
        place = value.location
        return {"_": "Span", "at": [place.path, *place[1:]]}
    if isinstance(value, Enum):
        return {"_": type(value).__name__, "is": value.value}
    if isinstance(value, dict):
        return {"_": "map", "of": [[key, _plain(one)] for key, one in value.items()]}
    if type(value) in _FIELDS:
        return {"_": type(value).__name__, **_changed(value)}
    return [_plain(one) for one in cast("tuple[object, ...]", value)]


def _changed(value: object) -> dict[str, object]:
    written = {name: (getattr(value, name), default) for name, default in _FIELDS[type(value)].items()}
    return {name: _plain(one) for name, (one, default) in written.items() if default is MISSING or one != default}


class Decoder:
    """Facts of one repository, read back as those of a larger scan.

    Roots and paths get the repository's name in front, so that `infra` of one is not `infra` of another.
    """

    __slots__ = ("_repository", "_sources")

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._sources: dict[str, Source] = {}

    def fact(self, text: str) -> Fact:
        """The fact that was encoded. Raises ValueError or KeyError for text that is no fact of this version."""
        return cast("Fact", self._value(json.loads(text)))

    def _value(self, plain: Any) -> Any:  # noqa: ANN401 - JSON in, objects out
        if isinstance(plain, list):
            return tuple([self._value(one) for one in plain])
        if not isinstance(plain, dict):
            return plain
        name = plain.pop("_")
        match name:
            case "Span":
                return self._span(*plain["at"])
            case "Key":
                return Key(joined_root(self._repository, plain["root"]), plain["address"])
            case "map":
                return {key: self._value(one) for key, one in plain["of"]}
            case _ if "is" in plain:
                return _CLASSES[name](plain["is"])
            case _:
                return _CLASSES[name](**{field: self._value(one) for field, one in plain.items()})

    def _span(self, path: str, line: int, column: int, end_line: int, end_column: int) -> Span:
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = Placed(joined_root(self._repository, path), " ")
        start = line * _COLUMNS + min(column, _COLUMNS - 1)
        return Span(source, start, end_line * _COLUMNS + min(end_column, _COLUMNS - 1))


_BETWEEN: Final = "//"


def joined_root(repository: str, root: str) -> str:
    """A root or path of a repository as it is called among those of all repositories."""
    return f"{repository}{_BETWEEN}{root}"


def split_root(root: str) -> tuple[str, str]:
    """The repository and the root in it; a root of no repository (outside the scanned code) has an empty one."""
    repository, between, rest = root.partition(_BETWEEN)
    return (repository, rest) if between else ("", root)
