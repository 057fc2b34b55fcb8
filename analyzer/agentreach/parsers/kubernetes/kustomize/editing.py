"""Changed copies of located structures: nothing is edited in place, so bases can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agentreach.model import Span, Value


def with_entry(mapping: MapValue, name: str, value: Value, key: Span | None = None) -> MapValue:
    """The mapping with an entry set; a new entry's key stands at `key`, else where its value is."""
    entries = {**mapping.entries, name: value}
    keys = mapping.keys if name in mapping.keys else {**mapping.keys, name: key or value.at}
    return MapValue(entries, mapping.at, keys, mapping.open)


def without(mapping: MapValue, name: str) -> MapValue:
    """The mapping without an entry."""
    entries = {key: value for key, value in mapping.entries.items() if key != name}
    keys = {key: at for key, at in mapping.keys.items() if key != name}
    return MapValue(entries, mapping.at, keys, mapping.open)


def with_items(sequence: ListValue, items: Iterable[Value]) -> ListValue:
    """The list with other items."""
    return ListValue(tuple(items), sequence.at, sequence.open)


def rewrite(value: Value, path: Sequence[str], change: Callable[[Value], Value], create: Value | None = None) -> Value:
    """Apply `change` at every end of a kustomize path, which steps through lists without naming them.

    `create` is what stands at a missing end before it is changed; None creates nothing. A step with
    `[]` never creates. A path that meets a scalar half way changes nothing.
    """
    if not path:
        return change(value)
    if isinstance(value, ListValue):
        return with_items(value, (rewrite(item, path, change, create) for item in value.items))
    if not isinstance(value, MapValue):
        return value
    name = path[0].removesuffix("[]")
    may_create = create is not None and name == path[0]
    inner = value.entries.get(name)
    if _is_null(inner):
        if not may_create or create is None:
            return value
        inner = create if len(path) == 1 else MapValue({}, create.at)
    assert inner is not None
    changed = rewrite(inner, path[1:], change, create)
    return value if changed is value.entries.get(name) else with_entry(value, name, changed)


def _is_null(value: Value | None) -> bool:
    return value is None or (isinstance(value, Scalar) and value.value is None)


def split_path(path: str, separator: str = "/") -> tuple[str, ...]:
    r"""The steps of a kustomize path; `\/` is a slash inside a step."""
    placeholder = "\0"
    steps = path.replace("\\" + separator, placeholder).split(separator)
    return tuple(step.replace(placeholder, separator) for step in steps if step)
