"""Manifests, Kustomize overlays and Helm charts as resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.kubernetes.options import KubernetesOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Parsed
    from agentreach.sources import Tree

__all__ = ["KubernetesOptions", "load"]


def load(tree: Tree, options: KubernetesOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Every manifest of the tree: of each overlay, of each rendered chart, and those that stand alone.

    `wanted(type)` says which kinds matter; documents of other kinds are not even parsed where that is safe.
    """
    # Addresses are needed without YAML: by lowerings of other formats.
    from agentreach.parsers.kubernetes.loading import load_all  # noqa: PLC0415

    return load_all(tree, options, wanted)
