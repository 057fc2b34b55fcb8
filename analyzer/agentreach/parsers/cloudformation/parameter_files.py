"""Parameter files of the AWS CLI.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
and `aws cloudformation deploy --parameter-overrides file://…`; CodePipeline wraps them in "Parameters".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import Broken, ListValue, MapValue, Scalar, Skipped, Source, Span, Value, child, string
from agentreach.parsers import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.sources import Tree


def read(tree: Tree, paths: Iterable[Path]) -> Iterator[tuple[str, Value] | Skipped | Broken]:
    """Name and value of each parameter in these files, in order; or why a file gives none."""
    for path in paths:
        source = tree.open(Path.cwd() / path)
        if isinstance(source, Skipped):
            yield Skipped(source.path, f"parameter file {source.reason}", by_design=False)
            continue
        for document in yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION)[:1]:
            if isinstance(document, Broken):
                yield document
            else:
                yield from _pairs(document.value)


def _pairs(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, MapValue):
        inner = value.entries.get("Parameters")
        pairs = inner.entries if isinstance(inner, MapValue) else value.entries
        yield from ((name, given) for name, given in pairs.items() if isinstance(given, Scalar | ListValue))
    elif isinstance(value, ListValue):
        for item in value.items:
            yield from _pair(item)


def _pair(item: Value) -> Iterator[tuple[str, Value]]:
    name, given = string(child(item, "ParameterKey")), child(item, "ParameterValue")
    if name is not None and given is not None:
        yield name, given
    elif isinstance(item, Scalar):
        written, equals, text = (string(item) or "").partition("=")
        if equals:
            yield written, Scalar(text, item.at)


def command_line(parameters: Mapping[str, str]) -> dict[str, Value]:
    """Values of `--parameter NAME=VALUE`, placed in a source of that name."""
    given: dict[str, Value] = {}
    for name, text in parameters.items():
        source = Source(f"--parameter {name}", text)
        given[name] = Scalar(text, Span(source, 0, len(text)))
    return given
