"""Whether a value with unknown parts leaves a known value possible."""

from __future__ import annotations

from agentreach.parsers.terraform.comparison import equal, matches
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.types import BOOL, NUMBER, STRING, TupleType, has_open
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Encoded,
    Failure,
    Item,
    Mapping,
    Null,
    Number,
    OneOf,
    Partial,
    Perhaps,
    Set,
    String,
    Unknown,
    Value,
    type_of,
)
from agentreach.parsers.terraform.written import as_text


def covers(wide: Value, known: Value) -> bool:
    """True when `known` is one of the values that `wide` may turn out to be."""
    if isinstance(wide, OneOf):
        return any(covers(one, known) for one in wide.alternatives)
    if isinstance(wide, Unknown):
        return _fits(wide, known)
    if isinstance(wide, Partial):
        text = as_text(known) if isinstance(known, Encoded) else known
        return isinstance(text, String) and matches(wide.parts, text.text)
    if isinstance(wide, Encoded) and isinstance(known, Encoded):
        return covers(wide.value, known.value)
    if isinstance(wide, Encoded) or isinstance(known, Encoded):
        return covers(_text(wide), _text(known))
    if isinstance(wide, SEQUENCES) and isinstance(known, SEQUENCES):
        return _covers_items(wide.items, known.items, unordered=isinstance(wide, Set) or wide.unordered)
    if isinstance(wide, MAPPINGS) and isinstance(known, MAPPINGS):
        return _covers_entries(wide, known)
    if isinstance(wide, Failure):
        return isinstance(known, Failure)
    if isinstance(wide, Number | Bool) and isinstance(known, String):
        # What an unknown neighbour is decides whether numbers and bools become strings.
        wide = convert(wide, STRING)
    return equal(wide, known) is True


def _text(value: Value) -> Value:
    return as_text(value) if isinstance(value, Encoded) else value


def _fits(wide: Unknown, known: Value) -> bool:
    if isinstance(known, Null):
        return wide.nullable
    if wide.type is NUMBER or wide.type is BOOL:
        return isinstance(known, String) or wide.type == type_of(known)
    return has_open(wide.type) or wide.type == type_of(known) or isinstance(type_of(known), TupleType)


def _covers_items(wide: tuple[Item, ...], known: tuple[Item, ...], *, unordered: bool) -> bool:
    if unordered:
        return all(any(covers(_plain(one), _plain(item)) for one in wide) for item in known) and all(
            any(covers(one, _plain(item)) for item in known) for one in wide if not isinstance(one, Perhaps)
        )
    if not wide:
        return not known
    first, rest = wide[0], wide[1:]
    taken = bool(known) and covers(_plain(first), _plain(known[0]))
    if not isinstance(first, Perhaps):
        return taken and _covers_items(rest, known[1:], unordered=False)
    following = wide if first.many else rest
    return _covers_items(rest, known, unordered=False) or (
        taken and _covers_items(following, known[1:], unordered=False)
    )


def _plain(item: Item) -> Value:
    return item.value if isinstance(item, Perhaps) else item


def _covers_entries(wide: Mapping, known: Mapping) -> bool:
    if any(name not in known.entries for name in wide.entries if name not in wide.maybe):
        return False
    for name, entry in known.entries.items():
        options = [one for one in (wide.entries.get(name), wide.rest) if one is not None]
        if not any(covers(option, entry) for option in options[:1] or options):
            return False
    return True
