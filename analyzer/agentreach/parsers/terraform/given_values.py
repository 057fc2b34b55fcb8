"""What a root's variables are given: values files, `--var-file`, `--var`; later wins.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.model import Skipped, Source, Span
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.values import Bool, Failure, Null, Number, Object, String, Tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from agentreach.parsers.terraform.directories import Directories
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.options import TerraformOptions
    from agentreach.parsers.terraform.start import Start
    from agentreach.parsers.terraform.values import Value
    from agentreach.parsers.terraform.variables import Variable

Given = "Callable[[Variable], Value]"


class ConstantScope:
    """The scope of values files: nothing has a name."""

    def __init__(self, source: Source, files: Files) -> None:
        self.source = source
        self.files = files

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """Nothing can be referred to."""
        return Failure(f"{root!r} cannot be used here: only constants can", at), len(steps)


def given_values(
    directories: Directories, start: Start, options: TerraformOptions, files: Files
) -> dict[str, Callable[[Variable], Value]]:
    """The value of each variable that is given one, once its type is known."""
    given: dict[str, Callable[[Variable], Value]] = {name: _constant(value) for name, value in start.inputs.items()}
    places = dict.fromkeys(filter(None, (start.configuration.directory, start.values_beside)))
    sources = [one for place in places for one in directories.values(place)]
    sources += [one for path in start.values_files if isinstance(one := directories.tree.open(path), Source)]
    sources += _var_files(directories, options)
    for source in sources:
        for name, value in _file(source, directories, files):
            given[name] = _constant(value)
    for name, text in options.variables.items():
        given[name] = _text(Source(f"--var {name}", text), files)
    return given | {name: _constant(value) for name, value in start.planned.items()}


def planned_values(variables: Mapping[str, object], source: Source) -> dict[str, Value]:
    """The values that a plan was made with."""
    at = Span(source, 0, 0)
    return {name: _plain(value, at) for name, value in variables.items()}


def _plain(value: object, at: Span) -> Value:
    match value:
        case None:
            return Null(at)
        case bool():
            return Bool(value, at)
        case int() | float():
            return Number(value if isinstance(value, int) else Fraction(repr(value)), at)
        case list():
            return Tuple(tuple(_plain(item, at) for item in value), at)
        case dict():
            return Object({name: _plain(value[name], at) for name in sorted(value)}, at)
    return String(str(value), at)


def _constant(value: Value) -> Callable[[Variable], Value]:
    return lambda _: value


def _text(source: Source, files: Files) -> Callable[[Variable], Value]:
    """Text of `--var`: taken literally for strings, numbers and bools, else read as an expression."""

    def value(variable: Variable) -> Value:
        at = Span(source, 0, len(source.text))
        if variable.constraint.literal:
            return String(source.text, at)
        expression = hcl.parse_expression(source)
        if isinstance(expression, Problem):
            return Failure(expression.message, at)
        return evaluate(expression, ConstantScope(source, files))

    return value


def _var_files(directories: Directories, options: TerraformOptions) -> Iterator[Source]:
    for path in options.var_files:
        source = directories.tree.open(path.absolute())
        if isinstance(source, Skipped):
            directories.skipped[source.path] = Skipped(source.path, source.reason, by_design=False)
        else:
            yield directories.sources.setdefault(source.path, source)


def _file(source: Source, directories: Directories, files: Files) -> Iterator[tuple[str, Value]]:
    scope = ConstantScope(source, files)
    for name, assignment in directories.values_body(source).attributes.items():
        yield name, evaluate(assignment.expression, scope)
