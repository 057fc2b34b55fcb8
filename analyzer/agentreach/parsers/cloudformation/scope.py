"""One stack: a template in one place, with its parameters, and what names mean there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agentreach.model import Call, Key, ListValue, MapValue, Reference, Scalar, Span, Unknown, Value, child, string
from agentreach.parsers.cloudformation import (
    cdk_assets,
    include,
    language_extensions,
    macros,
    modules,
    nested,
    parameters,
    sam,
)
from agentreach.parsers.cloudformation.evaluate import Evaluator
from agentreach.parsers.cloudformation.pseudo import pseudo_parameter
from agentreach.parsers.cloudformation.references import deciding_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.project import Project
    from agentreach.parsers.cloudformation.template import Template


class Scope:
    """`root` and `prefix` make addresses; `given` are the parameters this stack is created with.

    `pseudo` holds pseudo parameters that a deployment manifest decides.
    """

    def __init__(
        self,
        project: Project,
        template: Template,
        *,
        root: str,
        given: Mapping[str, Value],
        prefix: str = "",
        path: tuple[Call, ...] = (),
        certain: bool = True,
        pseudo: Mapping[str, Value] | None = None,
    ) -> None:
        self.project = project
        self.template = template
        self.root = root
        self.given = given
        self.prefix = prefix
        self.path = path
        self.certain = certain
        self.pseudo = pseudo or {}
        self.evaluator = Evaluator(self)
        self._known_parameters: dict[str, Value] = {}
        self._sections: dict[str, MapValue] = {}
        self._texts: dict[tuple[str, str], Scalar | None] = {}
        self._outputs: dict[str, Value | None] = {}
        self._children: dict[str, Scope | None] = {}

    # Sections --------------------------------------------------------------------------------

    def section(self, name: str) -> MapValue:
        """A section of the template, what top-level includes add among it."""
        if name not in self._sections:
            written = self.template.section(name)
            for more in self._included_at_top:
                added = more.entries.get(name)
                if isinstance(added, MapValue):
                    written = MapValue({**added.entries, **written.entries}, written.at, {**added.keys, **written.keys})
            self._sections[name] = written
        return self._sections[name]

    @cached_property
    def _included_at_top(self) -> list[MapValue]:
        at = self.template.root.at
        written = [value for name, value in self.template.transforms if name == include.INCLUDE]
        if (inline := self.template.root.entries.get(language_extensions.TRANSFORM)) is not None:
            written.append(inline)
        found = [self.included(self.evaluator, argument, at) for argument in written if isinstance(argument, MapValue)]
        return [value for value in found if isinstance(value, MapValue)]

    @cached_property
    def conditions(self) -> dict[str, Entry]:
        """The conditions, loops unrolled."""
        return self._entries("Conditions")

    @cached_property
    def outputs(self) -> dict[str, Entry]:
        """The outputs, loops unrolled."""
        return self._entries("Outputs")

    @cached_property
    def resources(self) -> dict[str, Entry]:
        """The resources by logical id, loops unrolled and SAM's in their place."""
        return sam.transformed(self, self._entries("Resources"))

    def _entries(self, name: str) -> dict[str, Entry]:
        found = language_extensions.entries(self.evaluator, self.section(name))
        return {entry.name: entry for entry in found}

    @cached_property
    def rewritten(self) -> Unknown | None:
        """Why a macro may rewrite every resource."""
        return macros.over(self.template)

    @cached_property
    def has_assets(self) -> bool:
        """Whether a resource may name a file that CDK uploads."""
        return cdk_assets.KEY in self.template.source.text

    # Names -----------------------------------------------------------------------------------

    def key(self, logical_id: str) -> Key:
        """The key of a resource of this stack."""
        return Key(self.root, self.prefix + logical_id)

    def ref(self, name: str, at: Span) -> Value:
        """What `Ref` of a name means."""
        declaration = self.section("Parameters").entries.get(name)
        if isinstance(declaration, MapValue):
            return self._parameter(name, declaration, at)
        found = self.pseudo.get(name) or pseudo_parameter(name, at)
        return found or self.attribute(name, "Ref", at)

    def _parameter(self, name: str, declaration: MapValue, at: Span) -> Value:
        if name not in self._known_parameters:
            found = parameters.value(name, declaration, self.given, at)
            if not isinstance(found, ListValue | Scalar):
                return found
            self._known_parameters[name] = found
        return self._known_parameters[name]

    def attribute(self, logical_id: str, attribute: str, at: Span) -> Value:
        """What `Fn::GetAtt` means: a nested stack's output, a known text, or a reference."""
        entry = self.resources.get(logical_id)
        if entry is None:
            return self._undeclared(logical_id, attribute, at)
        if modules.is_module(entry.type):
            return modules.made_by(entry.type, at)
        reference = Reference(self.key(logical_id), attribute, at)
        if attribute.startswith("Outputs."):
            stack = self.child(logical_id)
            return reference if stack is None else stack.output(attribute.removeprefix("Outputs."), at)
        named = deciding_property(entry.type, attribute)
        known = None if named is None else self._text(entry, named)
        return reference if known is None else Scalar(known.value, known.at, reference)

    def _undeclared(self, logical_id: str, attribute: str, at: Span) -> Value:
        target = sam.generated_reference(self, logical_id, attribute)
        if target is not None:
            return Reference(self.key(target[0]), target[1], at)
        if module := modules.declaring(self.resources, logical_id):
            return modules.made_by(module, at)
        return Unknown(f"{logical_id} is not declared in the template", at)

    def _text(self, entry: Entry, name: str) -> Scalar | None:
        """A property that is a known text; None otherwise, and while it is being resolved."""
        known = (entry.name, name)
        if known not in self._texts:
            self._texts[known] = None
            written = child(child(entry.value, "Properties"), name)
            if written is not None:
                with self.project.budget.deeper(6):
                    resolved = self.evaluator.bound(entry.bindings).resolve(written)
                if isinstance(resolved, Scalar) and isinstance(resolved.value, str):
                    self._texts[known] = resolved
        return self._texts[known]

    def output(self, name: str, at: Span) -> Value:
        """The value of one of this stack's outputs."""
        entry = self.outputs.get(name)
        written = None if entry is None else child(entry.value, "Value")
        if entry is None or written is None:
            return Unknown(f"{self.template.source.path} has no output {name}", at)
        if name not in self._outputs:
            self._outputs[name] = None
            with self.project.budget.deeper(6):
                self._outputs[name] = self.evaluator.bound(entry.bindings).property(written)
        return self._outputs[name] or Unknown(f"output {name} depends on itself", at)

    # Conditions, nested stacks, includes -----------------------------------------------------

    def holds(self, entry: Entry) -> bool | None:
        """Whether an entry's own Condition holds; True where it has none."""
        condition = self.condition_of(entry)
        return True if condition is None else self.evaluator.decide(condition)

    def condition_of(self, entry: Entry) -> str | None:
        """The name of an entry's own Condition, which may hold a loop's variable."""
        written = child(entry.value, "Condition")
        return None if written is None else string(self.evaluator.bound(entry.bindings).resolve(written))

    def negate(self, condition: str, at: Span) -> None:
        """Declare `NOT<condition>`, as SAM does for a role it makes in one branch of an `Fn::If`."""
        expression = sam.negation(condition, at)
        self.conditions.setdefault(f"NOT{condition}", language_extensions.Entry(f"NOT{condition}", expression, at, {}))

    def child(self, logical_id: str) -> Scope | None:
        """The stack that a resource nests, when its template is local."""
        if logical_id not in self._children:
            self._children[logical_id] = None
            self._children[logical_id] = self._opened(self.resources[logical_id])
        return self._children[logical_id]

    def _opened(self, entry: Entry) -> Scope | None:
        with self.project.budget.deeper(10):
            stack = nested.opened(self, entry)
        if stack is None:
            return None
        return Scope(
            self.project,
            stack.template,
            root=self.root,
            given=stack.given,
            prefix=f"{self.prefix}{entry.name}/",
            path=(*self.path, Call(entry.name, entry.span)),
            certain=self.certain and entry.certain and self.holds(entry) is True,
            pseudo=stack.pseudo,
        )

    def children(self) -> Iterator[Scope]:
        """Every local stack nested in this one."""
        for name, entry in self.resources.items():
            if nested.is_nesting(entry.type) and self.holds(entry) is not False:
                stack = self.child(name)
                if stack is not None:
                    yield stack

    @property
    def directory(self) -> Path:
        """Where local paths of the template start."""
        return self.template.absolute.parent

    def included(self, evaluator: Evaluator, argument: Value, at: Span) -> Value:
        """The raw content that an `Fn::Transform` includes."""
        name, location = include.parameters(argument)
        resolved = None if location is None else evaluator.resolve(location)
        return include.included(self.project, self.directory, name, resolved, at)

    def skip(self, reason: str, at: Span) -> None:
        """Remember that something of this template is not read."""
        self.project.skip(reason, at)

    def limited(self, reason: str, at: Span) -> None:
        """Remember that a limit cut something off, which is not by design."""
        self.project.skip(reason, at, by_design=False)
