"""What generates entries of a map: `Fn::ForEach::Name`, and `Fn::Transform` beside other keys.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Span, Unknown, Value, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.loop_variables import key
from agentreach.parsers.cloudformation.pseudo import is_no_value, settled
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.parsers.cloudformation.evaluate import Evaluator

PREFIX = "Fn::ForEach::"
TRANSFORM = "Fn::Transform"
GENERATORS = (PREFIX, TRANSFORM)


class Entry(NamedTuple):
    """One entry of a section or map, loops unrolled: its name, raw value, key and loop variables.

    `certain` is False when the loop's collection is only known at deployment.
    """

    name: str
    value: Value
    at: Span
    bindings: Mapping[str, Value]
    certain: bool = True

    @property
    def type(self) -> str:
        """A resource's type; empty where it has none."""
        return string(child(self.value, "Type")) or ""

    @property
    def span(self) -> Span:
        """From the key to the end of the value, when both are in one file."""
        together = self.at.source is self.value.at.source and self.value.at.end > self.at.start
        return Span(self.at.source, self.at.start, self.value.at.end) if together else self.at


class _Allowance:
    """What one generator may still make, together with those inside it."""

    def __init__(self, instances: int, nesting: int) -> None:
        self.instances = instances
        self.nesting = nesting


def entries(evaluator: Evaluator, section: MapValue) -> Iterator[Entry]:
    """Every entry of a map, loops unrolled and local includes in place."""
    yield from _entries(evaluator, section, _Allowance(in_force().instances, in_force().module_depth), certain=True)


def is_open(evaluator: Evaluator, section: MapValue) -> bool:
    """Whether an include or macro that is not read may add entries."""
    argument = section.entries.get(TRANSFORM)
    if argument is None:
        return False
    at = section.keys.get(TRANSFORM, argument.at)
    return isinstance(evaluator.scope.included(evaluator, argument, at), Unknown)


def _entries(evaluator: Evaluator, section: MapValue, left: _Allowance, *, certain: bool) -> Iterator[Entry]:
    for name, value in section.entries.items():
        at = section.keys.get(name, value.at)
        if name.startswith(PREFIX):
            yield from _unrolled(evaluator, value, at, left, certain=certain)
        elif name == TRANSFORM:
            included = evaluator.scope.included(evaluator, value, at)
            if isinstance(included, MapValue) and left.nesting and left.instances > 0:
                left.nesting -= 1
                left.instances -= 1
                yield from _entries(evaluator, included, left, certain=certain)
                left.nesting += 1
        else:
            yield Entry(key(evaluator.bindings, name), value, at, evaluator.bindings, certain)


def _unrolled(evaluator: Evaluator, argument: Value, at: Span, left: _Allowance, *, certain: bool) -> Iterator[Entry]:
    """The entries of one loop; the allowance counts for it and the loops inside it together."""
    match argument:
        case ListValue(items=(Scalar(value=str(name)), collection, MapValue() as body)):
            pass
        case _:
            evaluator.scope.skip("Fn::ForEach expects a name, a collection and a map", at)
            return
    for element in _collection(evaluator.resolve(collection)):
        left.instances -= len(body.entries)
        evaluator.budget.instances -= len(body.entries)
        if left.instances < 0 or evaluator.budget.instances < 0:
            most = in_force().instances
            evaluator.scope.limited(f"Fn::ForEach makes more than {most:,} instances; the rest is not read", at)
            return
        known = certain and isinstance(element, Scalar)
        yield from _entries(evaluator.binding(name, element), body, left, certain=known)


def _collection(value: Value) -> Iterator[Value]:
    """The elements a loop runs over; an open collection runs once over something unknown."""
    if not isinstance(value, ListValue):
        yield Unknown("the collection of Fn::ForEach is only known at deployment", value.at)
        return
    for item in value.items:
        if isinstance(item, ListValue):
            yield from _collection(item)
        else:
            yield item
    if value.open:
        yield Unknown("the collection of Fn::ForEach may go on", value.at)


def generate(evaluator: Evaluator, generator: Entry, into: dict[str, Value], keys: dict[str, Span]) -> bool:
    """Resolve what a generator adds to a map of properties; whether the map may hold more."""
    section = MapValue({generator.name: generator.value}, generator.at, {generator.name: generator.at})
    with evaluator.budget.deeper(6):
        for entry in entries(evaluator, section):
            resolved = evaluator.bound(entry.bindings).resolve(entry.value)
            if not is_no_value(resolved):
                into[entry.name] = settled(resolved)
                keys[entry.name] = entry.at
    return is_open(evaluator, section)
