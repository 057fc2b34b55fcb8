"""Which resource a planned value was read from, recovered from the configuration inside the plan.

A plan lists for every argument the names that its expression mentions, not the expression. A link is only drawn
where it is certain: a known value must equal the attribute it is said to come from, and a value known after apply
must belong to an argument that holds a name and to exactly one mentioned resource.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from agentreach.model import Key, ListValue, MapValue, Reference, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agentreach.model import Span, Value

DEPTH = 32
_STEP = re.compile(r"""([^.\[\]"]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)""")
_INDEX = re.compile(r"""\["(?:[^"\\]|\\.)*"\]|\[\d+\]""")
_NAMING = re.compile(
    r"(^|_)(arns?|ids?|names?|roles?|users?|groups?|bucket|policy_arns|instance_profile|identit(y|ies))$"
)
_SAME = ("id", "arn", "name")


class Place(NamedTuple):
    """A module of the plan: its calls from the root, each with its instance key as printed ("" without one)."""

    calls: tuple[tuple[str, str], ...] = ()

    def address(self, rest: str = "") -> str:
        """The address of something within the module."""
        return "".join(f"module.{name}{key}." for name, key in self.calls) + rest


@dataclass(frozen=True, slots=True)
class Target:
    """A planned resource instance: its address and known attributes."""

    address: str
    values: Mapping[str, object]


@dataclass(slots=True)
class Links:
    """The references of a plan's configuration, with the planned instances they may mean."""

    root: str
    configuration: Mapping[str, Any]
    targets: dict[str, list[Target]] = field(default_factory=dict)

    def add(self, address: str, values: Mapping[str, object]) -> None:
        """Make an instance known."""
        self.targets.setdefault(unindexed(address), []).append(Target(address, values))

    def module(self, place: Place) -> Mapping[str, Any]:
        """The configuration of a module."""
        module: Mapping[str, Any] = self.configuration.get("root_module", {})
        for name, _ in place.calls:
            module = module.get("module_calls", {}).get(name, {}).get("module", {})
        return module

    def resource(self, place: Place, address: str) -> Mapping[str, Any]:
        """The configuration of a resource, by its address within its module without instance keys."""
        for resource in self.module(place).get("resources", ()):
            if resource.get("address") == address:
                return resource  # type: ignore[no-any-return]
        return {}

    def link(self, value: MapValue, place: Place, address: str, key: str) -> MapValue:
        """The attributes of an instance, each with the resource it was read from where that is certain."""
        resource = self.resource(place, address)
        reader = _Reader(self, place, key, tuple(_references(resource.get("for_each_expression"))))
        return reader.map(value, resource.get("expressions", {}))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the expressions of one resource instance."""

    links: Links
    place: Place
    key: str
    each: tuple[str, ...]

    def map(self, value: MapValue, expressions: Mapping[str, Any]) -> MapValue:
        entries = dict(value.entries)
        for name, expression in expressions.items():
            linked = self.entry(name, entries.get(name), expression, value.at)
            if linked is not None:
                entries[name] = linked
        return MapValue(entries, value.at, value.keys, value.open)

    def entry(self, name: str, value: Value | None, expression: object, at: Span) -> Value | None:
        if isinstance(expression, list) and isinstance(value, ListValue):
            return self.blocks(value, expression)
        if not isinstance(expression, dict) or not expression.get("references"):
            return value
        if isinstance(value, Scalar):
            return Scalar(value.value, value.at, self.read_from(value, expression["references"]))
        return value if value is not None else self.later(name, expression["references"], at)

    def blocks(self, value: ListValue, expressions: Sequence[object]) -> ListValue:
        if len(value.items) != len(expressions):
            return value
        pairs = zip(value.items, expressions, strict=True)
        items = (
            self.map(item, one) if isinstance(item, MapValue) and isinstance(one, dict) else item for item, one in pairs
        )
        return ListValue(tuple(items), value.at, value.open)

    def read_from(self, value: Scalar, references: Sequence[str]) -> Reference | None:
        """The one attribute among those mentioned that has this known value."""
        found = {
            (target.address, attribute)
            for target, attribute in self.mentioned(references)
            for attribute in ([attribute] if attribute else _SAME)
            if value.value is not None and target.values.get(attribute) == value.value
        }
        addresses = {address for address, _ in found}
        if len(addresses) != 1:
            return None
        address, attribute = min(found, key=lambda one: _SAME.index(one[1]) if one[1] in _SAME else -1)
        return Reference(Key(self.links.root, address), attribute, value.at)

    def later(self, name: str, references: Sequence[str], at: Span) -> Reference | None:
        """The one resource that a value known after apply names."""
        found = {(target.address, attribute) for target, attribute in self.mentioned(references)}
        if len(found) != 1 or not _NAMING.search(name):
            return None
        address, attribute = found.pop()
        guessed = "arn" if name.endswith(("arn", "arns")) else "id"
        return Reference(Key(self.links.root, address), attribute or guessed, at)

    def mentioned(self, references: Sequence[str]) -> Iterator[tuple[Target, str]]:
        """The planned instances, and attributes, that an expression mentions."""
        for place, reference in self.links_of(self.place, references, DEPTH):
            yield from self.instances(place, reference)

    def links_of(self, place: Place, references: Sequence[str], depth: int) -> Iterator[tuple[Place, str]]:
        """The resource references behind variables, outputs and `each`."""
        for reference in _longest(references):
            steps = [match.groups() for match in _STEP.finditer(reference)]
            if depth == 0 or len(steps) < 2:  # noqa: PLR2004 -- a reference has a kind and a name
                continue
            kind, name = steps[0][0], steps[1][0]
            if kind == "module" and len(steps) > 2:  # noqa: PLR2004 -- module.name.output
                yield from self.output(place, name, steps[1][1], steps[2][0], depth)
            elif kind == "var" and place.calls:
                yield from self.argument(place, name, depth)
            elif kind == "each":
                yield from ((place, ".".join((each, *reference.split(".")[2:]))) for each in self.each[:1])
            elif kind not in {"local", "path", "count", "var", "self", "terraform", "module"}:
                yield place, reference

    def output(self, place: Place, name: str, key: str | None, output: str, depth: int) -> Iterator[tuple[Place, str]]:
        inner = Place((*place.calls, (name, f"[{key}]" if key else "")))
        expression = self.links.module(inner).get("outputs", {}).get(output, {}).get("expression")
        yield from self.links_of(inner, tuple(_references(expression)), depth - 1)

    def argument(self, place: Place, name: str, depth: int) -> Iterator[tuple[Place, str]]:
        outer = Place(place.calls[:-1])
        call = self.links.module(outer).get("module_calls", {}).get(place.calls[-1][0], {})
        expression = call.get("expressions", {}).get(name)
        yield from self.links_of(outer, tuple(_references(expression)), depth - 1)

    def instances(self, place: Place, reference: str) -> Iterator[tuple[Target, str]]:
        steps = [match.groups() for match in _STEP.finditer(reference)]
        size = 3 if steps[0][0] == "data" else 2
        if len(steps) < size:
            return
        key = steps[size - 1][1]
        address = ".".join(step[0] for step in steps[:size])
        attribute = ".".join(step[0] for step in steps[size:])
        for target in self.choose(place, address, f"[{key}]" if key else ""):
            yield target, attribute

    def choose(self, place: Place, address: str, key: str) -> list[Target]:
        """The instances of a resource that can be meant: the indexed one, the one of the same key, else all."""
        every = self.links.targets.get(unindexed(place.address(address)), [])
        near = [one for one in every if one.address.startswith(place.address())] or every
        for wanted in filter(None, (key, self.key)):
            same = [one for one in near if one.address.endswith(address + wanted)]
            if same:
                return same
        return near


def unindexed(address: str) -> str:
    """An address without its instance keys."""
    return _INDEX.sub("", address)


def _references(expression: object) -> Iterator[str]:
    """All names that an expression, or a nested structure of them, mentions."""
    if isinstance(expression, dict):
        if isinstance(expression.get("references"), list):
            yield from map(str, expression["references"])
        else:
            for inner in expression.values():
                yield from _references(inner)
    elif isinstance(expression, list):
        for inner in expression:
            yield from _references(inner)


def _longest(references: Sequence[str]) -> list[str]:
    """Without the prefixes that Terraform lists after each name."""
    return [
        one
        for one in references
        if not any(other != one and other.startswith((one + ".", one + "[")) for other in references)
    ]
