"""Kubernetes manifests to facts, by group and kind. Modules load when a type first needs them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context, Lowering
    from agentreach.model import Resource


def _lazy(module: str, function: str) -> Lowering:
    def lowering(resource: Resource, context: Context) -> Iterator[Fact]:
        found: Lowering = getattr(import_module(f"{__name__}.{module}"), function)
        return found(resource, context)

    return lowering


def _context_only(_: Resource, __: Context) -> Iterator[Fact]:
    """Read through the context by the lowerings of others."""
    return iter(())


_WORKLOAD = _lazy("workloads", "workload")

TABLE: dict[str, Lowering] = {
    **dict.fromkeys(
        (
            "v1/Pod",
            "v1/PodTemplate",
            "v1/ReplicationController",
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "extensions/Deployment",
            "extensions/DaemonSet",
            "extensions/ReplicaSet",
            "batch/Job",
            "batch/CronJob",
            "serving.knative.dev/Service",
            "serving.knative.dev/Configuration",
            "serving.knative.dev/Revision",
            "sources.knative.dev/ContainerSource",
            "argoproj.io/Rollout",
            "argoproj.io/Workflow",
            "argoproj.io/WorkflowTemplate",
            "argoproj.io/ClusterWorkflowTemplate",
            "argoproj.io/CronWorkflow",
            "tekton.dev/Task",
            "tekton.dev/ClusterTask",
            "tekton.dev/TaskRun",
            "tekton.dev/PipelineRun",
            "actions.github.com/AutoscalingRunnerSet",
            "actions.github.com/EphemeralRunnerSet",
            "apps.openshift.io/DeploymentConfig",
            "apps.kruise.io/CloneSet",
            "apps.kruise.io/StatefulSet",
            "batch.volcano.sh/Job",
            "jobset.x-k8s.io/JobSet",
            "leaderworkerset.x-k8s.io/LeaderWorkerSet",
            "ray.io/RayCluster",
            "ray.io/RayJob",
            "ray.io/RayService",
            "kubeflow.org/PyTorchJob",
            "kubeflow.org/TFJob",
            "kubeflow.org/Notebook",
            "keda.sh/ScaledJob",
        ),
        _WORKLOAD,
    ),
    **dict.fromkeys(
        (
            "v1/Namespace",
            "v1/Service",
            "networking.k8s.io/NetworkPolicy",
            "cilium.io/CiliumNetworkPolicy",
            "cilium.io/CiliumClusterwideNetworkPolicy",
            "tekton.dev/Pipeline",
        ),
        _context_only,
    ),
    "v1/ServiceAccount": _lazy("accounts", "service_account"),
    "v1/Secret": _lazy("objects", "secret"),
    "v1/ConfigMap": _lazy("objects", "config_map"),
    "rbac.authorization.k8s.io/Role": _lazy("rbac", "role"),
    "rbac.authorization.k8s.io/ClusterRole": _lazy("rbac", "role"),
    "rbac.authorization.k8s.io/RoleBinding": _lazy("rbac", "binding"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": _lazy("rbac", "binding"),
    "kagent.dev/Agent": _lazy("kagent", "agent"),
    "kagent.dev/SandboxAgent": _lazy("kagent", "agent"),
    "kagent.dev/AgentHarness": _lazy("kagent_harness", "harness"),
    "kagent.dev/Harness": _lazy("kagent_harness", "harness"),
    "kagent.dev/AgentTemplate": _lazy("kagent", "template"),
    "kagent.dev/ModelConfig": _lazy("kagent", "model_config"),
    "kagent.dev/MCPServer": _lazy("kagent_servers", "mcp_server"),
    "kagent.dev/RemoteMCPServer": _lazy("kagent_servers", "remote_mcp_server"),
    "kagent.dev/ToolServer": _lazy("kagent_servers", "remote_mcp_server"),
}
