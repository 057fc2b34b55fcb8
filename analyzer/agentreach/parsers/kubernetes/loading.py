"""The three ways in which manifests are declared, each file read by exactly one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.kubernetes.helm.charts import load_charts
from agentreach.parsers.kubernetes.kustomize.overlays import load_overlays
from agentreach.parsers.kubernetes.loose import load_loose
from agentreach.parsers.kubernetes.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Parsed
    from agentreach.parsers.kubernetes.options import KubernetesOptions
    from agentreach.sources import Tree


def load_all(tree: Tree, options: KubernetesOptions, wanted: Callable[[str], bool]) -> Parsed:
    """Overlays first: what they list is theirs. Then charts, then manifests that stand alone."""
    reading = Reading(tree, wanted)
    load_overlays(reading)
    load_charts(reading, options)
    load_loose(reading)
    return reading.parsed()
