"""Manifests that no kustomization lists and no chart holds.

They share the root ".", so that an account in one directory and its binding in another meet. Where
directories declare the same object, as alternatives and examples do, each of them is a root of its
own; likewise files of one directory.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.model import Broken, Resource, Skipped
from agentreach.parsers.kubernetes import manifests
from agentreach.parsers.kubernetes.reading import under
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.parsers.kubernetes.reading import Reading

ROOT = "."
_SHARED_TYPES = frozenset({"v1/Namespace", "apiextensions.k8s.io/CustomResourceDefinition"})

# A file named like a kustomization may be something else, and is then nobody's but its own.
_KINDS = frozenset({FileKind.KUBERNETES, FileKind.KUSTOMIZATION})

_BUILT = "\0"

_File = tuple[str, list[Resource]]


def load_loose(reading: Reading) -> None:
    """Read every manifest that is not claimed by an overlay."""
    files: list[_File] = []
    for file in reading.tree.files:
        if file.kind in _KINDS and str(file.absolute) not in reading.claimed:
            source = reading.source(file)
            if source is not None:
                files.append((source.path, list(_resources(reading, manifests.read(source, reading.wanted)))))
    for resource in _rooted(files, reading.resources):
        reading.add(resource)


def _resources(reading: Reading, found: Iterator[manifests.Manifest | Broken | Skipped]) -> Iterator[Resource]:
    for one in found:
        if isinstance(one, Broken | Skipped):
            reading.note(one)
        elif reading.wanted(one.type):
            resource = manifests.resource(one, ROOT)
            if resource is not None:
                yield resource


def _rooted(files: list[_File], built: list[Resource]) -> Iterator[Resource]:
    """Each loose resource under its root, apart from what overlays and charts built."""
    overlays = {resource.key.root for resource in built}
    taken = [resource for resource in built if resource.key.root == ROOT]
    by_directory: defaultdict[str, list[_File]] = defaultdict(list)
    for path, resources in files:
        by_directory[path.rpartition("/")[0] or ROOT].append((path, resources))
    together = [(directory, [one for _, some in group for one in some]) for directory, group in by_directory.items()]
    apart = _repeated([*together, (_BUILT, taken)])
    for directory, group in by_directory.items():
        alone = _repeated(group)
        for path, resources in group:
            # An overlay's directory is the overlay's root: what it does not list is not part of it.
            separate = path in alone or (directory in apart and directory in overlays)
            root = path if separate else directory if directory in apart else ROOT
            yield from resources if root == ROOT else map(_into(root), resources)


def _into(root: str) -> Callable[[Resource], Resource]:
    return lambda resource: under(resource, root)


def _repeated(groups: list[_File]) -> set[str]:
    """The groups that declare an object which another group declares as well."""
    declaring: defaultdict[str, set[str]] = defaultdict(set)
    for name, resources in groups:
        for resource in resources:
            if resource.type not in _SHARED_TYPES and not resource.name.endswith("*"):
                declaring[resource.key.address].add(name)
    return {name for names in declaring.values() if len(names) > 1 for name in names}
