"""The resources of a root: every wanted block of every module, once for each of its instances.

Of a type that matters only where something refers to it (`on_demand`), a block that nothing refers to is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Format, MapValue, Resource, Scalar
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform import blocks
from agentreach.parsers.terraform.instances import Instance
from agentreach.parsers.terraform.module_sources import Missing
from agentreach.parsers.terraform.providers import provider_name
from agentreach.parsers.terraform.skim import may_hold
from agentreach.parsers.terraform.well_known import is_public, relocated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.model import Span, Value
    from agentreach.parsers.terraform.configuration import Declaration
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.roots import Reach


_REPEATING = frozenset({"count", "for_each", "lifecycle"})


class _Wanted(NamedTuple):
    """A block to make resources of."""

    module: Module
    address: str
    declaration: Declaration

    @property
    def type(self) -> str:
        """Its resource type."""
        return self.address.rpartition(".")[0]

    @property
    def instances(self) -> Iterable[Instance]:
        """Its instances; what it holds is parsed only if it may say how many."""
        block = self.declaration.block
        if not self.declaration.overrides and block.type == "resource" and not may_hold(block, _REPEATING):
            return (Instance(),)
        return self.module.expansion(self.declaration).instances.values()

    def read(self) -> list[Resource]:
        """Its resources."""
        expansion = self.module.expansion(self.declaration)
        return [_resource(self.module, self.address, self.declaration, one) for one in expansion.instances.values()]

    def unread(self) -> list[Resource]:
        """Its resources without attributes, so that they count."""
        nothing = MapValue({}, self.declaration.at)
        return [_made(self.module, self.address, self.declaration, one, nothing, {}) for one in self.instances]


def resources(
    module: Module, wanted: Callable[[str], bool], reach: Reach, on_demand: Callable[[str], bool]
) -> list[Resource]:
    """The wanted resources of a module and of those it calls, in the order of files."""
    asked = module.root.asked
    every = list(_wanted(module, wanted, reach))
    found = {index: one.read() for index, one in enumerate(every) if not on_demand(one.type)}
    while late := [i for i, one in enumerate(every) if i not in found and id(one.declaration) in asked]:
        found |= {index: every[index].read() for index in late}
    return [made for index, one in enumerate(every) for made in found.get(index) or one.unread()]


def _wanted(module: Module, wanted: Callable[[str], bool], reach: Reach) -> Iterator[_Wanted]:
    for address, declaration in module.configuration.declared():
        if wanted(address.rpartition(".")[0]):
            yield _Wanted(module, address, declaration)
    for name in module.configuration.calls:
        children = module.children(name)
        if not isinstance(children, Missing):
            path = tuple(call.name for call in module.calls)
            for child in children.values():
                if reach(child.configuration, (*path, name)):
                    yield from _wanted(child, wanted, reach)


def _resource(module: Module, address: str, declaration: Declaration, instance: Instance) -> Resource:
    scope = module.scope_of(declaration, instance)
    body = blocks.resource_body(declaration.content, declaration.at, scope)
    siblings: dict[str, Value] = {}
    name = provider_name(declaration, scope)
    if declaration.argument("provider"):
        siblings["provider"] = Scalar(str(name), declaration.at)
    lazy = module.root.lazy
    account = module.account(name)
    if account is not None:
        siblings["account"] = lazy.to_model(account)
    default = module.default_tags(name) if declaration.block.type == "resource" else None
    if default is not None:
        siblings["default_tags"] = lazy.to_model(default)
        body.entries["tags_all"] = module.tags_all(body.entries.get("tags"), default)
    labels = module.default_labels(name) if declaration.block.type == "resource" else None
    if labels is not None:
        body.entries["effective_labels"] = module.tags_all(body.entries.get("labels"), labels)
    attributes = {name: module.root.to_model(value) for name, value in body.entries.items()}
    return _made(module, address, declaration, instance, MapValue(attributes, declaration.at, body.keys), siblings)


def _made(
    module: Module,
    address: str,
    declaration: Declaration,
    instance: Instance,
    attributes: MapValue,
    siblings: dict[str, Value],
) -> Resource:
    at = declaration.at
    calls = module.calls
    if module.root.uses_public:
        calls = tuple(call for call in module.calls if not is_public(call.at.source))
        at = calls[-1].at if module.configuration.is_public else at
        attributes = _relocated(attributes, at)
    return Resource(
        format=Format.TERRAFORM,
        type=address.rpartition(".")[0],
        key=module.key(address + instance.key),
        name=declaration.name,
        attributes=attributes,
        at=at,
        module_path=calls,
        certain=module.certain and instance.certain,
        siblings=siblings,
    )


def _relocated(attributes: MapValue, at: Span) -> MapValue:
    """The attributes, each at a place that people can open."""
    entries = {name: relocated(value, at) for name, value in attributes.entries.items()}
    keys = {name: span for name, span in attributes.keys.items() if not is_public(span.source)}
    return MapValue(entries, at, keys, attributes.open)
