"""What names mean within a module: `var`, `local`, `module`, resources, `each`, `count`, `path`, `terraform`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.evaluation import Budget, Evaluation
from agentreach.parsers.terraform.functions import find
from agentreach.parsers.terraform.functions.specification import Call
from agentreach.parsers.terraform.shortcuts import shortcut
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Failure, Object, String, Unknown
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.model import Source
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.syntax import Expression
    from agentreach.parsers.terraform.values import Value

# How the reasons begin of values that are unknown because a limit cut their evaluation short.
LIMITED = (
    "the value has too many parts",
    "the expression takes too many steps",
    "the expression is nested too deeply",
    "a string of too many parts",
    "a text of more than",
    "a file of more than",
    "the YAML is nested too deeply",
    "the YAML has too many nodes",
    "the JSON is nested too deeply",
    "templates nest too deeply",
    "blocks are nested too deeply",
)
Resolved = tuple["Value", int]


class ModuleScope:
    """The names of one module, and of one instance within it (`each`, `count`, iterators of dynamic blocks)."""

    __slots__ = ("files", "module", "names", "source")

    def __init__(self, module: Module, source: Source, names: Mapping[str, Value]) -> None:
        self.module = module
        self.source = source
        self.names = names
        self.files: Files = module.root.files

    def within(self, source: Source) -> ModuleScope:
        """The same names, for an expression of another file."""
        return self if source is self.source else ModuleScope(self.module, source, self.names)

    def with_names(self, names: Mapping[str, Value]) -> ModuleScope:
        """The same scope with further names."""
        return ModuleScope(self.module, self.source, {**self.names, **names})

    def value(self, expression: Expression) -> Value:
        """The value of an expression of this scope's file."""
        known = shortcut(self, expression)
        return self._evaluated(expression) if known is None else known

    def _evaluated(self, expression: Expression) -> Value:
        budget = self.module.root.budget
        given = min(in_force().expression_steps, budget.steps)
        own = Budget(given)
        value = evaluate(expression, self, own)
        budget.steps -= given - own.steps
        if budget.steps <= 0:
            self.module.root.exhausted(Span(self.source, expression.start, expression.end))
        elif type(value) is Unknown and value.reason.startswith(LIMITED):
            self.module.root.limited(value.at, value.reason)
        return value

    def apply(self, function: str, arguments: list[Value], at: Span) -> Value:
        """The result of a built-in function."""
        found = find(function)
        if found is None:
            return Failure(f"there is no function {function}", at)
        return found(Call(function, at, Evaluation(self, Budget())), arguments)

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> Resolved:
        """The value of `root.steps…`, and how many of the steps it accounts for."""
        own = self.names.get(root)
        if own is not None:
            return own, 0
        handler = _NAMES.get(root)
        if handler is not None:
            return handler(self, steps, at)
        return self.module.resource((root, *steps), 1, at)


def _variable(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    if not steps or not isinstance(steps[0], str):
        return _incomplete("var", at)
    return scope.module.variable(steps[0], at), 1


def _local(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    if not steps or not isinstance(steps[0], str):
        return _incomplete("local", at)
    return scope.module.local(steps[0], at), 1


def _module(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    if not steps or not isinstance(steps[0], str):
        return _incomplete("module", at)
    return scope.module.called(steps[0], steps[1:], at)


def _data(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    return scope.module.resource(("data", *steps), 1, at)


def _ephemeral(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    return scope.module.resource(("ephemeral", *steps), 1, at)


def _resource(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    return scope.module.resource(steps, 0, at)


def _path(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    match steps[:1]:
        case ("module",):
            return String(scope.module.path, at), 1
        case ("root",):
            return String(".", at), 1
        case ("cwd",):
            # A directory of the machine that deploys; often a part of names, so that no guess is made for files either.
            return Unknown(STRING, "the working directory of the deployment is not known", at, nullable=False), 1
    return _incomplete("path", at)


def _terraform(scope: ModuleScope, steps: tuple[Step, ...], at: Span) -> Resolved:
    if steps[:1] in (("workspace",), ("env",)):
        return String(scope.module.root.options.workspace, at), 1
    return Unknown(DYNAMIC, "only known while Terraform runs", at), min(1, len(steps))


def _self(_scope: ModuleScope, _steps: tuple[Step, ...], at: Span) -> Resolved:
    return Object({}, at, {}, Unknown(DYNAMIC, "self is only known while Terraform runs", at)), 0


def _absent(name: str) -> Callable[[ModuleScope, tuple[Step, ...], Span], Resolved]:
    def absent(_scope: ModuleScope, _steps: tuple[Step, ...], at: Span) -> Resolved:
        return Failure(f"{name!r} has no meaning here", at), 0

    return absent


def _incomplete(name: str, at: Span) -> Resolved:
    return Failure(f"{name!r} needs the name of what it refers to", at), 0


_NAMES: Mapping[str, Callable[[ModuleScope, tuple[Step, ...], Span], Resolved]] = {
    "var": _variable,
    "local": _local,
    "module": _module,
    "data": _data,
    "ephemeral": _ephemeral,
    "resource": _resource,
    "path": _path,
    "terraform": _terraform,
    "tofu": _terraform,
    "self": _self,
    "each": _absent("each"),
    "count": _absent("count"),
}
