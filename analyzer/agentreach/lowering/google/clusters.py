"""GKE: clusters, node pools, and what a pod gets when nobody gives it an identity of its own.

With `GKE_METADATA` the metadata server answers a pod with its own workload identity; with `GCE_METADATA`, or in a
cluster without a workload pool, with the node's service account. Source: "About Workload Identity Federation for
GKE", "Protect cluster metadata".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, IdentityRelation, IdentityUse, Setting
from agentreach.lowering.google.names import default_compute, identity, scope_of
from agentreach.lowering.google.pieces import workload
from agentreach.lowering.google.systems import of
from agentreach.lowering.google.workloads import EVERYTHING
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_POOL = "workload_identity_config.workload_pool"
_MODE = "workload_metadata_config.mode"


def cluster(resource: Resource, context: Context) -> Iterator[Fact]:
    """A cluster, with the nodes of its default pool unless that is removed."""
    scope = scope_of(resource)
    yield from workload(scope, "gke-cluster", "name")
    yield of(resource, context)
    block = scope.within("node_config")
    if block is not None and scope.flag("remove_default_node_pool") is not True:
        yield from _nodes(block, context, pool=scope.has(_POOL) or scope.flag("enable_autopilot") is True)


def node_pool(resource: Resource, context: Context) -> Iterator[Fact]:
    """Nodes of a cluster: who they are, and whether pods get at that."""
    scope = scope_of(resource)
    yield from workload(scope, "gke-node-pool", "name")
    declared = context.lookup(scope.get("cluster"))
    own = None if declared is None else scope_of(declared)
    pool = True if own is None else own.has(_POOL) or own.flag("enable_autopilot") is True
    yield from _nodes(scope.within("node_config") or scope, context, pool=pool)


def _nodes(block: Scope, context: Context, *, pool: bool) -> Iterator[Fact]:
    scopes = tuple(string(value) for value in block.values("oauth_scopes"))
    narrow = not scopes or (None not in scopes and not EVERYTHING.intersection(one for one in scopes if one))
    chosen = tuple(block.values("service_account"))
    for value in chosen or (default_compute(block.place),):
        yield IdentityUse(
            subject=block.resource.key,
            identity=identity(value, context),
            relation=IdentityRelation.RUNS_AS,
            at=block.at("service_account"),
            note="account of the nodes"
            if chosen
            else "no account is named: the nodes act as the project's default one",
            inherited_default=not chosen,
            certain=not narrow,
        )
    yield _metadata(block, pool=pool)


def _metadata(block: Scope, *, pool: bool) -> Setting:
    mode = block.text(_MODE)
    exposed = mode == "GCE_METADATA" or (mode is None and not block.has(_MODE) and not pool)
    return Setting(
        subject=block.resource.key,
        aspect=Aspect.HOST_ACCESS,
        state=None if block.has(_MODE) and mode is None else exposed,
        at=block.at(_MODE),
        note=f"metadata mode {mode or 'not set'}: pods {'get' if exposed else 'do not get'} the account of the nodes",
        defaulted=not block.has(_MODE),
    )
