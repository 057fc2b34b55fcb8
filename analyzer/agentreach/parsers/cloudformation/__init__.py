"""CloudFormation and SAM templates, CDK output and packaged Serverless services, as resolved resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, Parsed, Resource, Skipped, Value
from agentreach.parsers.cloudformation import emit, parameter_files
from agentreach.parsers.cloudformation.options import CloudFormationOptions
from agentreach.parsers.cloudformation.project import Project
from agentreach.parsers.cloudformation.roots import root_scopes

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.sources import Tree

CloudformationOptions = CloudFormationOptions

__all__ = ["CloudFormationOptions", "CloudformationOptions", "load"]


def load(tree: Tree, options: CloudFormationOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Every resource of a wanted type that the tree's templates declare; nothing in a template raises."""
    project = Project(tree, {})
    project.given = _given(project, options)
    scopes = root_scopes(project)
    project.exports.scopes = scopes
    found: list[Resource] = []
    for scope in scopes:
        project.budget.renew()
        found.extend(emit.resources(scope, wanted))
    return Parsed(
        resources=tuple(found),
        skipped=tuple(project.notes.values()),
        broken=tuple(project.broken.values()),
        files=len(project.sources),
        roots=tuple(scope.root for scope in scopes),
        sources=tuple(project.sources.values()),
    )


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
