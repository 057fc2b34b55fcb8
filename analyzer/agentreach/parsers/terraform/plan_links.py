"""Which resource a planned value was read from, recovered from the configuration inside the plan.

A plan lists for every argument the names that its expression mentions, not the expression. A link is only drawn
where it is certain: a known value must equal the attribute it is said to come from, and a value known after apply
must belong to an argument that holds a name and to exactly one mentioned resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Key, ListValue, MapValue, Reference, Scalar
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agentreach.model import Span, Value

DEPTH = 32
_REFERENCES = 200
_INDIRECT = frozenset({"count", "each", "local", "module", "path", "self", "terraform", "var"})
_STEP = late_regex(r"""([^.\[\]"]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)""")
_INDEX = late_regex(r"""\["(?:[^"\\]|\\.)*"\]|\[\d+\]""")
_NAMING = late_regex(
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
    configuration: object
    targets: dict[str, list[Target]] = field(default_factory=dict)
    _resources: dict[tuple[str, ...], dict[object, object]] = field(default_factory=dict)

    def add(self, address: str, values: Mapping[str, object]) -> None:
        """Make an instance known."""
        self.targets.setdefault(unindexed(address), []).append(Target(address, values))

    def module(self, place: Place) -> object:
        """The configuration of a module."""
        steps = (step for name, _ in place.calls for step in ("module_calls", name, "module"))
        return dig(self.configuration, "root_module", *steps)

    def arguments(self, place: Place, address: str) -> dict[str, object]:
        """The expressions of a resource, by its address within its module without instance keys."""
        return mapping(dig(self.resource(place, address), "expressions"))

    def resource(self, place: Place, address: str) -> object:
        """The configuration of a resource."""
        names = tuple(name for name, _ in place.calls)
        known = self._resources.get(names)
        if known is None:
            listed = sequence(dig(self.module(place), "resources"))
            known = self._resources[names] = {
                one["address"]: one for one in listed if isinstance(one, dict) and isinstance(one.get("address"), str)
            }
        return known.get(address)

    def link(self, value: MapValue, place: Place, address: str, key: str) -> MapValue:
        """The attributes of an instance, each with the resource it was read from where that is certain."""
        each = dig(self.resource(place, address), "for_each_expression")
        reader = _Reader(self, place, key, tuple(_references(each)))
        return reader.map(value, self.arguments(place, address))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the expressions of one resource instance."""

    links: Links
    place: Place
    key: str
    each: tuple[str, ...]

    def map(self, value: MapValue, expressions: Mapping[str, object]) -> MapValue:
        entries = dict(value.entries)
        for name, expression in expressions.items():
            linked = self.entry(name, entries.get(name), expression, value.at)
            if linked is not None:
                entries[name] = linked
        return MapValue(entries, value.at, value.keys, value.open)

    def entry(self, name: str, value: Value | None, expression: object, at: Span) -> Value | None:
        if isinstance(expression, list) and isinstance(value, ListValue):
            return self.blocks(value, expression)
        references = [one for one in sequence(dig(expression, "references")) if isinstance(one, str)]
        if not references:
            return value
        if isinstance(value, Scalar):
            return Scalar(value.value, value.at, self.read_from(value, references))
        return value if value is not None else self.later(name, references, at)

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
        for place, reference in self.links_of(references):
            yield from self.instances(place, reference)

    def links_of(self, references: Sequence[str]) -> Iterator[tuple[Place, str]]:
        """The resource references behind variables, outputs and `each`, each once."""
        seen = {(self.place, reference) for reference in _longest(references)}
        pending = sorted(seen, reverse=True)
        while pending:
            place, reference = pending.pop()
            steps = [match.groups() for match in _STEP.finditer(reference)]
            if len(steps) < 2:  # noqa: PLR2004 -- a reference has a kind and a name
                continue
            if steps[0][0] not in _INDIRECT:
                yield place, reference
                continue
            further = set(self.behind(place, reference, steps)) - seen
            seen |= further
            pending += sorted(further, reverse=True)

    def behind(
        self, place: Place, reference: str, steps: Sequence[tuple[str | None, ...]]
    ) -> Iterator[tuple[Place, str]]:
        """What an output, an argument or `each` was made from."""
        kind, name = steps[0][0], str(steps[1][0])
        if kind == "module" and len(steps) > 2 and len(place.calls) < DEPTH:  # noqa: PLR2004 -- module.name.output
            inner = Place((*place.calls, (name, f"[{steps[1][1]}]" if steps[1][1] else "")))
            expression = dig(self.links.module(inner), "outputs", str(steps[2][0]), "expression")
            yield from ((inner, one) for one in _longest(tuple(_references(expression))))
        elif kind == "var" and place.calls:
            outer = Place(place.calls[:-1])
            call = dig(self.links.module(outer), "module_calls", place.calls[-1][0], "expressions", name)
            yield from ((outer, one) for one in _longest(tuple(_references(call))))
        elif kind == "each":
            yield from ((place, ".".join((each, *reference.split(".")[2:]))) for each in self.each[:1])

    def instances(self, place: Place, reference: str) -> Iterator[tuple[Target, str]]:
        steps = [match.groups() for match in _STEP.finditer(reference)]
        size = 3 if steps and steps[0][0] == "data" else 2
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


def dig(value: object, *path: str) -> object:
    """What stands below a path of names in decoded JSON; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def mapping(value: object) -> dict[str, object]:
    """Decoded JSON as an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """Decoded JSON as an array, an empty one for anything else."""
    return value if isinstance(value, list) else []


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
    listed = references[:_REFERENCES]
    return [
        one for one in listed if not any(other != one and other.startswith((one + ".", one + "[")) for other in listed)
    ]
