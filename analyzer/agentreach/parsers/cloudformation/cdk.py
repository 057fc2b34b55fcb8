"""CDK output: `cdk.out/manifest.json` says which templates are stacks, and where each one goes.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-run. Construct paths travel with each
resource, in Metadata (`aws:cdk:path`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, MapValue, Scalar, Skipped, Value, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers import yaml
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agentreach.parsers.cloudformation.project import Project
    from agentreach.sources import File

STACK = "aws:cloudformation:stack"
_ENVIRONMENT = late_regex(r"aws://([^/]+)/(.+)")


class Stack(NamedTuple):
    """A stack of a manifest: its template and the pseudo parameters the manifest decides."""

    template: Path
    pseudo: dict[str, Value]


class Assemblies(NamedTuple):
    """The stacks of all manifests by template, and the directories that hold a manifest."""

    stacks: dict[Path, Stack]
    directories: frozenset[Path]


def assemblies(project: Project) -> Assemblies:
    """Every cloud assembly of the tree. A CDK app without one is noted as not analysed."""
    manifests = [file for file in project.tree.files if file.kind is FileKind.CDK_MANIFEST]
    stacks = {stack.template: stack for file in manifests for stack in _stacks(project, file)}
    directories = frozenset(file.absolute.parent for file in manifests)
    for file in project.tree.files:
        if file.kind is FileKind.CDK_APP and not _is_synthesised(project, file, directories):
            project.note(Skipped(file.path, "a CDK app is not analysed without its output: run cdk synth"))
    return Assemblies(stacks, directories)


def _is_synthesised(project: Project, app: File, directories: frozenset[Path]) -> bool:
    source = project.tree.read(app)
    found = () if isinstance(source, Skipped) else yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION)
    document = found[0] if found else None
    written = None if document is None or isinstance(document, Broken) else string(child(document.value, "output"))
    output = app.absolute.parent / (written or "cdk.out")
    return any(output == directory or output in directory.parents for directory in directories)


def _stacks(project: Project, manifest: File) -> Iterator[Stack]:
    source = project.tree.read(manifest)
    if isinstance(source, Skipped):
        project.note(source)
        return
    project.sources[source.path] = source
    for document in yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION)[:1]:
        if isinstance(document, Broken):
            project.broken[source.path, document.at.start] = document
            continue
        artifacts = child(document.value, "artifacts")
        for name, artifact in artifacts.entries.items() if isinstance(artifacts, MapValue) else ():
            file = string(child(child(artifact, "properties"), "templateFile"))
            if string(child(artifact, "type")) == STACK and file:
                yield Stack(manifest.absolute.parent / file, dict(_decided(name, artifact)))


def _decided(name: str, artifact: Value) -> Iterator[tuple[str, Value]]:
    properties = child(artifact, "properties")
    yield "AWS::StackName", child(properties, "stackName") or Scalar(name, artifact.at)
    environment = child(artifact, "environment")
    match = _ENVIRONMENT.fullmatch(string(environment) or "")
    if match is None or environment is None:
        return
    for pseudo, value in zip(("AWS::AccountId", "AWS::Region"), match.groups(), strict=True):
        if not value.startswith("unknown-"):
            yield pseudo, Scalar(value, environment.at)
