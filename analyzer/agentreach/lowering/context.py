"""What a lowering sees beside its own resource: everything else that was declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from agentreach.identity import Fact
from agentreach.model import Encoded, ListValue, MapValue, OneOf, Reference, Resource, Scalar, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agentreach.model import Key, Value

Built = TypeVar("Built")
Given = ParamSpec("Given")

Lowering = Callable[[Resource, "Context"], Iterator[Fact]]
"""Turns one resource into facts. It may look at others through the context and never changes anything."""


class Context:
    """All resources of a scan, by key and by type.

    An address that occurs twice under one root (a broken or templated tree) keeps its first
    resource for lookups; both are lowered.
    """

    __slots__ = ("_by_type", "_mentions", "_once", "resources")

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: dict[Key, Resource] = {}
        by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in resources:
            self.resources.setdefault(resource.key, resource)
            by_type[resource.type].append(resource)
        self._by_type: Mapping[str, list[Resource]] = by_type
        self._mentions: dict[Key, list[Resource]] | None = None
        self._once: dict[object, object] = {}

    @property
    def types(self) -> Iterable[str]:
        """Every type that occurs."""
        return self._by_type.keys()

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Every resource of these types, in the order they were declared."""
        return tuple(resource for type_ in types for resource in self._by_type.get(type_, ()))

    def once(self, key: object, build: Callable[[], Built]) -> Built:
        """What `build` makes of the resources, made at the first call and kept under `key`."""
        if key not in self._once:
            self._once[key] = build()
        return cast("Built", self._once[key])

    def mentions(self, key: Key) -> tuple[Resource, ...]:
        """Every other resource whose attributes refer to this one, in the order they were declared."""
        if self._mentions is None:
            self._mentions = _mentions(self.resources.values())
        return tuple(self._mentions.get(key, ()))

    def lookup(self, value: Value | None) -> Resource | None:
        """Find the declared resource a value was read from or refers to; None for plain text and unknowns."""
        reference = reference_of(value)
        return None if reference is None else self.resources.get(reference.key)


def once_per_scan(
    function: Callable[Concatenate[Context, Given], Built],
) -> Callable[Concatenate[Context, Given], Built]:
    """Keep the answers of a function of the context with the context, and no longer than it."""

    @wraps(function)
    def answer(context: Context, /, *given: Given.args, **named: Given.kwargs) -> Built:
        return context.once((function, *given), lambda: function(context, *given, **named))

    return answer


def _mentions(resources: Iterable[Resource]) -> dict[Key, list[Resource]]:
    found: defaultdict[Key, list[Resource]] = defaultdict(list)
    for resource in resources:
        for key in sorted({reference.key for reference in references(resource.attributes)} - {resource.key}):
            found[key].append(resource)
    return found


def references(value: Value) -> Iterator[Reference]:
    """Every reference inside a value, however deep."""
    pending = [value]
    while pending:
        one = pending.pop()
        match one:
            case Scalar(reference=reference):
                if reference is not None:
                    yield reference
            case MapValue(entries=entries):
                pending += entries.values()
            case ListValue(items=items):
                pending += items
            case Text(parts=parts):
                yield from (part for part in parts if isinstance(part, Reference))
            case Reference():
                yield one
            case OneOf(alternatives=several):
                pending += several
            case Encoded(value=inner):
                pending.append(inner)
            case _:
                pass


def reference_of(value: Value | None) -> Reference | None:
    """Return the one reference a value consists of: `aws_iam_role.ops.arn`, or a known text read from one."""
    match value:
        case Reference():
            return value
        case Scalar(reference=reference):
            return reference
        case Text(parts=(Reference() as only,)):
            return only
        case Encoded(value=inner):
            return reference_of(inner)
        case _:
            return None
