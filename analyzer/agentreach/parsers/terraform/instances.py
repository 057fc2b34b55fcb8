"""`count` and `for_each`: which instances of a block exist, for certain or perhaps.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.types import DYNAMIC, NUMBER, STRING
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Failure,
    Null,
    Number,
    Object,
    OneOf,
    Perhaps,
    Set,
    String,
    Tuple,
    Unknown,
    alternatives,
    one_of,
)
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from agentreach.model import Span
    from agentreach.parsers.terraform.values import Item, Value

UNKNOWN_KEY = "[?]"
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Repeat(Enum):
    """How a block is repeated."""

    NO = "no"
    COUNT = "count"
    EACH = "for_each"


class Instance(NamedTuple):
    """One instance. `key` as Terraform prints it, "" without one; `names` are its `each` or `count`."""

    key: str = ""
    names: Mapping[str, Value] = {}
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Expansion:
    """The instances of a block, by key. An instance `[?]` stands for all whose key is unknown."""

    repeat: Repeat
    instances: Mapping[str, Instance]
    at: Span

    @property
    def is_open(self) -> bool:
        """Whether there may be instances whose keys are unknown."""
        return UNKNOWN_KEY in self.instances

    def find(self, key: Value) -> Instance | None:
        """The instance that a known key means, else the one that stands for unknown ones."""
        key = convert(key, NUMBER if self.repeat is Repeat.COUNT else STRING)
        if isinstance(key, Number | String):
            printed = printed_key(key)
            return self.instances.get(printed) or self.instances.get(UNKNOWN_KEY)
        return None

    def select(self, steps: tuple[str | Value, ...]) -> tuple[Instance | Failure | None, int]:
        """The instance that the first steps mean, and how many steps those are; None when all are meant."""
        if self.repeat is Repeat.NO:
            return self.instances.get("") or Failure("it is disabled", self.at), 0
        if not steps or isinstance(steps[0], str) or not isinstance(steps[0], Number | String):
            return None, 0
        instance = self.find(steps[0])
        return instance or Failure(f"there is no instance {printed_key(steps[0])}", steps[0].at), 1

    def collect(self, make: Callable[[Instance], Value]) -> Value:
        """The value of the whole block: one object, a tuple of them (count), or an object of them (for_each)."""
        if self.repeat is Repeat.NO:
            return make(self.instances[""]) if self.instances else Null(self.at)
        if self.repeat is Repeat.COUNT:
            return Tuple(tuple(self._item(instance, make(instance)) for instance in self.instances.values()), self.at)
        entries = {name: make(instance) for name, instance in self._named()}
        rest = make(self.instances[UNKNOWN_KEY]) if self.is_open else None
        maybe = frozenset(name for name, instance in self._named() if not instance.certain)
        return Object(entries, self.at, {}, rest, maybe)

    def _item(self, instance: Instance, value: Value) -> Item:
        many = instance.key == UNKNOWN_KEY
        return value if instance.certain and not many else Perhaps(value, many)

    def _named(self) -> Iterator[tuple[str, Instance]]:
        for instance in self.instances.values():
            key = instance.names["each"] if instance.key != UNKNOWN_KEY else None
            if isinstance(key, Object) and isinstance(name := key.entries["key"], String):
                yield name.text, instance


def single(at: Span, *, exists: bool | None = True) -> Expansion:
    """A block without `count` and `for_each`. `exists` is None where that is not known."""
    instances = {} if exists is False else {"": Instance(certain=exists is True)}
    return Expansion(Repeat.NO, instances, at)


def counted(count: Value, at: Span, limit: int) -> Expansion | None:
    """The instances of `count = …`; None when they are more than the limit."""
    sizes = [convert(one, NUMBER) for one in alternatives(count)]
    known = [int(size.value) for size in sizes if isinstance(size, Number) and _is_whole(size)]
    if max(known, default=0) > limit:
        return None
    instances = {}
    for index in range(max(known, default=0)):
        certain = len(known) == len(sizes) and index < min(known)
        instances[f"[{index}]"] = Instance(f"[{index}]", {"count": _count(Number(index, at), at)}, certain)
    if len(known) < len(sizes):
        unknown = Unknown(NUMBER, "count is not known", at, nullable=False)
        instances[UNKNOWN_KEY] = Instance(UNKNOWN_KEY, {"count": _count(unknown, at)}, certain=False)
    return Expansion(Repeat.COUNT, instances, at)


def _is_whole(size: Number) -> bool:
    return isinstance(size.value, int) and size.value >= 0


def _count(index: Value, at: Span) -> Value:
    return Object({"index": index}, at)


def perhaps(value: Value, name: str, at: Span) -> Value:
    """What the attribute `name` of an instance that may not exist is taken from: a `try` around it may go on."""
    return OneOf((Object({name: value}, at), Failure("the instance may not exist", at)), at, "an undecided instance")


class Element(NamedTuple):
    """One element of what is iterated over. Without a key: any number of elements whose keys are unknown."""

    key: Value
    value: Value
    certain: bool = True
    many: bool = False


def for_each(value: Value, at: Span, limit: int) -> Expansion | None:
    """The instances of `for_each = …`; None when they are more than the limit."""
    branches = [list(elements(one)) for one in alternatives(value)]
    if max(map(len, branches), default=0) > limit:
        return None
    found: dict[str, list[Element]] = {}
    for element in (element for branch in branches for element in branch):
        key = convert(element.key, STRING)
        printed = UNKNOWN_KEY if element.many or not isinstance(key, String) else printed_key(key)
        found.setdefault(printed, []).append(element)
    instances = {
        printed: Instance(printed, {"each": _each(same, at)}, _is_certain(printed, same, len(branches)))
        for printed, same in found.items()
    }
    return Expansion(Repeat.EACH, instances, at)


def _is_certain(printed: str, same: list[Element], branches: int) -> bool:
    return printed != UNKNOWN_KEY and len(same) == branches and all(element.certain for element in same)


def _each(same: list[Element], at: Span) -> Value:
    """`each` of an instance that is made from one element, or from one of several."""
    first = same[0]
    value = first.value if len(same) == 1 else one_of([one.value for one in same], at, "for_each is not decided")
    key = convert(first.key, STRING) if len(same) == 1 or isinstance(first.key, String) else _unknown(at)
    return Object({"key": key, "value": value}, at)


def _unknown(at: Span) -> Value:
    return Unknown(STRING, "for_each is not known", at, nullable=False)


def elements(value: Value) -> Iterator[Element]:
    """What `for_each` and `dynamic` go through, in order: a map's entries, a list's or set's elements."""
    if isinstance(value, MAPPINGS):
        for name, entry in value.entries.items():
            key = String(name, value.keys.get(name, value.at))
            yield Element(key, entry, certain=name not in value.maybe)
        if value.rest is not None:
            yield Element(_unknown(value.at), value.rest, certain=False, many=True)
    elif isinstance(value, SEQUENCES):
        yield from _sequence(value.items, value.at, is_set=isinstance(value, Set))
    elif isinstance(value, OneOf):
        for one in value.alternatives:
            yield from (element._replace(certain=False) for element in elements(one))
    elif not isinstance(value, Null):
        reason = value.message if isinstance(value, Failure) else "for_each is not known"
        at = value.at
        unknown = Unknown(DYNAMIC, value.reason if isinstance(value, Unknown) else reason, at)
        yield Element(Unknown(STRING, unknown.reason, at, nullable=False), unknown, certain=False, many=True)


def _sequence(items: Iterable[Item], at: Span, *, is_set: bool) -> Iterator[Element]:
    certain = True
    for index, item in enumerate(items):
        inner = item.value if isinstance(item, Perhaps) else item
        many = isinstance(item, Perhaps) and item.many
        certain = certain and not isinstance(item, Perhaps)
        position = Number(index, at) if certain else Unknown(NUMBER, "its position is not known", at, nullable=False)
        yield Element(inner if is_set else position, inner, certain=not isinstance(item, Perhaps), many=many)


def printed_key(key: Number | String) -> str:
    """An instance key as Terraform prints it: `[0]`, `["a"]`."""
    return f"[{key.value}]" if isinstance(key, Number) else f'["{_quoted(key.text)}"]'


def _quoted(text: str) -> str:
    escaped = "".join(_escaped(character) for character in text)
    return escaped.replace("${", "$${").replace("%{", "%%{")


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}"  # noqa: PLR2004
