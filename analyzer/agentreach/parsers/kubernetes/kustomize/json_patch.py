"""JSON patches (RFC 6902) on located structures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, child, string
from agentreach.parsers.kubernetes.kustomize.editing import with_entry, with_items, without
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem, bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Span, Value


def apply(target: MapValue, operations: ListValue) -> MapValue:
    """The object after all operations, in order. Raises BuildProblem at the one that does not fit."""
    value: Value = target
    for operation in operations.items:
        value = _apply(value, operation)
    if not isinstance(value, MapValue):
        raise BuildProblem("a JSON patch replaces the whole object by something else", operations.at)
    return value


def _apply(value: Value, operation: Value) -> Value:
    name = string(child(operation, "op"))
    steps = _steps(child(operation, "path"), operation.at)
    match name:
        case "add" | "replace":
            new = child(operation, "value") or Scalar(None, operation.at)
            return _at(value, steps, operation.at, _add(new) if name == "add" else _replace(new))
        case "remove":
            return _at(value, steps, operation.at, _remove)
        case "copy" | "move":
            origin = _steps(child(operation, "from"), operation.at)
            moved = _get(value, origin, operation.at)
            rest = _at(value, origin, operation.at, _remove) if name == "move" else value
            result = _at(rest, steps, operation.at, _add(moved))
            bounded(result, operation.at)
            return result
        case "test":
            if not _equal(_get(value, steps, operation.at), child(operation, "value")):
                raise BuildProblem(f"the test of a JSON patch fails at {'/'.join(steps)}", operation.at)
            return value
        case _:
            raise BuildProblem(f"unknown operation {name!r} in a JSON patch", operation.at)


def _steps(path: Value | None, at: Span) -> tuple[str, ...]:
    text = string(path)
    if text is None or (text and not text.startswith("/")):
        raise BuildProblem("an operation of a JSON patch needs a path that starts with /", at)
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def _at(value: Value, steps: tuple[str, ...], at: Span, change: Callable[[Value, str, Span], Value]) -> Value:
    """Apply a change to the parent of the last step."""
    if not steps:
        raise BuildProblem("a JSON patch of the whole object is not applied", at)
    if len(steps) == 1:
        return change(value, steps[0], at)
    name = steps[0]
    inner = _entry(value, name, at)
    changed = _at(inner, steps[1:], at, change)
    if isinstance(value, MapValue):
        return with_entry(value, name, changed)
    assert isinstance(value, ListValue)
    index = _index(value, name, at)
    return with_items(value, (*value.items[:index], changed, *value.items[index + 1 :]))


def _entry(value: Value, name: str, at: Span) -> Value:
    if isinstance(value, MapValue) and name in value.entries:
        return value.entries[name]
    if isinstance(value, ListValue):
        return value.items[_index(value, name, at)]
    raise BuildProblem(f"the path of a JSON patch does not exist: no {name!r} here", at)


def _index(value: ListValue, name: str, at: Span) -> int:
    digits = name.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004 - no list is that long
        raise BuildProblem(f"{name!r} is no position in a list", at)
    index = int(name)
    if index < 0:
        index += len(value.items)
    if not 0 <= index < len(value.items):
        raise BuildProblem(f"position {name} lies outside the list", at)
    return index


def _get(value: Value, steps: tuple[str, ...], at: Span) -> Value:
    for step in steps:
        value = _entry(value, step, at)
    return value


def _add(new: Value) -> Callable[[Value, str, Span], Value]:
    def change(parent: Value, name: str, at: Span) -> Value:
        if isinstance(parent, MapValue):
            return with_entry(parent, name, new)
        if not isinstance(parent, ListValue):
            raise BuildProblem(f"{name!r} cannot be added to a single value", at)
        end = len(parent.items)
        index = end if name == "-" or name == str(end) else _index(parent, name, at)
        return with_items(parent, (*parent.items[:index], new, *parent.items[index:]))

    return change


def _replace(new: Value) -> Callable[[Value, str, Span], Value]:
    def change(parent: Value, name: str, at: Span) -> Value:
        # Of a mapping kustomize also "replaces" an entry that is not there.
        if isinstance(parent, MapValue):
            return with_entry(parent, name, new)
        _entry(parent, name, at)
        assert isinstance(parent, ListValue)
        index = _index(parent, name, at)
        return with_items(parent, (*parent.items[:index], new, *parent.items[index + 1 :]))

    return change


def _remove(parent: Value, name: str, at: Span) -> Value:
    _entry(parent, name, at)
    if isinstance(parent, MapValue):
        return without(parent, name)
    assert isinstance(parent, ListValue)
    index = _index(parent, name, at)
    return with_items(parent, (*parent.items[:index], *parent.items[index + 1 :]))


def _equal(one: Value | None, other: Value | None) -> bool:
    if isinstance(one, MapValue) and isinstance(other, MapValue):
        return one.entries.keys() == other.entries.keys() and all(
            _equal(value, other.entries[name]) for name, value in one.entries.items()
        )
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        return len(one.items) == len(other.items) and all(map(_equal, one.items, other.items))
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.value == other.value
