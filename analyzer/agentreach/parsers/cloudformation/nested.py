"""Stacks within stacks: `AWS::CloudFormation::Stack`, StackSets and SAM applications with a local template.

`aws cloudformation package` uploads a local TemplateURL, so a local path is what deploys. CDK names the
file in Metadata (`aws:asset:path`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Value, child, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation import budget, include, stacksets
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope
    from agentreach.parsers.cloudformation.template import Template

_LOCATION = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    stacksets.TYPE: "TemplateURL",
    "AWS::Serverless::Application": "Location",
}


TYPES = tuple(_LOCATION)


class NestedStack(NamedTuple):
    """What a nesting resource deploys, with which parameters, and the pseudo parameters that stay the same."""

    template: Template
    given: dict[str, Value]
    pseudo: dict[str, Value]


def is_nesting(type_: str) -> bool:
    """Whether a resource of this type is a stack of its own."""
    return type_ in _LOCATION


def opened(outer: Scope, entry: Entry) -> NestedStack | None:
    """The stack a resource nests; None, with a note, when its template is not local."""
    if not is_nesting(entry.type):
        return None
    outer.project.budget.stacks -= 1
    if len(outer.path) >= in_force().module_depth or outer.project.budget.stacks < 0:
        deepest = in_force().module_depth
        outer.limited(f"stacks nest deeper than {deepest}, or more than {budget.NESTED_STACKS:,} of them", entry.at)
        return None
    template = _template(outer, entry)
    if template is None:
        return None
    pseudo = {} if entry.type == stacksets.TYPE else _inherited(outer)
    return NestedStack(template, _parameters(outer, entry), pseudo)


def _inherited(outer: Scope) -> dict[str, Value]:
    """Account, region and partition are those of the outer stack; the name is not."""
    return {name: value for name, value in outer.pseudo.items() if name != "AWS::StackName"}


def _template(outer: Scope, entry: Entry) -> Template | None:
    location = local_path(outer, entry)
    if location is not None:
        return outer.project.template(location)
    body = child(child(entry.value, "Properties"), "TemplateBody")
    if body is None:
        outer.skip(f"the template of {entry.name} is not local", entry.at)
        return None
    return stacksets.inline(outer, entry, body)


def local_path(outer: Scope, entry: Entry) -> Path | None:
    """The file that a nested stack's template is in; None when it is not local."""
    asset = string(child(child(entry.value, "Metadata"), "aws:asset:path"))
    if asset is not None:
        return outer.directory / asset
    written = child(child(entry.value, "Properties"), _LOCATION.get(entry.type, ""))
    if written is None:
        return None
    location = string(outer.evaluator.bound(entry.bindings).resolve(written))
    return outer.directory / location if location and include.is_local(location) else None


def _parameters(outer: Scope, entry: Entry) -> dict[str, Value]:
    """Parameters as a map (stacks, applications) or as a list of ParameterKey and ParameterValue (StackSets)."""
    evaluator = outer.evaluator.bound(entry.bindings)
    written = child(child(entry.value, "Properties"), "Parameters")
    resolved = None if written is None else evaluator.property(written)
    if isinstance(resolved, MapValue):
        return dict(resolved.entries)
    pairs = ((string(child(item, "ParameterKey")), child(item, "ParameterValue")) for item in elements(resolved))
    return {name: value for name, value in pairs if name is not None and value is not None}
