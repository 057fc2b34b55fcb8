"""What a root's variables are given: values files, `--var-file`, `--var`; later wins.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Skipped, Source, Span
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.json_values import json_value
from agentreach.parsers.terraform.plan_text import NotJsonError, parse
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.values import Failure, String

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from agentreach.parsers.terraform.directories import Directories
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.options import TerraformOptions
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
    directories: Directories, directory: Path, options: TerraformOptions, files: Files
) -> dict[str, Callable[[Variable], Value]]:
    """The value of each variable that is given one, once its type is known."""
    given: dict[str, Callable[[Variable], Value]] = {}
    sources = [*directories.values(directory), *_var_files(directories, options)]
    for source in sources:
        for name, value in _file(source, directories, files):
            given[name] = _constant(value)
    for name, text in options.variables.items():
        given[name] = _text(Source(f"--var {name}", text), files)
    return given


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
    if source.path.endswith(".json"):
        yield from _json_file(source, directories)
        return
    body = directories.body(source)
    scope = ConstantScope(source, files)
    for name, assignment in body.attributes.items():
        yield name, evaluate(assignment.expression, scope)


def _json_file(source: Source, directories: Directories) -> Iterator[tuple[str, Value]]:
    try:
        document = parse(source)
    except NotJsonError as error:
        directories.trouble.add(source, error.offset, error.offset, f"not JSON: {error}")
        return
    for entry in document.entries():
        yield entry.name, json_value(entry.node)
