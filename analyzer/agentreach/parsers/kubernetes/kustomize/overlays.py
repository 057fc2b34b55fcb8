"""The overlays of a tree: every kustomization that no other refers to is a root of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import child, string
from agentreach.parsers.kubernetes import manifests
from agentreach.parsers.kubernetes.addresses import type_of
from agentreach.parsers.kubernetes.kustomize import kustomization
from agentreach.parsers.kubernetes.kustomize.build import Builder
from agentreach.sources import FileKind

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import MapValue
    from agentreach.parsers.kubernetes.kustomize.kustomization import Kustomization
    from agentreach.parsers.kubernetes.reading import Reading


def load_overlays(reading: Reading) -> None:
    """Build every overlay. Files that any of them lists are theirs."""
    builder = Builder(reading)
    found: dict[Path, Kustomization] = {}
    for file in reading.tree.files:
        if file.kind is FileKind.KUSTOMIZATION:
            one = builder.at(file.absolute.parent)
            if one is not None:
                found[one.directory] = one
    referred = {directory for one in found.values() for directory in _directories(one)}
    for one in found.values():
        if one.directory not in referred and not one.is_component:
            _build(reading, builder, one)
    # What is left refers to itself in a circle, or belongs to such a circle.
    for one in found.values():
        if one.directory not in builder.visited and not one.is_component:
            _build(reading, builder, one)


def _directories(one: Kustomization) -> set[Path]:
    entries = (*one.resources, *one.list("components"))
    paths = (path for entry in entries if (path := string(entry)) and not kustomization.is_remote(path))
    return {kustomization.joined(one, path) for path in paths}


def _build(reading: Reading, builder: Builder, one: Kustomization) -> None:
    root = reading.tree.shown(one.directory)
    for value in builder.build(one):
        manifest = _manifest(value)
        if reading.wanted(manifest.type):
            filled = manifests.filled_later(manifest) if reading.has_holes else manifest
            resource = manifests.resource(filled, root)
            if resource is not None:
                reading.add(resource)


def _manifest(value: MapValue) -> manifests.Manifest:
    return manifests.Manifest(
        type_of(string(child(value, "apiVersion")) or "", string(child(value, "kind")) or ""), value
    )
