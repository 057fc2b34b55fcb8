"""Stacks that Terraform creates from a template in its own text: `aws_cloudformation_stack` and its set.

What the template declares is lowered like any other; addresses are nested under the stack's. A body read by `file()`
is a template of its own in the tree and stays that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from agentreach.lowering import yaml_text
from agentreach.model import Broken, Encoded, MapValue, Scalar, Skipped, Text, child
from agentreach.parsers.cloudformation import emit
from agentreach.parsers.cloudformation.project import Project
from agentreach.parsers.cloudformation.scope import Scope
from agentreach.parsers.cloudformation.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from agentreach.model import Resource, Source, Value
    from agentreach.sources import Tree

TYPES: Final = frozenset({"aws_cloudformation_stack", "aws_cloudformation_stack_set"})


def expanded(resources: Sequence[Resource], wanted: Callable[[str], bool]) -> Sequence[Resource]:
    """The resources, and after them what their inline stacks declare."""
    nested = [one for stack in resources if stack.type in TYPES for one in _declared(stack, wanted)]
    return (*resources, *nested) if nested else resources


def _declared(stack: Resource, wanted: Callable[[str], bool]) -> Iterator[Resource]:
    body = stack.attributes.entries.get("template_body")
    root = None if body is None or _is_file(body, stack) else _structure(body)
    if not isinstance(root, MapValue) or not isinstance(root.entries.get("Resources"), MapValue):
        return
    source = stack.at.source
    scope = Scope(
        Project(cast("Tree", _Nothing()), {}),
        Template(source=source, absolute=Path(source.path), root=root),
        root=stack.key.root,
        given=_parameters(stack.attributes.entries.get("parameters")),
        prefix=f"{stack.key.address}/",
        path=stack.module_path,
        certain=stack.certain,
    )
    yield from emit.resources(scope, wanted)


def _structure(body: Value) -> Value | None:
    match body:
        case Encoded(value=inner):
            return inner
        case Text() | Scalar(value=str()):
            found = yaml_text.decode(body, template=True)
            return None if isinstance(found, Broken) else found
        case _:
            return None


def _is_file(body: Value, stack: Resource) -> bool:
    """Text that stands in another file than the stack: that file is read for itself."""
    return isinstance(body, Text | Scalar) and body.at.source is not stack.at.source


def _parameters(written: Value | None) -> dict[str, Value]:
    inner = child(written, "value") if isinstance(written, Encoded) else written
    return dict(inner.entries) if isinstance(inner, MapValue) else {}


class _Nothing:
    """A tree without files: a template in Terraform's text has no directory to look into."""

    files = ()

    def open(self, absolute: Path) -> Source | Skipped:
        """Say that nothing is there."""
        return Skipped(absolute.as_posix(), "a template in Terraform's own text includes nothing local")
