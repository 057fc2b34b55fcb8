"""CloudFormation and SAM templates, CDK output and packaged Serverless services, as resolved resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, Parsed, Resource, Skipped, Value
from agentreach.parsers.cloudformation import emit, nested, parameter_files
from agentreach.parsers.cloudformation.options import CloudFormationOptions
from agentreach.parsers.cloudformation.project import Project
from agentreach.parsers.cloudformation.roots import root_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.parsers.cloudformation.scope import Scope
    from agentreach.sources import Tree

_REFERRING = ("ImportValue", *nested.TYPES)

CloudformationOptions = CloudFormationOptions

__all__ = ["CloudFormationOptions", "CloudformationOptions", "load"]


def load(tree: Tree, options: CloudFormationOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Every resource of a wanted type that the tree's templates declare; nothing in a template raises."""
    project = Project(tree, {})
    project.given = _given(project, options)
    scopes = root_scopes(project)
    roots = tuple(scope.root for scope in scopes)
    return Parsed(
        resources=tuple(_resources(project, scopes, wanted)),
        skipped=tuple(project.notes.values()),
        broken=tuple(project.broken.values()),
        files=len(project.sources),
        roots=roots,
        sources=tuple(project.sources.values()),
    )


def _resources(project: Project, scopes: list[Scope], wanted: Callable[[str], bool]) -> Iterator[Resource]:
    """Root by root. Where none imports from another or nests one, each root's raw tree is let go when it is read."""
    is_kept = any(sign in source.text for source in project.sources.values() for sign in _REFERRING)
    if is_kept:
        project.exports.scopes = scopes
    for scope in scopes if is_kept else _consumed(scopes):
        project.budget.renew()
        yield from emit.resources(scope, wanted)
        if not is_kept:
            project.forget(scope)


def _consumed(scopes: list[Scope]) -> Iterator[Scope]:
    scopes.reverse()
    while scopes:
        yield scopes.pop()


def _given(project: Project, options: CloudFormationOptions) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for found in parameter_files.read(project.tree, options.parameter_files):
        if isinstance(found, Skipped):
            project.note(found)
        elif isinstance(found, Broken):
            project.broken[found.at.source.path, found.at.start] = found
        else:
            given[found[0]] = found[1]
    return given | parameter_files.command_line(options.parameters)
