"""A plan or state as `terraform show -json` prints it (OpenTofu the same): resolved values by address.

https://developer.hashicorp.com/terraform/internals/json-format. Where the configuration stands beside the plan, every
value takes the place it has there; otherwise its place in the plan's own text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, Call, Format, Key, MapValue, Resource, Scalar, Span, Unknown
from agentreach.parsers.terraform.graft import AFTER_APPLY, Planned, graft
from agentreach.parsers.terraform.plan_links import Links, Place, dig, mapping, sequence, unindexed
from agentreach.parsers.terraform.plan_text import NotJsonError, located, parse
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from agentreach.model import Source, Value
    from agentreach.parsers.terraform.plan_text import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A resource instance of the plan."""

    address: str
    module: str
    type: str
    name: str
    key: str
    at: Span
    values: Node | None
    unknown: object
    sensitive: object

    @property
    def place(self) -> Place:
        """The module it belongs to."""
        return Place(tuple(_calls(self.module)))

    @property
    def local_address(self) -> str:
        """The address within the module, without the instance key."""
        return f"{self.type}.{self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was read: its instances, the variables' values, and its configuration."""

    source: Source
    instances: tuple[Instance, ...]
    variables: Mapping[str, object]
    configuration: object = None

    @property
    def declared(self) -> set[str]:
        """What the configuration declares at the top: addresses of resources, names of module calls."""
        module = dig(self.configuration, "root_module")
        addresses = {str(dig(resource, "address")) for resource in sequence(dig(module, "resources"))}
        return addresses | mapping(dig(module, "module_calls")).keys()

    def resources(self, root: str, wanted: Callable[[str], bool], written: Sequence[Resource]) -> Iterator[Resource]:
        """The wanted resources. `written` are those of the configuration beside the plan, none without it."""
        links = Links(root, self.configuration)
        for instance in self.instances:
            plain = instance.values.plain() if instance.values else None
            links.add(instance.address, plain if isinstance(plain, dict) else {})
        places = Written(written)
        for instance in self.instances:
            if wanted(instance.type):
                yield self._resource(root, instance, places, links)

    def _resource(self, root: str, instance: Instance, places: Written, links: Links) -> Resource:
        declared = places.find(instance.address)
        attributes = self._attributes(instance, declared, links)
        return Resource(
            format=Format.TERRAFORM,
            type=instance.type,
            key=Key(root, instance.address),
            name=instance.name,
            attributes=attributes,
            at=declared.at if declared else instance.at,
            module_path=declared.module_path if declared else self._module_path(instance),
            siblings=declared.siblings if declared else {},
        )

    def _attributes(self, instance: Instance, declared: Resource | None, links: Links) -> MapValue:
        at = declared.at if declared else instance.at
        known = instance.values.plain() if instance.values else {}
        planned = Planned(known, instance.unknown, instance.sensitive)
        written = declared.attributes if declared else self._written(instance, links, at)
        arguments = links.arguments(instance.place, instance.local_address)
        return _set(graft(planned, written, at), {*arguments, *written.entries})

    def _written(self, instance: Instance, links: Links, at: Span) -> MapValue:
        """The attributes at their places in the plan's text, with the resources they were read from."""
        value = located(instance.values) if instance.values else MapValue({}, at)
        mapped = value if isinstance(value, MapValue) else MapValue({}, at)
        return links.link(mapped, instance.place, instance.local_address, instance.key)

    def _module_path(self, instance: Instance) -> tuple[Call, ...]:
        return tuple(Call(f"{name}{key}", instance.at) for name, key in instance.place.calls)


class Written:
    """The resources of the configuration, found by a planned address: the same instance, else the same block."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._exact = {resource.key.address: resource for resource in resources}
        self._blocks: dict[str, Resource] = {}
        for resource in resources:
            self._blocks.setdefault(unindexed(resource.key.address.replace("[?]", "")), resource)

    def find(self, address: str) -> Resource | None:
        """The resource as written, None when the configuration does not declare it."""
        return self._exact.get(address) or self._blocks.get(unindexed(address))


def read(source: Source) -> Plan | Broken | None:
    """A plan or state; Broken for text that is not JSON, None for JSON of another kind."""
    try:
        document = parse(source)
    except NotJsonError as error:
        return Broken(Span(source, error.offset, error.offset), f"not JSON: {error}")
    parts = {entry.name: entry.node for entry in document.entries()}
    if "format_version" not in parts or not parts.keys() & {"planned_values", "resource_changes", "values"}:
        return None
    configuration = parts["configuration"].plain() if "configuration" in parts else {}
    return Plan(
        source,
        tuple(_instances(parts)),
        dict(_variables(parts, configuration)),
        configuration,
    )


def _variables(parts: Mapping[str, Node], configuration: object) -> Iterator[tuple[str, object]]:
    """The values given to the root's variables, but for sensitive ones."""
    declared = dig(configuration, "root_module", "variables")
    given = parts["variables"].plain() if "variables" in parts else {}
    for name, entry in given.items() if isinstance(given, dict) else ():
        if isinstance(entry, dict) and "value" in entry and not dig(declared, name, "sensitive"):
            yield name, entry["value"]


