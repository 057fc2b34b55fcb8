"""The state of one evaluation: names bound by `for`, the steps that are left, and whether something may have failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from agentreach.model import Span
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.extents import size
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import (
    Failure,
    OneOf,
    Partial,
    String,
    Unknown,
    Value,
    is_known,
    one_of,
    type_of,
)
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from agentreach.parsers.terraform.evaluate import Scope
    from agentreach.parsers.terraform.syntax import Expression, ForDirective, IfDirective, Template
    from agentreach.parsers.terraform.types import Type

    Node = Expression | Template | IfDirective | ForDirective

_PARTS_PER_STEP = 4
_CHARACTERS_PER_STEP = 6


class StepsExceededError(Exception):
    """The expression is too much work."""


class Budget:
    """Steps that several evaluations share; one step is one node of the syntax tree or one element."""

    __slots__ = ("steps",)

    def __init__(self, steps: int | None = None) -> None:
        self.steps = in_force().expression_steps if steps is None else steps


class Evaluation:
    """Evaluates the nodes of one expression.

    `trying` counts the `try` and `can` around the current node. `doubts` counts operations on unknown values that
    may fail for some of them: a `try` around those has to reckon with its next argument.
    """

    __slots__ = ("budget", "depth", "doubts", "names", "scope", "source", "trying")

    rules: ClassVar[Mapping[type, Callable[..., Value]]] = {}

    def __init__(self, scope: Scope, budget: Budget, depth: int = 0) -> None:
        self.scope = scope
        self.source = scope.source
        self.budget = budget
        self.names: dict[str, Value] = {}
        self.doubts = 0
        self.trying = 0
        self.depth = depth

    def value(self, node: Node) -> Value:
        """The value of a node."""
        budget = self.budget
        budget.steps -= 1
        if budget.steps < 0:
            raise StepsExceededError
        return self.rules[type(node)](node, self)

    def spend(self, steps: int) -> None:
        """Account for work beyond the visit of nodes."""
        self.budget.steps -= steps
        if self.budget.steps < 0:
            raise StepsExceededError

    def charge(self, value: Value) -> None:
        """Account for a walk through the parts of a value, or the characters of a text."""
        if type(value) is String:
            self.spend(len(value.text) >> _CHARACTERS_PER_STEP)
        elif type(value) is Partial:
            self.spend(sum(len(part) for part in value.parts if isinstance(part, str)) >> _CHARACTERS_PER_STEP)
        else:
            self.spend(size(value) >> _PARTS_PER_STEP)

    def span(self, node: Node) -> Span:
        """Where a node is written."""
        return Span(self.source, node.start, node.end)

    def bound(self, names: dict[str, Value], node: Node) -> Value:
        """The value of a node in which further names mean something."""
        outer = self.names
        self.names = {**outer, **names}
        try:
            return self.value(node)
        finally:
            self.names = outer

    def converted(self, value: Value, target: Type) -> Value:
        """The value as another type, where that may fail for some values of what is unknown with a doubt."""
        result = convert(value, target)
        if isinstance(value, Unknown):
            self.doubts += value.nullable or type_of(value) != target
        elif isinstance(value, Partial):
            self.doubts += target is not STRING
        elif isinstance(value, OneOf):
            same = isinstance(result, OneOf) and len(result.alternatives) == len(value.alternatives)
            self.doubts += not same or not all(map(is_known, value.alternatives))
        return result

    def element(self, value: Value) -> Value:
        """A value as part of a structure: outside of `try`, what fails spoils itself only."""
        if type(value) is Failure and not self.trying:
            return Unknown(DYNAMIC, value.message, value.at)
        return value

    def distributed(self, results: Iterable[Value], at: Span, reason: str) -> Value:
        """One of the results; those that fail are ruled out if others do not."""
        results = list(results)
        good = [result for result in results if type(result) is not Failure]
        if len(good) < len(results):
            self.doubts += 1
        return one_of(good, at, reason) if good else results[0]
