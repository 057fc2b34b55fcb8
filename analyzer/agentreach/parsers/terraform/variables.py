"""Input variables: what a root is given (values files, `--var`, plans) and what a declaration makes of a value.

https://developer.hashicorp.com/terraform/language/values/variables
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.type_constraints import Constraint, Defaults, constraint
from agentreach.parsers.terraform.types import ObjectType, TupleType, Type, without_optional
from agentreach.parsers.terraform.values import Bool, Failure, Null, Object, Tuple, Unknown
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Span
    from agentreach.parsers.terraform.configuration import Declaration
    from agentreach.parsers.terraform.evaluate import Scope
    from agentreach.parsers.terraform.syntax import Assignment
    from agentreach.parsers.terraform.values import Value

DEPTH = 32


class Why(NamedTuple):
    """Why something is unknown, and where that is declared."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: its constraint, its default, whether null may stay null."""

    declaration: Declaration
    constraint: Constraint
    default: Assignment | None
    nullable: bool

    @property
    def at(self) -> Span:
        """The declaration."""
        return self.declaration.at

    def value(self, given: Value | None, scope: Callable[[Assignment], Scope]) -> Value:
        """What the variable holds when it is given a value, or none."""
        if given is None or (isinstance(given, Null) and not self.nullable):
            if self.default is None:
                return self.missing(f"variable {self.declaration.name!r} has no value")
            given = evaluate(self.default.expression, scope(self.default))
        return self._converted(given)

    def missing(self, reason: str) -> Value:
        """A value that only the deployment knows, in the shape that the type gives it."""
        return unknown_of(self.constraint.type, self.constraint.defaults, Why(reason, self.at))

    def _converted(self, given: Value) -> Value:
        if isinstance(given, Failure):
            return self.missing(f"variable {self.declaration.name!r}: {given.message}")
        if self.constraint.defaults is not None:
            given = self.constraint.defaults.apply(given)
        converted = convert(given, self.constraint.type)
        if isinstance(converted, Failure):
            return self.missing(f"the value of variable {self.declaration.name!r}: {converted.message}")
        return converted


def variable(declaration: Declaration, scope: Callable[[Assignment], Scope]) -> Variable:
    """Read a variable's declaration."""
    written = declaration.argument("type")
    nullable = declaration.argument("nullable")
    allows_null = evaluate(nullable.expression, scope(nullable)) if nullable else None
    return Variable(
        declaration,
        _constraint(written, scope) if written else Constraint(),
        declaration.argument("default"),
        nullable=not (isinstance(allows_null, Bool) and not allows_null.value),
    )


def _constraint(written: Assignment, scope: Callable[[Assignment], Scope]) -> Constraint:
    expression = written.expression
    if written.source.path.endswith(".json"):
        from agentreach.parsers.terraform.json_syntax import native_view  # noqa: PLC0415 - few write it

        native = native_view(written.source, expression)
        expression = expression if isinstance(native, Problem) else native
    return constraint(expression, lambda inner: evaluate(inner, scope(written)))


def unknown_of(
    type_: Type, defaults: Defaults | None, why: Why, *, nullable: bool = False, depth: int = DEPTH
) -> Value:
    """An unknown value of a type: of an object every attribute is unknown, but which there are is known."""
    children = defaults.children if defaults else {}

    def part(name: str, inner: Type) -> Value:
        fills_null = defaults is not None and name in defaults.values
        below = children.get(name) or children.get("")
        return unknown_of(inner, below, why, nullable=not fills_null, depth=depth - 1)

    if isinstance(type_, ObjectType) and depth:
        return Object({name: part(name, type_.attributes[name]) for name in sorted(type_.attributes)}, why.at)
    if isinstance(type_, TupleType) and depth:
        return Tuple(tuple(part(str(index), element) for index, element in enumerate(type_.elements)), why.at)
    return Unknown(without_optional(type_), why.reason, why.at, nullable=nullable)