def _instances(parts: Mapping[str, Node]) -> Iterator[Instance]:
    """Every instance once: as changed, else as planned, else (data sources) as read before."""
    seen: set[str] = set()
    for instance in _every_instance(parts):
        if instance.address not in seen:
            seen.add(instance.address)
            yield instance


def _every_instance(parts: Mapping[str, Node]) -> Iterator[Instance]:
    deleted = set()
    if "resource_changes" in parts:
        for node in parts["resource_changes"].items():
            changed = _changed(node)
            if isinstance(changed, str):
                deleted.add(changed)
            elif changed is not None:
                yield changed
    for path in (("planned_values",), ("values",), ("prior_state", "values")):
        top = parts.get(path[0])
        module = top.get(*path[1:], "root_module") if top else None
        for node, address in _modules(module, ""):
            found = _planned(node, address)
            prior = path[0] == "prior_state"
            if found and found.address not in deleted and not (prior and not found.type.startswith("data.")):
                yield found


def _changed(node: Node) -> Instance | str | None:
    """An entry of `resource_changes`; the address of one that will not exist any more."""
    fields = {entry.name: entry.node for entry in node.entries()}
    change = {entry.name: entry.node for entry in fields["change"].entries()} if "change" in fields else {}
    after = change.get("after")
    if after is None or "address" not in fields:
        return None
    actions = change["actions"].plain() if "actions" in change else []
    if actions in (["delete"], ["forget"]):
        return str(fields["address"].plain())
    unknown = change["after_unknown"].plain() if "after_unknown" in change else {}
    sensitive = change["after_sensitive"].plain() if "after_sensitive" in change else {}
    values = after if after.text.startswith("{", after.start) else None
    return _instance(fields, node.at, str(_plain(fields, "module_address") or ""), (values, unknown, sensitive))


def _planned(node: Node, module: str) -> Instance | None:
    fields = {entry.name: entry.node for entry in node.entries()}
    if "address" not in fields:
        return None
    sensitive = _plain(fields, "sensitive_values")
    return _instance(fields, node.at, module, (fields.get("values"), {}, sensitive))


def _instance(fields: Mapping[str, Node], at: Span, module: str, state: tuple[Node | None, object, object]) -> Instance:
    values, unknown, sensitive = state
    type_, address = str(_plain(fields, "type")), str(_plain(fields, "address"))
    name = str(_plain(fields, "name"))
    data = _plain(fields, "mode") == "data"
    tail = f"{type_}.{name}"
    return Instance(
        address=address,
        module=module,
        type=f"data.{type_}" if data else type_,
        name=name,
        key=address[address.rfind(tail) + len(tail) :],
        at=at,
        values=values,
        unknown=unknown,
        sensitive=sensitive,
    )


def _modules(module: Node | None, address: str) -> Iterator[tuple[Node, str]]:
    """The resources of a module of values and of all modules below, each with its module's address."""
    pending = [(module, address)]
    while pending:
        node, address = pending.pop()
        fields = {entry.name: entry.node for entry in node.entries()} if node else {}
        yield from ((resource, address) for resource in fields["resources"].items()) if "resources" in fields else ()
        below = list(fields["child_modules"].items()) if "child_modules" in fields else []
        pending += [(child, _address(child)) for child in reversed(below)]


def _address(module: Node) -> str:
    address = module.get("address")
    return str(address.plain()) if address else ""


def _calls(module: str) -> Iterator[tuple[str, str]]:
    """The calls of a module's address, each with its instance key as printed."""
    at = 0
    while module.startswith("module.", at):
        at += len("module.")
        end = min((place for place in (module.find(".", at), module.find("[", at)) if place >= 0), default=len(module))
        close = _close(module, end)
        yield module[at:end], module[end:close]
        at = close + 1


def _close(module: str, at: int) -> int:
    """Just after an instance key that starts at `at`; `at` where there is none."""
    if not module.startswith("[", at):
        return at
    quoted = module.startswith('"', at + 1)
    place = at + 2 if quoted else at + 1
    while place < len(module) and module[place] != ('"' if quoted else "]"):
        place += 2 if quoted and module[place] == "\\" else 1
    return min(len(module), place + (2 if quoted else 1))


def _plain(fields: Mapping[str, Node], name: str) -> object:
    return fields[name].plain() if name in fields else None


def _set(value: Value, arguments: set[str]) -> MapValue:
    """The attributes that are set: not null, and not left to the provider to compute after apply."""
    if not isinstance(value, MapValue):
        return MapValue({}, value.at)
    entries = {name: one for name, one in value.entries.items() if not _empty(one, written=name in arguments)}
    return MapValue(entries, value.at, {name: at for name, at in value.keys.items() if name in entries}, value.open)


def _empty(value: Value, *, written: bool) -> bool:
    if isinstance(value, Scalar):
        return value.value is None
    return not written and isinstance(value, Unknown) and value.reason == AFTER_APPLY
