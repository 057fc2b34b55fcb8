"""Equality and order of values: `==` with three answers, and the order of sets.

`==` never converts. Sets of strings, numbers and bools are in order of value; all others in the order of a text made
from their elements (go-cty's `makeSetHashBytes`), which shows wherever a set is iterated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import written
from agentreach.parsers.terraform.number_text import sign, verb
from agentreach.parsers.terraform.types import Type, has_open, is_primitive
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Item,
    List,
    Map,
    Mapping,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    Sequence,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
    is_known,
    known_items,
    one_of,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from agentreach.model import Span

_SEVERAL = 16
_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def equal(one: Value, other: Value) -> bool | None:
    """Whether two values are equal; None when that depends on what is unknown."""
    if type(one) is OneOf or type(other) is OneOf:
        return _equal_alternatives(one, other)
    if type(one) is Encoded:
        return equal(as_text(one), other)
    if type(other) is Encoded:
        return equal(one, as_text(other))
    if type(one) is Null or type(other) is Null:
        return _equal_null(one, other)
    if type(one) is Unknown or type(other) is Unknown:
        return _equal_unknown(one, other)
    rule = _EQUAL.get((type(one), type(other)))
    return rule(one, other) if rule else False


def _equal_alternatives(one: Value, other: Value) -> bool | None:
    ones = one.alternatives if isinstance(one, OneOf) else (one,)
    others = other.alternatives if isinstance(other, OneOf) else (other,)
    answers = {equal(left, right) for left in ones for right in others}
    return answers.pop() if len(answers) == 1 else None


def _equal_null(one: Value, other: Value) -> bool | None:
    value = other if type(one) is Null else one
    if type(value) is Null:
        return True
    return None if type(value) is Unknown and value.nullable else False


def _equal_unknown(one: Value, other: Value) -> bool | None:
    if isinstance(one, Unknown) and isinstance(other, Unknown) and one.nullable and other.nullable:
        return None
    left, right = type_of(one), type_of(other)
    return False if left != right and not has_open(left) and not has_open(right) else None


def _equal_texts(one: String | Partial, other: String | Partial) -> bool | None:
    left = (one.text,) if isinstance(one, String) else one.parts
    right = (other.text,) if isinstance(other, String) else other.parts
    return None if may_be_equal(left, right) else False


def may_be_equal(left: tuple[str | Unknown, ...], right: tuple[str | Unknown, ...]) -> bool:
    """Whether two texts with holes can stand for one string; True when that is not easily ruled out."""
    if isinstance(right[0], str) and len(right) == 1:
        return matches(left, right[0])
    if isinstance(left[0], str) and len(left) == 1:
        return matches(right, left[0])
    return _agree(left[0], right[0], str.startswith) and _agree(left[-1], right[-1], str.endswith)


def _agree(one: str | Unknown, other: str | Unknown, check: Callable[[str, str], bool]) -> bool:
    return not isinstance(one, str) or not isinstance(other, str) or check(one, other) or check(other, one)


def matches(parts: tuple[str | Unknown, ...], text: str) -> bool:
    """Whether a string fits a text with holes."""
    position, end = 0, len(text)
    if isinstance(parts[0], str):
        if not text.startswith(parts[0]):
            return False
        position = len(parts[0])
        if len(parts) == 1:
            return position == end
    if isinstance(parts[-1], str):
        end -= len(parts[-1])
        if not text.endswith(parts[-1]) or end < position:
            return False
    for part in parts[1:-1]:
        if isinstance(part, str):
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
    return True


def _equal_sequences(one: Sequence, other: Sequence) -> bool | None:
    if not isinstance(one, Tuple) and not isinstance(other, Tuple) and _differ(one.element, other.element):
        return False
    if is_shuffled(one) or is_shuffled(other):
        return None
    left, right = known_items(one), known_items(other)
    if left is None or right is None:
        return None
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True))


def _differ(one: Type, other: Type) -> bool:
    return one != other and not has_open(one) and not has_open(other)


def _equal_sets(one: Set, other: Set) -> bool | None:
    if _differ(one.element, other.element):
        return False
    if not is_known(one) or not is_known(other):
        return None
    return {identity(item) for item in one.items} == {identity(item) for item in other.items}


def _equal_mappings(one: Mapping, other: Mapping) -> bool | None:
    if isinstance(one, Map) and isinstance(other, Map) and _differ(one.element, other.element):
        return False
    if one.rest is not None or one.maybe or other.rest is not None or other.maybe:
        return None
    if one.entries.keys() != other.entries.keys():
        return False
    return _all_equal((entry, other.entries[name]) for name, entry in one.entries.items())


def _all_equal(pairs: Iterable[tuple[Value, Value]]) -> bool | None:
    answer: bool | None = True
    for one, other in pairs:
        part = equal(one, other)
        if part is False:
            return False
        answer = answer and part
    return answer


_EQUAL: dict[tuple[type, type], Callable[..., bool | None]] = {
    (String, String): lambda one, other: one.text == other.text,
    (String, Partial): _equal_texts,
    (Partial, String): _equal_texts,
    (Partial, Partial): _equal_texts,
    (Number, Number): lambda one, other: one.value == other.value,
    (Bool, Bool): lambda one, other: one.value == other.value,
    (List, List): _equal_sequences,
    (Tuple, Tuple): _equal_sequences,
    (Set, Set): _equal_sets,
    (Map, Map): _equal_mappings,
    (Object, Object): _equal_mappings,
}


def identity(value: Item, *, signed: bool = True) -> Hashable:
    """What two known values share exactly when they are equal and of one type.

    To a set, unlike to `==`, -0 and 0 are two elements (`signed`).
    """
    if isinstance(value, SEQUENCES):
        return type(value).__name__, tuple(identity(item, signed=signed) for item in value.items)
    if isinstance(value, MAPPINGS):
        entries = value.entries.items()
        return type(value).__name__, tuple((name, identity(entry, signed=signed)) for name, entry in entries)
    if isinstance(value, Encoded):
        return identity(as_text(value))
    if isinstance(value, String):
        return "String", value.text
    if isinstance(value, Number):
        return "Number", value.value, signed and value.value == 0 and isinstance(value.value, float)
    return type(value).__name__, value.value if isinstance(value, Bool) else None


def set_of(items: Iterable[Item], element: Type, at: Span) -> Set:
    """The set of the items: known ones each once and in order, then what is not known."""
    known: dict[Hashable, Value] = {}
    others: list[Item] = []
    for item in items:
        if isinstance(item, Perhaps) or not is_known(item):
            others.append(item)
        else:
            known.setdefault(identity(item), item)
    return Set((*in_order(known.values(), element), *others), at, element)


def is_shuffled(value: Value) -> bool:
    """True when what is unknown decides the order of the elements."""
    return isinstance(value, SEQUENCES) and written.is_shuffled(value)


def in_any_order(value: Sequence) -> tuple[Item, ...]:
    """The elements in order; each may be any of them if what is unknown decides the order."""
    if not is_shuffled(value):
        return value.items
    some = one_of([item.value if isinstance(item, Perhaps) else item for item in value.items], value.at, "the order")
    if any(isinstance(item, Perhaps) for item in value.items) or len(value.items) > _SEVERAL:
        return (Perhaps(some, many=True),)
    # Elements may turn out to be equal.
    return (some, *(Perhaps(some) for _ in value.items[1:]))


def in_order(values: Iterable[Value], element: Type) -> list[Value]:
    """Known values of one type in the order in which a set of them is iterated."""
    key = _value if is_primitive(element) else _hashed
    return sorted(values, key=lambda value: (type(value) is Null, b"" if type(value) is Null else key(value)))


def _value(value: Value) -> object:
    if isinstance(value, Encoded):
        value = as_text(value)
    return value.text if isinstance(value, String) else value.value  # type: ignore[union-attr]


def _hashed(value: Value) -> bytes:
    return "".join(_hash_parts(value)).encode("utf-8", "surrogatepass")


def _hash_parts(value: Item) -> Iterable[str]:
    if isinstance(value, Number):
        yield sign(value.value) + verb(value.value, "g", 10, value.precision)
    elif isinstance(value, Bool):
        yield "T" if value.value else "F"
    elif isinstance(value, String):
        yield quoted(value.text)
    elif isinstance(value, Null):
        yield "~"
    elif isinstance(value, SEQUENCES):
        yield from _hash_elements(value.items, "<>" if isinstance(value, Tuple) else "[]")
    elif isinstance(value, Object):
        yield from _hash_elements(value.entries.values(), "<>")
    elif isinstance(value, Map):
        yield "{"
        for name, entry in value.entries.items():
            yield f"{quoted(name)}:"
            yield from _hash_parts(entry)
            yield ";"
        yield "}"
    else:
        yield "?"


def _hash_elements(items: Iterable[Item], brackets: str) -> Iterable[str]:
    yield brackets[0]
    for item in items:
        yield from _hash_parts(item)
        yield ";"
    yield brackets[1]


def quoted(text: str) -> str:
    """The text as Go's `%q` writes it."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_quoted_character, text))}"'


def _quoted_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:  # noqa: PLR2004 - ASCII
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - beyond the basic plane
