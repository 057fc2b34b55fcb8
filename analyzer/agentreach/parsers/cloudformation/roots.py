"""Which templates are stacks of their own: all that no other template nests and no copy repeats."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import Skipped
from agentreach.parsers.cloudformation import cdk, include, nested, packaged, serverless_framework
from agentreach.parsers.cloudformation.scope import Scope
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.model import Value
    from agentreach.parsers.cloudformation.project import Project
    from agentreach.parsers.cloudformation.template import Template

_NOT_LISTED = "the manifest of this CDK output does not list it"


def root_scopes(project: Project) -> list[Scope]:
    """A scope for each root template, in the order of the tree."""
    found = cdk.assemblies(project)
    serverless_framework.note_unpackaged(project)
    templates = list(_templates(project))
    copies = packaged.copies(templates)
    for absolute, original in copies.items():
        project.note(Skipped(project.tree.shown(absolute), f"a packaged copy of {original.source.path}"))
    scopes = [
        _scope(project, template, found.stacks[template.absolute].pseudo if template.absolute in found.stacks else {})
        for template in templates
        if template.absolute not in copies
    ]
    scopes = list(_without_nested(_without_included(project, scopes)))
    return [scope for scope in scopes if _is_listed(scope, found)]


def _templates(project: Project) -> Iterator[Template]:
    files = [file for file in project.tree.files if file.kind is FileKind.CLOUDFORMATION]
    names = frozenset(file.absolute for file in files)
    for file in files:
        reason = serverless_framework.reason_to_leave_out(file.absolute, names)
        if reason is not None:
            project.note(Skipped(file.path, reason))
            continue
        source = project.tree.read(file)
        if isinstance(source, Skipped):
            project.note(source)
            continue
        template = project.parse(source, file.absolute)
        if template is not None:
            yield template


def _scope(project: Project, template: Template, pseudo: dict[str, Value]) -> Scope:
    return Scope(project, template, root=template.source.path, given=project.given, pseudo=pseudo)


def _without_included(project: Project, scopes: list[Scope]) -> list[Scope]:
    """Leave out what another template includes: it is a part, not a stack."""
    for scope in scopes:
        if include.INCLUDE in scope.template.source.text:
            _ = scope.resources
    included = {_name(Path(path)) for path in project.includes}
    return [scope for scope in scopes if _name(scope.template.absolute) not in included]


def _without_nested(scopes: Iterable[Scope]) -> Iterator[Scope]:
    """Leave out what another template nests; of templates that only nest each other, the first stays."""
    scopes = list(scopes)
    nests = {_name(scope.template.absolute): set(_nested_paths(scope)) for scope in scopes}
    inner = set().union(*nests.values()) if nests else set()
    reached: set[str] = set()
    for scope in sorted(scopes, key=lambda one: _name(one.template.absolute) in inner):
        name = _name(scope.template.absolute)
        if name in inner and name in reached:
            continue
        yield scope
        _reach(name, nests, reached)


def _reach(name: str, nests: dict[str, set[str]], reached: set[str]) -> None:
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(nests.get(current, ()))


def _nested_paths(scope: Scope) -> Iterator[str]:
    if not any(map(nested.is_nesting, _types(scope))):
        return
    for entry in scope.resources.values():
        if nested.is_nesting(entry.type) and (path := nested.local_path(scope, entry)) is not None:
            yield _name(path)


def _types(scope: Scope) -> Iterator[str]:
    text = scope.template.source.text
    yield from (type_ for type_ in nested.TYPES if type_ in text)


def _name(path: Path) -> str:
    return os.path.normpath(path)


def _is_listed(scope: Scope, found: cdk.Assemblies) -> bool:
    """A template in a CDK output that its manifest does not list is left from an earlier run."""
    template = scope.template
    if template.absolute in found.stacks or template.absolute.parent not in found.directories:
        return True
    scope.project.note(Skipped(template.source.path, _NOT_LISTED))
    return False
