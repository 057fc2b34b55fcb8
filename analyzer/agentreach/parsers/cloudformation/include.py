"""`AWS::Include` of a local file (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/create-reusable-transform-function-snippets-and-add-to-your-template-with-aws-include-transform.html).

`aws cloudformation package` uploads a local Location, so a local path is what deploys. Anything else,
and every other macro, only runs in AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, MapValue, Skipped, Source, Span, Unknown, Value, child, string
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation.tags import long_form

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.parsers.cloudformation.project import Project

INCLUDE = "AWS::Include"
_REMOTE = ("s3://", "http://", "https://")


def is_local(location: str) -> bool:
    """Whether a location names a file rather than an object in S3."""
    return bool(location) and not location.startswith(_REMOTE)


def included(project: Project, directory: Path, name: Value | None, location: Value | None, at: Span) -> Value:
    """The raw content of an included file; Unknown, with a note in the project, when it is not here."""
    macro = string(name) or "unknown"
    if macro != INCLUDE:
        return _not_read(project, f"macro {macro} only runs at deployment", at)
    path = string(location)
    if path is None or not is_local(path):
        return _not_read(project, f"AWS::Include of {path or 'a location only known at deployment'} is not local", at)
    return local_file(project, directory, path, at)


def local_file(project: Project, directory: Path, path: str, at: Span) -> Value:
    """The raw content of a local YAML or JSON file, read once; Unknown, with a note, when it is not here."""
    name = str(directory / path)
    if name not in project.includes:
        source = project.tree.open(directory / path)
        if isinstance(source, Skipped):
            return _not_read(project, f"{path}: {source.reason}", at)
        project.includes[name] = _content(project, source, at)
    return project.includes[name]


def _content(project: Project, source: Source, at: Span) -> Value:
    project.sources.setdefault(source.path, source)
    for document in yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION, tag=long_form)[:1]:
        if not isinstance(document, Broken):
            return document.value
        project.broken.setdefault((source.path, document.at.start), document)
    return Unknown(f"{source.path} holds nothing that can be read", at)


def _not_read(project: Project, reason: str, at: Span) -> Unknown:
    project.skip(reason, at)
    return Unknown(reason, at)


def parameters(argument: Value) -> tuple[Value | None, Value | None]:
    """Name and Location of a raw `Fn::Transform` argument."""
    location = child(child(argument, "Parameters"), "Location") if isinstance(argument, MapValue) else None
    return child(argument, "Name"), location
