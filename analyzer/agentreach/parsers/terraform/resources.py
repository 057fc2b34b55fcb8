"""The resources of a root: every wanted block of every module, once for each of its instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Format, MapValue, Resource, Scalar
from agentreach.parsers.terraform import blocks
from agentreach.parsers.terraform.module_sources import Missing
from agentreach.parsers.terraform.providers import provider_name
from agentreach.parsers.terraform.well_known import is_public, relocated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Span, Value
    from agentreach.parsers.terraform.configuration import Declaration
    from agentreach.parsers.terraform.instances import Instance
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.roots import Reach


def resources(module: Module, wanted: Callable[[str], bool], reach: Reach) -> Iterator[Resource]:
    """The wanted resources of a module and of those it calls, in the order of files."""
    for address, declaration in module.configuration.declared():
        if wanted(address.rpartition(".")[0]):
            for instance in module.expansion(declaration).instances.values():
                yield _resource(module, address, declaration, instance)
    for name in module.configuration.calls:
        children = module.children(name)
        if not isinstance(children, Missing):
            path = tuple(call.name for call in module.calls)
            for child in children.values():
                if reach(child.configuration, (*path, name)):
                    yield from resources(child, wanted, reach)


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
    at = declaration.at
    attributes = MapValue({name: lazy.to_model(value) for name, value in body.entries.items()}, at, body.keys)
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
