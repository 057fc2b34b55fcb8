"""Evaluation of Terraform expressions to values: `evaluate(expression, scope)`.

What a name means is the scope's business. Errors are values (`Failure`), so `try` and `can` work as in Terraform;
what only exists at deploy time is `Unknown`, and every part that is known stays known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from agentreach.model import Span
from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.calls import call
from agentreach.parsers.terraform.constants import literal
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.evaluation import Budget, Evaluation, StepsExceededError
from agentreach.parsers.terraform.extents import is_too_large
from agentreach.parsers.terraform.interpolation import for_directive, if_directive, template
from agentreach.parsers.terraform.loops import for_expression
from agentreach.parsers.terraform.operators import binary, conditional, unary
from agentreach.parsers.terraform.splats import splat
from agentreach.parsers.terraform.traversal import traversal
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import (
    Failure,
    Null,
    Object,
    OneOf,
    Partial,
    String,
    Tuple,
    Unknown,
    Value,
    one_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression

Step = str | Value
"""`.name` is a str, `[key]` the key's value."""


class Unreadable(Protocol):
    """Why a file has no content for us: it is absent, so that Terraform fails as well, or its content is unknown."""

    @property
    def reason(self) -> str:
        """A clause."""

    @property
    def absent(self) -> bool:
        """Whether Terraform finds no such file either."""


class Files(Protocol):
    """Confined reads; relative paths start at the directory of the root module."""

    def read(self, path: str) -> bytes | Unreadable:
        """The bytes of a regular file."""

    def source(self, path: str) -> Source | Unreadable:
        """The text of a file, named as people should see it."""

    def below(self, directory: str) -> tuple[str, ...] | Unreadable:
        """Every file below a directory, relative to it with POSIX slashes, hidden ones included, in any order."""


class Scope(Protocol):
    """What the names of one module mean, for one resource instance if need be."""

    @property
    def source(self) -> Source:
        """The file that the expression is written in."""

    @property
    def files(self) -> Files:
        """What the functions on files may read."""

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """The value of `root.steps…`, and how many of the steps it accounts for.

        Evaluation applies the rest. A name that does not exist is a Failure; a value that failed elsewhere (a local,
        an output) must be returned as Unknown, because `try` cannot catch it. Return Unknown(nullable=False) for a
        variable without value and for what a provider always sets.
        """


def evaluate(expression: Expression, scope: Scope, budget: Budget | None = None) -> Value:
    """The value of an expression; never raises for what is in the code.

    Evaluations that share a budget stop together: what is left over is Unknown.
    """
    try:
        value = Evaluation(scope, budget or Budget()).value(expression)
        if not is_too_large(value):
            return value
        reason = "the value has too many parts"
    except StepsExceededError:
        reason = "the expression takes too many steps to evaluate"
    except RecursionError:
        reason = "the expression is nested too deeply"
    return Unknown(DYNAMIC, reason, Span(scope.source, expression.start, expression.end))


def _literal(node: syntax.Literal, evaluation: Evaluation) -> Value:
    return literal(node, evaluation.source)


def _tuple(node: syntax.TupleExpression, evaluation: Evaluation) -> Value:
    items = []
    for item in node.items:
        value = evaluation.value(item)
        if type(value) is Failure:
            if evaluation.trying:
                return value
            value = evaluation.element(value)
        items.append(value)
    return Tuple(tuple(items), evaluation.span(node))


def _object(node: syntax.ObjectExpression, evaluation: Evaluation) -> Value:
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    rest: list[Value] = []
    source = evaluation.source
    at = Span(source, node.start, node.end)
    for item in node.items:
        value = evaluation.value(item.value)
        if type(value) is Failure:
            if evaluation.trying:
                return value
            value = evaluation.element(value)
        key = _key(item.key, evaluation)
        if type(key) is str:
            entries[key] = value
            keys[key] = Span(source, item.key.start, item.key.end)
        elif type(key) is Failure:
            return key
        else:
            rest.append(value)
    return ordered(entries, keys, rest, at)


def ordered(entries: dict[str, Value], keys: dict[str, Span], rest: list[Value], at: Span) -> Value:
    """An object of entries, keys in order; `rest` are the values under keys that are not known."""
    if rest:
        # A later key that is not known may be any of the earlier ones.
        entries = {name: one_of([value, *rest], at, "a key that is not known") for name, value in entries.items()}
        return Object(dict(sorted(entries.items())), at, keys, one_of(rest, at, "keys that are not known"))
    return Object(dict(sorted(entries.items())) if len(entries) > 1 else entries, at, keys)


def _key(node: Expression, evaluation: Evaluation) -> str | Value:
    if type(node) is syntax.Template and len(node.parts) == 1 and isinstance(node.parts[0], str):
        return node.parts[0]
    key = convert(evaluation.value(node), STRING)
    if isinstance(key, String):
        return key.text
    if isinstance(key, Failure | Unknown | Partial | OneOf):
        return key
    if isinstance(key, Null):
        return Failure("a key must not be null", evaluation.span(node))
    text = as_text(key)  # type: ignore[arg-type]  # only Encoded is left
    return text.text if isinstance(text, String) else text


def _parenthesized(node: syntax.Parenthesized, evaluation: Evaluation) -> Value:
    return evaluation.value(node.inner)


Evaluation.rules = {
    syntax.Literal: _literal,
    syntax.Template: template,
    syntax.IfDirective: if_directive,
    syntax.ForDirective: for_directive,
    syntax.Name: traversal,
    syntax.Attribute: traversal,
    syntax.Index: traversal,
    syntax.Splat: splat,
    syntax.FunctionCall: call,
    syntax.TupleExpression: _tuple,
    syntax.ObjectExpression: _object,
    syntax.ForExpression: for_expression,
    syntax.Conditional: conditional,
    syntax.Binary: binary,
    syntax.Unary: unary,
    syntax.Parenthesized: _parenthesized,
}
