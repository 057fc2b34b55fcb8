"""What a pod gets from the metadata server when the nodes hand out their own identity.

GKE nodes in mode `GCE_METADATA`, and AKS clusters without workload identity, answer every pod with the account of the
node. Which cluster a manifest is meant for the code does not say, so the hop is possible, and there is one only where
all clusters of the scan that do so agree on the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.graph.edges import Edge
from agentreach.identity import Aspect, Evidence, IdentityRelation, Setting, Workload
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.edges import Edges
    from agentreach.graph.index import FactIndex

_CLUSTERS: Final = frozenset({"gke-node-pool", "gke-cluster", "aks-cluster"})
_PODS: Final = "kubernetes"
_NODES: Final = "the nodes"


def join_nodes(index: FactIndex, edges: Edges) -> None:
    """Add the fallback from each workload of a cluster to the account of the nodes."""
    kinds = {workload.key: workload.kind for workload in index.of(Workload)}
    found = tuple(_exposing(index, edges, kinds))
    targets = {edge.target for edge in found}
    if len(targets) != 1:
        return
    fallback = found[0]
    for workload in index.of(Workload):
        if workload.platform == _PODS and fallback.target not in {edge.target for edge in edges.of(workload.key)}:
            edges.walks[workload.key].append(fallback)
            edges.users[fallback.target].append(workload.key)


def _exposing(index: FactIndex, edges: Edges, kinds: dict[Key, str]) -> Iterator[Edge]:
    for setting in index.of(Setting):
        key = setting.subject
        if setting.aspect is not Aspect.HOST_ACCESS or not setting.state or not isinstance(key, Key):
            continue
        for edge in edges.of(key) if kinds.get(key) in _CLUSTERS else ():
            if any(_NODES in one.note for one in edge.evidence):
                evidence = (Evidence(setting.at, setting.note), *edge.evidence)
                relation = IdentityRelation.NODE_FALLBACK.value
                yield Edge(edge.target, relation, evidence, certain=False, inherited=True)
